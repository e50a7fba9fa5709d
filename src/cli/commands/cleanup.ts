import type { Run } from "../command.ts";
import { counted } from "../count.ts";
import { endedSentences, reply, summarizeChanges } from "../reply.ts";

export const run: Run = async (invocation) => {
  const vpc = invocation.optionalArgument("vpc");
  const engine = await invocation.engine();
  const report = engine.cleanup({ ...invocation.request(), ...(vpc === undefined ? {} : { vpc }) });
  const also = endedSentences(report);
  return reply(invocation, report, {
    done: [...summarizeChanges(report.changes), ...also],
    unchanged: vpc === undefined ? "This machine holds nothing of vpcctl's." : `This machine holds nothing of a VPC ${vpc}.`,
    healed: [`Took away ${counted(report.steps.length, "thing")} that no saved VPC accounts for.`, ...also].join("\n"),
    extra: { endedProcesses: report.endedProcesses },
  });
};
