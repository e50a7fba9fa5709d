import type { LogEntry } from "../../engine/contract.ts";
import { exitStatus } from "../../model/errors.ts";
import { visible } from "../../model/quote.ts";
import type { Run } from "../command.ts";
import { parseCount } from "../numbers.ts";
import type { Output } from "../output.ts";
import { formatTable } from "../table.ts";

export const run: Run = async (invocation) => {
  const { output } = invocation;
  const limit = parseCount("--limit", invocation.value("limit") ?? "20");
  const all = (await invocation.engine()).log();
  const entries = limit === 0 ? all : all.slice(-limit);
  if (output.json) output.printJson({ entries });
  else if (entries.length === 0) output.print("Nothing has been done yet.\n");
  else output.print(formatEntries(entries, output));
  return exitStatus.done;
};

function formatEntries(entries: readonly LogEntry[], output: Output): string {
  const heading = ["TIME", "RESULT", "STEPS", "TOOK", "COMMAND"].map((cell) => output.style("bold", cell));
  return formatTable([heading, ...entries.map((entry) => row(entry, output))]);
}

function row({ time, command, result, steps, milliseconds, error }: LogEntry, output: Output): string[] {
  const failed = result === "failed" || result === "rolled back";
  // Seconds are enough for a reader; --json has the rest.
  const when = time.replace("T", " ").replace(/\.\d+Z$/, "Z");
  const what = error === undefined ? visible(command) : `${visible(command)}  ${output.style("dim", visible(error))}`;
  return [when, failed ? output.style("red", result) : result, String(steps), `${Math.round(milliseconds)} ms`, what];
}
