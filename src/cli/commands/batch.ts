// `batch`: many changes in one process, all or nothing. The lines are folded over the World one after another, so a line may build on those
// before it; a line that does not fit is noted and skipped, so that every mistake is found at once. Only when there is none does the
// machine change, in one go.
import type { Scope } from "../../drivers/driver.ts";
import { type Problem, refuseProblems, VpcctlError } from "../../model/errors.ts";
import { quote } from "../../model/quote.ts";
import type { World } from "../../model/world.ts";
import type { Run } from "../command.ts";
import { counted } from "../count.ts";
import { nearest } from "../nearest.ts";
import { parseArguments } from "../parse-arguments.ts";
import { unreadable } from "../read-input.ts";
import { reply, summarizeChanges } from "../reply.ts";
import { splitWords } from "../split-words.ts";
import type { BoundVerb } from "../verb-command.ts";
import { findVerbCommand, verbCommands } from "../verb-commands.ts";

export const run: Run = async (invocation) => {
  const file = invocation.argument("file");
  const { lines, problems } = parseLines(await readText(file));
  const source = file === "-" ? "standard input" : file;
  const engine = await invocation.engine();
  const report = engine.change({
    ...invocation.request(),
    operate: (world) => applyLines(world, lines, problems, source),
    touches: (world) => joinScopes(lines.map(({ verb }) => verb.touches(world))),
  });
  return reply(invocation, report, {
    done: summarizeChanges(report.changes),
    unchanged: lines.length === 0 ? `${source} holds no changes.` : `Everything is as ${counted(lines.length, "line")} of ${source} ask.`,
    extra: { lines: lines.length },
  });
};

export interface BatchLine {
  /** From 1. */
  readonly line: number;
  readonly verb: BoundVerb;
}

export interface LineProblem {
  readonly line: number;
  readonly problem: Problem;
}

/** The changes of a batch file, and what is wrong with the form of others. */
export function parseLines(text: string): { readonly lines: readonly BatchLine[]; readonly problems: readonly LineProblem[] } {
  const lines: BatchLine[] = [];
  const problems: LineProblem[] = [];
  for (const [at, source] of text.split("\n").entries()) {
    const parsed = parseLine(source);
    if (parsed === undefined) continue;
    if ("problems" in parsed) problems.push(...parsed.problems.map((problem) => ({ line: at + 1, problem })));
    else lines.push({ line: at + 1, verb: parsed.verb });
  }
  return { lines, problems };
}

/** Undefined for an empty line or a comment. */
function parseLine(source: string): { readonly verb: BoundVerb } | { readonly problems: readonly Problem[] } | undefined {
  const words = splitWords(source);
  if (words === undefined) {
    return { problems: [{ code: "InvalidParameterValue", message: "A quote is not closed.", hint: "Close quotes on the line they begin on." }] };
  }
  const [name, ...rest] = words;
  if (name === undefined) return undefined;
  const command = findVerbCommand(name);
  if (command === undefined) {
    const names = verbCommands.map((verb) => verb.name);
    const guess = nearest(name, names);
    const hint = guess === undefined ? `A line starts with one of: ${names.join(", ")}.` : `Did you mean ${guess}?`;
    return { problems: [{ code: "InvalidAction", message: `${quote(name)} is not a change.`, hint }] };
  }
  const parsed = parseArguments(command, rest);
  return parsed.problems.length > 0 ? parsed : { verb: command.bind(parsed) };
}

/** The World after all lines. Throws every problem of every line at once, those of form included, in the order of the lines. */
export function applyLines(before: World, lines: readonly BatchLine[], formProblems: readonly LineProblem[], source: string): World {
  const problems = [...formProblems];
  let world = before;
  for (const { line, verb } of lines) {
    try {
      world = verb.operate(world);
    } catch (error) {
      if (!(error instanceof VpcctlError)) throw error;
      const { code, message, hint } = error;
      problems.push(...(error.problems ?? [{ code, message, hint }]).map((problem) => ({ line, problem })));
    }
  }
  problems.sort((a, b) => a.line - b.line);
  // The hint for one line would be lost among the others, so it stays with its line.
  const hint = "Mend what is wrong and run it again; nothing has been changed.";
  refuseProblems(problems.map(({ line, problem }) => ({ ...problem, hint, message: `${source}:${line}: ${problem.message} ${problem.hint.replaceAll("\n", " ")}` })));
  return world;
}

/** Everything any line touches, each VPC once. */
export function joinScopes(scopes: readonly Scope[]): Scope {
  const subnets = new Map<string, Set<string> | "all">();
  for (const scope of scopes) {
    if (scope === "all") return "all";
    for (const part of scope) {
      const known = subnets.get(part.vpc) ?? new Set<string>();
      if (known === "all" || part.subnets === undefined) {
        subnets.set(part.vpc, "all");
        continue;
      }
      for (const subnet of part.subnets) known.add(subnet);
      subnets.set(part.vpc, known);
    }
  }
  return [...subnets].map(([vpc, names]) => (names === "all" ? { vpc } : { vpc, subnets: [...names] }));
}

async function readText(file: string): Promise<string> {
  try {
    return await (file === "-" ? Bun.stdin : Bun.file(file)).text();
  } catch (error) {
    throw unreadable(file, error, "a file with one change per line");
  }
}
