import { runInSandbox, terminal, typed } from "./run-in-sandbox.ts";
import { buildLines, vpc } from "./tutorial-world.ts";

/** What analyze says of the tutorial's private subnet, which has no way out. */
export async function generate(): Promise<string> {
  const build = buildLines.map((line) => `vpcctl ${line} --quiet`).join("\n");
  return terminal(await runInSandbox(`${build}\n${typed(`vpcctl analyze ${vpc}/private-db internet`)} || [ $? = 1 ]`));
}
