// A verb on the World as a command, and as a line of a batch file.
import type { Scope } from "../drivers/driver.ts";
import type { ArgumentKind, GivenOptions, Verb } from "../operations/verb.ts";
import type { World } from "../model/world.ts";
import type { Argument, Command, Completion, Option } from "./command.ts";
import type { ParsedArguments } from "./parse-arguments.ts";
import { readInput } from "./read-input.ts";

/** A verb with its input. */
export interface BoundVerb {
  /** `world` is the one before. */
  touches(world: World): Scope;
  readonly operate: (world: World) => World;
  /** What is so now; `world` is the one after. */
  done(world: World): string;
  /** The same when it was so before. */
  unchanged(world: World): string;
}

export interface VerbCommand extends Command {
  bind(parsed: ParsedArguments): BoundVerb;
}

const completionOf = (kind: ArgumentKind | undefined): Completion =>
  kind === undefined || kind === "new-name" || kind === "cidr" || kind === "text" ? "nothing" : kind;

const flagName = (flag: string): string => flag.replace(/^--/, "");

/** What a command takes is worked out when somebody asks: a list of commands wants no more than their names. */
export function verbCommand(verb: Verb): VerbCommand {
  let argumentsOnce: readonly Argument[] | undefined;
  let optionsOnce: readonly Option[] | undefined;
  return {
    name: verb.name,
    group: verb.group,
    summary: verb.summary,
    about: verb.about,
    get arguments() {
      return (argumentsOnce ??= verb.arguments.map((argument) => ({ ...argument, name: argument.name.toLowerCase(), complete: completionOf(argument.kind) })));
    },
    get options() {
      return (optionsOnce ??= verb.options.map((option) => ({ ...option, name: flagName(option.flag), complete: completionOf(option.kind) })));
    },
    ...(verb.trailing === undefined ? {} : { trailing: verb.trailing.shown }),
    examples: verb.examples,
    changes: true,
    privileged: true,
    bind: (parsed) => bindVerb(verb, parsed),
    async load() {
      const { changeWorld } = await import("./commands/change-world.ts");
      return { run: (invocation) => changeWorld(invocation, verb.name, bindVerb(verb, invocation.parsed)) };
    },
  };
}

/** The parser has made sure that every argument that must be there is there. */
function bindVerb(verb: Verb, parsed: ParsedArguments): BoundVerb {
  let known: { readonly input: unknown } | undefined;
  const input = (): unknown => (known ??= { input: verb.parse(wordsOf(verb, parsed), givenOptions(verb, parsed), parsed.trailing) }).input;
  return {
    touches: (world) => [verb.touches(input(), world)].flat(),
    operate: (world) => verb.operate(world, input()),
    done: (world) => verb.done(world, input()),
    unchanged: (world) => verb.unchanged(world, input()),
  };
}

/** In the place of a file its text. Read when the verb is carried out, so that a line of a batch is told with its number when it cannot be. */
const wordsOf = (verb: Verb, parsed: ParsedArguments): string[] =>
  verb.arguments.flatMap(({ name, kind }) => {
    const word = parsed.arguments[name.toLowerCase()];
    if (word === undefined) return [];
    return [kind === "file" ? readInput(word) : word];
  });

function givenOptions(verb: Verb, { options, lists }: ParsedArguments): GivenOptions {
  const given: Record<string, true | string | readonly string[]> = {};
  for (const { flag, value, many } of verb.options) {
    const name = flagName(flag);
    const word = options[name];
    if (word !== undefined) given[flag] = value === undefined ? true : many === true ? (lists[name] ?? []) : word;
  }
  return given;
}
