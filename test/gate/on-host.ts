// A scenario on a host: what stands before, and the words of its command.
import type { FakeHost } from "../support/fake-host.ts";
import type { Scenario } from "./scenarios.ts";

/** In a scenario: a process with a network namespace of its own. */
const place = "PID";

export const needsStranger = ({ before, command }: Scenario): boolean => [...before.join(" ").split(" "), ...command].includes(place);

/** The words, with the number of that process in its place. */
export const wordsFor = (words: readonly string[], stranger: string | undefined): string[] => words.map((word) => (word === place ? (stranger ?? word) : word));

/** Builds what stands before the scenario's command. */
export async function buildBefore(host: FakeHost, program: string, { before }: Scenario, stranger: string | undefined): Promise<void> {
  for (const lines of batches(before)) {
    const [first = ""] = lines;
    if (isOnlyCommand(first)) await host.sh([program, ...wordsFor(first.split(" "), stranger), "--quiet"]);
    else await host.sh([program, "batch", "-", "--quiet"], { stdin: lines.join("\n") });
  }
}

/** `attach` looks at the machine first, so it is no line of a batch. */
const isOnlyCommand = (line: string): boolean => line.startsWith("attach ");

function batches(lines: readonly string[]): string[][] {
  const found: string[][] = [];
  for (const line of lines) {
    const last = found.at(-1);
    if (last === undefined || [last[0] ?? "", line].some(isOnlyCommand)) found.push([line]);
    else last.push(line);
  }
  return found;
}
