// What a verb on the World is: data and pure functions, so that the command line, the lines of a batch file, shell completion and an API
// can all be made by one loop over the table in verbs.ts, and none of them knows a single verb by name.
import type { World } from "../model/world.ts";

/** What an argument names. Completion offers what exists for `vpc` and `subnet`, and nothing for the others. */
export type ArgumentKind = "vpc" | "subnet" | "new-name" | "cidr";

export interface VerbArgument<Key extends string = string> {
  /** As help shows it, for example `VPC`. */
  readonly name: string;
  /** Property of the input. */
  readonly key: Key;
  readonly kind: ArgumentKind;
  readonly meaning: string;
}

/** A switch without a value. */
export interface VerbOption<Key extends string = string> {
  /** For example `--any-prefix`. */
  readonly flag: string;
  /** Property of the input; true when the flag is given. */
  readonly key: Key;
  readonly meaning: string;
}

export interface VerbExample {
  /** A whole command line, as typed. */
  readonly line: string;
  readonly effect: string;
}

/** The part of the machine that a verb is about; looked at even when the World needs no change. Fits into a driver's Scope. */
export interface Touched {
  readonly vpc: string;
  /** Absent: all subnets. Empty: none, the VPC's router alone. */
  readonly subnets?: readonly string[];
}

export interface Verb<Input = unknown> {
  /** The command, for example `add-subnet`. */
  readonly name: string;
  readonly group: "build" | "undo";
  /** One line, without a full stop. */
  readonly summary: string;
  /** What a newcomer should know before using it; a few sentences. */
  readonly about: string;
  /** All required, in this order. */
  readonly arguments: readonly VerbArgument[];
  readonly options: readonly VerbOption[];
  readonly examples: readonly [VerbExample, ...VerbExample[]];
  /** Words and flags -> input. Takes one word per argument and flags from `options`; whoever calls has checked that. */
  parse(words: readonly string[], flags?: ReadonlySet<string>): Input;
  /** Pure; returns the same World when there is nothing to do. Throws VpcctlError. */
  operate(world: World, input: Input): World;
  touches(input: Input): Touched;
  /** What is so now, as a sentence. `world` is the one after. */
  done(world: World, input: Input): string;
  /** The same when it was so before. */
  unchanged(world: World, input: Input): string;
}

type Defined<Input> = Omit<Verb<Input>, "parse" | "arguments" | "options"> & {
  readonly arguments: readonly VerbArgument<keyof Input & string>[];
  readonly options: readonly VerbOption<keyof Input & string>[];
};

/** A verb whose input follows from the keys of its arguments and options. */
export function defineVerb<Input>(definition: Defined<Input>): Verb<Input> {
  return {
    ...definition,
    parse(words, flags = new Set()) {
      const entries: [string, string | true][] = [];
      for (const [at, { key }] of definition.arguments.entries()) entries.push([key, words[at] ?? ""]);
      for (const { flag, key } of definition.options) if (flags.has(flag)) entries.push([key, true]);
      // The keys are Input's by the type of `definition`; their values are words and switches, as all inputs have.
      return Object.fromEntries(entries) as Input;
    },
  };
}
