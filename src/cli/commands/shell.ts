import type { Run } from "../command.ts";
import { runInInstance } from "./exec.ts";

export const run: Run = (invocation) => {
  const shell = invocation.wiring.environment["SHELL"];
  invocation.output.hint(`This is instance ${invocation.argument("vpc")}/${invocation.argument("instance")}; type exit to leave.`);
  return runInInstance(invocation, { argv: [shell === undefined || shell === "" ? "/bin/sh" : shell] });
};
