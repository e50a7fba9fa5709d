import { VpcctlError } from "../model/errors.ts";
import type { Command } from "../workloads/workload.ts";
import type { Invocation } from "./invocation.ts";

/** The program a user wants to run: one string for a shell, or the words after `--` as they are. Throws when it is neither or both. */
export function programOf(invocation: Invocation): Command {
  const shell = invocation.optionalArgument("command");
  const [program, ...words] = invocation.trailing ?? [];
  if (shell !== undefined && program === undefined) return { shell };
  if (shell === undefined && program !== undefined) return { argv: [program, ...words] };
  throw new VpcctlError({
    code: shell === undefined ? "MissingParameter" : "InvalidParameterValue",
    message: shell === undefined ? "There is no command to run." : "There are two commands: one as a string, one after --.",
    hint: 'Give it as one word in quotes, "curl -s http://www.google.com", or as it is after --: -- curl -s http://www.google.com',
  });
}
