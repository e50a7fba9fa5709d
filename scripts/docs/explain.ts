import { runInSandbox, terminal, typed } from "./run-in-sandbox.ts";
import { buildLines } from "./tutorial-world.ts";

/** What --dry-run prints for the second line of the tutorial. */
export async function generate(): Promise<string> {
  const [first, second] = buildLines;
  return terminal(await runInSandbox(`vpcctl ${first} --quiet\n${typed(`./vpcctl.sh ${second} --dry-run`)}`));
}
