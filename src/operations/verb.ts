// What a verb on the World is: data and pure functions, so that the command line, the lines of a batch file, shell completion and an API
// can all be made by one loop over the table in verbs.ts, and none of them knows a single verb by name.
import type { World } from "../model/world.ts";

/**
 * What an argument or an option's value names. Completion offers what exists (of the VPC that an argument before it names, where the
 * thing belongs to one), `choices`, files, or nothing.
 */
export type ArgumentKind =
  | "vpc"
  | "subnet"
  | "instance"
  /** A subnet, or an instance: by its name or as SUBNET/INSTANCE. */
  | "place"
  | "route-table"
  /** A CIDR, or a prefix list as create-route takes it. */
  | "route-destination"
  /** A route's target, as create-route takes it. */
  | "route-target"
  | "security-group"
  | "network-acl"
  | "nat-gateway"
  | "peering"
  | "elastic-ip"
  | "prefix-list"
  /** A file, whose text becomes the input: verbs read none themselves. */
  | "file"
  | "new-name"
  | "cidr"
  | "text";

export interface VerbArgument<Key extends string = string> {
  /** As help shows it, for example `VPC`. */
  readonly name: string;
  /** Property of the input. */
  readonly key: Key;
  readonly kind: ArgumentKind;
  readonly meaning: string;
  /** May be left out; only the last ones. Then the input has no such property. */
  readonly optional?: true;
  /** The only words it may be. */
  readonly choices?: readonly string[];
}

export interface VerbOption<Key extends string = string> {
  /** For example `--any-prefix`. */
  readonly flag: string;
  /** Property of the input: true for a switch, the word for an option with a value, all words for one that may be repeated. */
  readonly key: Key;
  /** Placeholder of the value, for example `CIDR`; absent for a switch. */
  readonly value?: string;
  /** May be given several times; the input has a list. Only with `value`. */
  readonly many?: true;
  /** What the value names. */
  readonly kind?: ArgumentKind;
  readonly choices?: readonly string[];
  /** What holds when it is not given, for help. */
  readonly fallback?: string;
  readonly meaning: string;
}

/** What was given for options, by flag. */
export type GivenOptions = Readonly<Record<string, true | string | readonly string[]>>;

export interface VerbExample {
  /** A whole command line, as typed. */
  readonly line: string;
  readonly effect: string;
}

/** The part of the machine that a verb is about; looked at even when the World needs no change. Fits into a driver's Scope. */
export interface Touched {
  readonly vpc: string;
  /** Paths of attachments: `web` for a subnet's own namespace, `web/web1` for an instance. Absent: all. Empty: none, the router alone. */
  readonly subnets?: readonly string[];
}

export type VerbGroup = "build" | "instances" | "route" | "secure" | "peer" | "names" | "faults" | "undo";

export interface Verb<Input = unknown> {
  /** The command, for example `add-subnet`. */
  readonly name: string;
  /** Where help lists it. */
  readonly group: VerbGroup;
  /** One line, without a full stop. */
  readonly summary: string;
  /** What a newcomer should know before using it; a few sentences. */
  readonly about: string;
  /** In this order. */
  readonly arguments: readonly VerbArgument[];
  readonly options: readonly VerbOption[];
  /** Property of the input that takes the words after `--` as a list, and how help shows them. */
  readonly trailing?: { readonly key: string; readonly shown: string };
  readonly examples: readonly [VerbExample, ...VerbExample[]];
  /** Words and options -> input. Whoever calls has checked that they fit `arguments` and `options`. */
  parse(words: readonly string[], options?: GivenOptions, trailing?: readonly string[]): Input;
  /** Pure; returns the same World when there is nothing to do. Throws VpcctlError. */
  operate(world: World, input: Input): World;
  /** `world` is the one before. */
  touches(input: Input, world: World): Touched | readonly Touched[];
  /** What is so now, as a sentence. `world` is the one after. */
  done(world: World, input: Input): string;
  /** The same when it was so before. */
  unchanged(world: World, input: Input): string;
}

type Defined<Input> = Omit<Verb<Input>, "parse" | "arguments" | "options" | "trailing"> & {
  readonly arguments: readonly VerbArgument<keyof Input & string>[];
  readonly options: readonly VerbOption<keyof Input & string>[];
  readonly trailing?: { readonly key: keyof Input & string; readonly shown: string };
};

/** A verb whose input follows from the keys of its arguments and options. */
export function defineVerb<Input>(definition: Defined<Input>): Verb<Input> {
  return {
    ...definition,
    parse(words, given = {}, trailing) {
      const entries: [string, unknown][] = [];
      for (const [at, { key, optional }] of definition.arguments.entries()) {
        const word = words[at];
        if (word !== undefined || optional !== true) entries.push([key, word ?? ""]);
      }
      for (const { flag, key } of definition.options) if (given[flag] !== undefined) entries.push([key, given[flag]]);
      if (definition.trailing !== undefined && trailing !== undefined) entries.push([definition.trailing.key, trailing]);
      // The keys are Input's by the type of `definition`; their values are words, lists of words and switches, as all inputs have.
      return Object.fromEntries(entries) as Input;
    },
  };
}
