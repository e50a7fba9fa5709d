// `demo`: the tour, in a sandbox of its own. Each line is really run, as a program of its own, with its real output.
import { exitStatus } from "../../model/errors.ts";
import { enterSandbox } from "../../sandbox/enter-sandbox.ts";
import type { Run } from "../command.ts";
import type { Output } from "../output.ts";
import { shellWord } from "../shell-word.ts";
import { wrapText } from "../table.ts";
import { type TourStop, tourStops } from "../tour.ts";

/** Enough to read what is said before a line is run. */
const pauseMilliseconds = 2500;
const textWidth = 80;

/** Found in PATH inside the sandbox, where it is this very program. */
const program = "vpcctl";

export const run: Run = async (invocation) => {
  const { output, wiring } = invocation;
  const fast = invocation.flag("fast") || !output.interactive;
  // Set by the sandbox; then this is the demo inside, started by the one outside.
  if (wiring.environment["VPCCTL_SANDBOX"] === undefined) return enterSandbox({ command: [program, "demo", ...(fast ? ["--fast"] : [])] });
  const began = performance.now();
  for (const stop of tourStops(Bun.which("curl") !== null)) {
    if (!(await visit(stop, output, fast))) return exitStatus.failed;
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  output.print(`\n${output.style("green", `That was all of it, in ${seconds} s.`)}\n`);
  output.print(`Now you: ${program} sandbox, or on this machine itself: sudo ${program} create-vpc company-a 10.0.0.0/16\n`);
  return exitStatus.done;
};

/** Runs one line. False when it did not end as it must. */
async function visit({ say, words, status = 0 }: TourStop, output: Output, fast: boolean): Promise<boolean> {
  output.print(`\n${wrapText(say, textWidth)}`);
  if (!fast) await Bun.sleep(pauseMilliseconds);
  output.print(`${output.style("bold", `$ ${[program, ...words].map(shellWord).join(" ")}`)}\n`);
  const child = Bun.spawn([program, ...words], { stdio: ["ignore", "inherit", "inherit"] });
  const ended = await child.exited;
  if (ended === status) return true;
  output.warn(`${output.styleError("red", "The demo went wrong:")} this line should have ended with status ${status}, and ended with ${ended}.`);
  output.warn(`See what is the matter: ${program} doctor`);
  return false;
}
