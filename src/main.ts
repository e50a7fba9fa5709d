// From the command line to the end of the process: to the standby process, if there is one that takes the command, or to a part of this
// program that is started as its child, or to the command itself. Loaded is only what is gone through. Nothing else ends the process.
import { isForStandby } from "./cli/for-standby.ts";
import { askStandby } from "./standby/ask-standby.ts";

const words = process.argv.slice(2);
const [first = ""] = words;

const outcome = isForStandby(words) ? askStandby(words) : "none";
if (typeof outcome === "number") process.exit(outcome);

const child = first.startsWith("__") ? (await import("./children.ts")).childOf(first) : undefined;
if (child === undefined) {
  const { runHere, tellLost } = await import("./run-here.ts");
  process.exit(outcome === "lost" ? tellLost(words) : await runHere(words));
}
// The sandbox's services go on in the event loop, so a child ends by itself.
process.exitCode = await child(words.slice(1));
