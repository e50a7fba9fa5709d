import { parseLines } from "../../src/cli/commands/batch.ts";
import type { BoundVerb } from "../../src/cli/verb-command.ts";
import { emptyWorld, type World } from "../../src/model/world.ts";

/** A verb with its input, from a command line without the program's name. */
export function bindLine(line: string): BoundVerb {
  const { lines, problems } = parseLines(line);
  const [bound] = lines;
  if (bound === undefined) throw new Error(`${line}: ${problems[0]?.problem.message ?? "no verb"}`);
  return bound.verb;
}

/** The World after these lines; each must be accepted. */
export function worldAfter(lines: readonly string[], from: World = emptyWorld): World {
  return lines.reduce((world, line) => bindLine(line).operate(world), from);
}
