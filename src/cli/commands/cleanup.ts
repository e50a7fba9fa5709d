import type { Run } from "../command.ts";
import { counted } from "../count.ts";
import type { Invocation } from "../invocation.ts";
import { waitsForStandby } from "../for-standby.ts";
import { endedSentences, reply, summarizeChanges } from "../reply.ts";

export const run: Run = async (invocation) => {
  const vpc = invocation.optionalArgument("vpc");
  const engine = await invocation.engine();
  if (vpc === undefined) await endStandby(invocation);
  const report = engine.cleanup({ ...invocation.request(), ...(vpc === undefined ? {} : { vpc }) });
  const also = endedSentences(report);
  return reply(invocation, report, {
    done: [...summarizeChanges(report.changes), ...also],
    unchanged: vpc === undefined ? "This machine holds nothing of vpcctl's." : `This machine holds nothing of a VPC ${vpc}.`,
    healed: [`Took away ${counted(report.steps.length, "thing")} that no saved VPC accounts for.`, ...also].join("\n"),
    extra: { endedProcesses: report.endedProcesses },
  });
};

/** First: it may be at a change, and its socket is among what has to go. */
async function endStandby(invocation: Invocation): Promise<void> {
  if (invocation.flag("dry-run")) return;
  const { stopStandby } = await import("../../standby/stop-standby.ts");
  const { output } = invocation;
  if (stopStandby(() => output.hint(waitsForStandby)) !== undefined) output.hint("Ended the standby process.");
}
