import { exitStatus, VpcctlError } from "../../model/errors.ts";
import { isUp, requireRecord, statusOf } from "../../workloads/records.ts";
import { stopWorkload } from "../../workloads/stop-workload.ts";
import type { Run } from "../command.ts";

export const run: Run = async (invocation) => {
  const { output } = invocation;
  const name = invocation.argument("name");
  const record = requireRecord(name);
  if (record.instance !== undefined) throw stopsWithItsInstance(record.vpc, record.instance);
  const before = statusOf(record);
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

function stopsWithItsInstance(vpc: string, instance: string): VpcctlError {
  return new VpcctlError({
    code: "InvalidParameterValue",
    message: `${vpc}/${instance} is the program of an instance, and stops with it.`,
    hint: `Stop the instance: vpcctl stop-instance ${vpc} ${instance}`,
  });
}
