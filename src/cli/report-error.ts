// The one place where a failure is shown: what went wrong and why, what to do, and the exit status. Always on standard error; with --json as
// one JSON object, so that standard output stays empty when there is no result.
import { isKernelRefusal, sayKernelRefusal } from "../engine/kernel-refusal.ts";
import { type ExitStatus, exitStatus, VpcctlError } from "../model/errors.ts";
import { formatJson, type Output } from "./output.ts";

/** Shows the error and says with which status to exit. */
export function reportError(error: unknown, output: Output): ExitStatus {
  if (error instanceof VpcctlError) return reportRefusal(error, output);
  if (isKernelRefusal(error)) return reportRefusal(sayKernelRefusal(error), output);
  return reportBug(error, output);
}

function reportRefusal(error: VpcctlError, output: Output): ExitStatus {
  const { code, message, hint, details = [] } = error;
  if (output.json) {
    output.warn(formatJson({ error: { code, message, hint, details } }).trimEnd());
    return error.exitStatus;
  }
  // With details the message repeats them after its colon; the list says it once.
  const headline = details.length > 0 ? withoutDetails(message, details) : message;
  const lines = [
    `${output.styleError("red", "Error:")} ${headline} ${output.styleError("dim", `[${code}]`)}`,
    ...details.map((detail) => `  - ${detail}`),
    `${output.styleError("green", "To fix:")} ${hint.replaceAll("\n", underHint)}`,
  ];
  output.warn(lines.join("\n"));
  return error.exitStatus;
}

/** Where there are several things to do, each has a line. */
const underHint = `\n${" ".repeat("To fix: ".length)}`;

function withoutDetails(message: string, details: readonly string[]): string {
  const joined = details.join(" ");
  return message.endsWith(joined) ? message.slice(0, -joined.length).trimEnd() : message;
}

function reportBug(error: unknown, output: Output): ExitStatus {
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? (error.stack ?? message) : message;
  if (output.json) {
    output.warn(formatJson({ error: { code: "Bug", message, hint: "Please report it with the stack.", stack } }).trimEnd());
    return exitStatus.bug;
  }
  const lines = [
    `${output.styleError("red", "This is a bug in vpcctl:")} ${message}`,
    output.styleError("dim", stack),
    "Please report it with the lines above and the command line. Nothing is lost: run the command again, or `vpcctl cleanup`.",
  ];
  output.warn(lines.join("\n"));
  return exitStatus.bug;
}
