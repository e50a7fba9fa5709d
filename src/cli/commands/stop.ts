import { exitStatus } from "../../model/errors.ts";
import { isUp, requireRecord, statusOf } from "../../workloads/records.ts";
import { stopWorkload } from "../../workloads/stop-workload.ts";
import type { Run } from "../command.ts";

export const run: Run = async (invocation) => {
  const { output } = invocation;
  const name = invocation.argument("name");
  const before = statusOf(requireRecord(name));
  const running = isUp(before.state) || before.strays.length > 0;
  const began = performance.now();
  const after = stopWorkload(name);
  if (running) {
    const engine = await invocation.engine();
    engine.record({ command: invocation.line, result: "done", steps: 0, milliseconds: performance.now() - began });
  }
  if (output.json) output.printJson({ result: running ? "stopped" : "unchanged", workload: after });
  else output.print(running ? `Stopped workload ${name}.\n` : `Nothing to do: workload ${name} has ended already.\n`);
  return exitStatus.done;
};
