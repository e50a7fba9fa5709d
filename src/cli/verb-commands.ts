// A command per verb on the World, and the same verbs for the lines of a batch file: one loop over the table of verbs.
import type { Scope } from "../drivers/driver.ts";
import type { ArgumentKind, Verb } from "../operations/verb.ts";
import { verbs } from "../operations/verbs.ts";
import type { World } from "../model/world.ts";
import type { Command, Completion } from "./command.ts";
import type { ParsedArguments } from "./parse-arguments.ts";

/** A verb with its input. */
export interface BoundVerb {
  readonly touches: Scope;
  readonly operate: (world: World) => World;
  /** What is so now; `world` is the one after. */
  done(world: World): string;
  /** The same when it was so before. */
  unchanged(world: World): string;
}

export interface VerbCommand extends Command {
  bind(parsed: ParsedArguments): BoundVerb;
}

const completions: Readonly<Record<ArgumentKind, Completion>> = { vpc: "vpc", subnet: "subnet", "new-name": "nothing", cidr: "nothing" };

export const verbCommands: readonly VerbCommand[] = verbs.map((verb) => ({
  name: verb.name,
  group: verb.group,
  summary: verb.summary,
  about: verb.about,
  arguments: verb.arguments.map(({ name, kind, meaning }) => ({ name: name.toLowerCase(), meaning, complete: completions[kind] })),
  options: verb.options.map(({ flag, meaning }) => ({ name: flag.replace(/^--/, ""), meaning })),
  examples: verb.examples,
  changes: true,
  privileged: true,
  bind: (parsed) => bindVerb(verb, parsed),
  async load() {
    const { changeWorld } = await import("./commands/change-world.ts");
    return { run: (invocation) => changeWorld(invocation, verb.name, bindVerb(verb, invocation.parsed)) };
  },
}));

export function findVerbCommand(name: string): VerbCommand | undefined {
  return verbCommands.find((command) => command.name === name);
}

/** The parser has made sure that every argument is there. */
function bindVerb(verb: Verb, parsed: ParsedArguments): BoundVerb {
  const words = verb.arguments.map(({ name }) => parsed.arguments[name.toLowerCase()] ?? "");
  const flags = verb.options.map(({ flag }) => flag).filter((flag) => flag.replace(/^--/, "") in parsed.options);
  const input = verb.parse(words, new Set(flags));
  return {
    touches: [verb.touches(input)],
    operate: (world) => verb.operate(world, input),
    done: (world) => verb.done(world, input),
    unchanged: (world) => verb.unchanged(world, input),
  };
}
