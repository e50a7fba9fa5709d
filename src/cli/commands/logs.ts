import { VpcctlError, exitStatus } from "../../model/errors.ts";
import { findInstance, findVpc, type World } from "../../model/world.ts";
import { readRecord } from "../../workloads/records.ts";
import { workloadLog } from "../../workloads/workload-log.ts";
import type { Run } from "../command.ts";

export const run: Run = async (invocation) => {
  const { output } = invocation;
  const name = invocation.argument("name");
  if (readRecord(name) === undefined) refuseWithoutProgram(name, await invocation.wiring.world());
  const follow = invocation.flag("follow");
  // JSON is one object, so it has to wait for the end.
  const decoder = new TextDecoder();
  let text = "";
  for await (const piece of workloadLog(name, { follow })) {
    if (output.json) text += decoder.decode(piece, { stream: true });
    else output.print(piece);
    if (output.closed) break;
  }
  if (output.json) output.printJson({ name, log: text });
  return exitStatus.done;
};

/** Of an instance that runs nothing there is no log, and it is no mistake in the name either. */
function refuseWithoutProgram(name: string, world: World): void {
  const [vpcName = "", instanceName = ""] = name.split("/");
  const vpc = findVpc(world, vpcName);
  const instance = vpc && findInstance(vpc, instanceName);
  if (instance === undefined || instance.workload !== undefined) return;
  throw new VpcctlError({
    code: "WorkloadNotFound",
    message: `Instance ${name} has no program of its own, so nothing is written down of it.`,
    hint: `Run something in it: vpcctl exec ${vpcName} ${instanceName} COMMAND`,
  });
}
