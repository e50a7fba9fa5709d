// `exec`: hands terminal, signals and exit status over to a program in an instance.
import type { Command } from "../../workloads/workload.ts";
import type { Run } from "../command.ts";
import type { Invocation } from "../invocation.ts";
import { programOf } from "../program-words.ts";
import { runInForeground } from "../run-in-foreground.ts";

export const run: Run = (invocation) => runInInstance(invocation, programOf(invocation));

/** Runs a program in the instance that the arguments name; it takes the place of this process. */
export async function runInInstance(invocation: Invocation, command: Command): Promise<number> {
  const engine = await invocation.engine();
  // Until it has started: its instance must not be taken away meanwhile.
  using _ = engine.lock(invocation.request().onWait);
  const workload = { ...engine.instancePlacement(invocation.argument("vpc"), invocation.argument("instance")), command };
  engine.record({ command: invocation.line, result: "done", steps: 0, milliseconds: 0 });
  return await runInForeground(workload, invocation.output);
}
