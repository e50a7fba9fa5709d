import { forgetWorkloads } from "../../workloads/stop-workload.ts";
import type { Run } from "../command.ts";
import { counted } from "../count.ts";
import { reply, summarizeChanges } from "../reply.ts";

export const run: Run = async (invocation) => {
  const { output } = invocation;
  const vpc = invocation.optionalArgument("vpc");
  const dryRun = invocation.flag("dry-run");
  const engine = await invocation.engine();
  // First: a workload holds its namespace's links and addresses for as long as it lives.
  if (!dryRun) forgetWorkloads(vpc);
  const report = engine.cleanup({
    command: invocation.line,
    ...(vpc === undefined ? {} : { vpc }),
    dryRun,
    onProgress: (done, total) => output.progress(done, total),
  });
  const ended = report.endedProcesses;
  const also =
    ended.length === 0 ? [] : [`Ended ${counted(ended.length, "process", "processes")}: ${ended.map(({ pid, name }) => `${name} (${pid})`).join(", ")}.`];
  return reply(invocation, report, {
    done: [...summarizeChanges(report.changes), ...also],
    unchanged: vpc === undefined ? "Nothing of vpcctl's is on this machine." : `Nothing of VPC ${vpc} is on this machine.`,
    healed: [`Took away ${counted(report.steps.length, "thing")} that no saved VPC accounts for.`, ...also].join("\n"),
    extra: { endedProcesses: ended },
  });
};
