import { runInSandbox, terminal, typed, withoutTimes } from "./run-in-sandbox.ts";
import { tutorialLines } from "./tutorial-world.ts";

/** The seven lines of the tutorial with what they really print. */
export async function generate(): Promise<string> {
  const script = tutorialLines.map((line) => typed(`./vpcctl.sh ${line}`)).join("\necho\n");
  return terminal(withoutTimes((await runInSandbox(script)).replaceAll("\r", "").replaceAll(/\n{3,}/g, "\n\n")));
}
