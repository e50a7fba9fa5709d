import { exitStatus } from "../../model/errors.ts";
import { startStandby } from "../../standby/start-standby.ts";
import type { Run } from "../command.ts";
import { parseSeconds } from "../numbers.ts";

const IDLE_SECONDS = "600";

export const run: Run = async (invocation) => {
  const { output } = invocation;
  const idle = parseSeconds("--idle", invocation.value("idle") ?? IDLE_SECONDS);
  const { pid, isNew } = startStandby(idle);
  if (output.json) output.printJson({ result: isNew ? "started" : "unchanged", standby: { pid } });
  else if (!output.quiet) output.print(isNew ? `Changes are carried out by process ${pid} from now on.\n` : `Nothing to do: process ${pid} stands by already.\n`);
  if (isNew) output.hint(`It ends after ${idle / 1000} seconds without work, or with: vpcctl stop-standby`);
  return exitStatus.done;
};
