import { exitStatus } from "../../model/errors.ts";
import type { Run } from "../command.ts";
import { completionScripts } from "../completion/scripts.ts";

export const run: Run = (invocation) => {
  const shell = invocation.argument("shell");
  const script = completionScripts[shell];
  if (script === undefined) throw new Error(`no completion script for ${shell}, although the parser let it through`);
  if (invocation.output.json) invocation.output.printJson({ shell, script });
  else invocation.output.print(script);
  return exitStatus.done;
};
