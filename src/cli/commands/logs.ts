import { exitStatus } from "../../model/errors.ts";
import { workloadLog } from "../../workloads/workload-log.ts";
import type { Run } from "../command.ts";

export const run: Run = async (invocation) => {
  const { output } = invocation;
  const name = invocation.argument("name");
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
