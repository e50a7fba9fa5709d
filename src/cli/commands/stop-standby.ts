import { exitStatus } from "../../model/errors.ts";
import { waitsForStandby } from "../for-standby.ts";
import { stopStandby } from "../../standby/stop-standby.ts";
import type { Run } from "../command.ts";

export const run: Run = async ({ output }) => {
  const pid = stopStandby(() => output.hint(waitsForStandby));
  if (output.json) output.printJson({ result: pid === undefined ? "unchanged" : "stopped", ...(pid === undefined ? {} : { standby: { pid } }) });
  else if (!output.quiet) output.print(pid === undefined ? "Nothing to do: no process stands by.\n" : `Ended process ${pid}, which stood by.\n`);
  return exitStatus.done;
};
