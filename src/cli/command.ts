// What a command is: data. The parser, the help pages, the shell completions and the tests all read this one description; the code that
// does the work is loaded only when the command runs, so that a short command starts in a few milliseconds.
import type { ArgumentKind } from "../operations/verb.ts";
import type { Invocation } from "./invocation.ts";

/** What a shell offers for an argument or an option's value. */
export type Completion = Exclude<ArgumentKind, "new-name" | "cidr" | "text"> | "workload" | "end-of-a-way" | "file" | "nothing";

export interface Argument {
  /** Shown in capitals in help, for example `VPC`. */
  readonly name: string;
  readonly meaning: string;
  readonly complete: Completion;
  readonly optional?: true;
  /** The only words it may be. */
  readonly choices?: readonly string[];
}

export interface Option {
  /** Long name without the dashes. */
  readonly name: string;
  /** One letter. */
  readonly short?: string;
  /** Placeholder of the value, for example `SECONDS`; absent for a flag. */
  readonly value?: string;
  readonly complete?: Completion;
  /** May be given several times. Only with `value`. */
  readonly many?: true;
  /** The only words its value may be. */
  readonly choices?: readonly string[];
  /** What holds when the option is not given; help shows it. */
  readonly fallback?: string;
  readonly meaning: string;
}

export interface Example {
  /** A whole command line, as typed. */
  readonly line: string;
  readonly effect: string;
}

export interface Command {
  readonly name: string;
  readonly group: CommandGroup;
  /** One line, without a full stop, for the list of commands. */
  readonly summary: string;
  /** What a newcomer should know before using it; a few sentences. */
  readonly about: string;
  readonly arguments: readonly Argument[];
  readonly options: readonly Option[];
  /** Set when the words after `--` belong to the command as they are, for example `CMD ARG...`. */
  readonly trailing?: string;
  readonly examples: readonly [Example, ...Example[]];
  /** It changes the machine: takes --dry-run and --explain. */
  readonly changes?: true;
  /** It needs the rights of root over the network, at least when it is not a dry run. */
  readonly privileged?: true;
  /** Not shown in help or completion. */
  readonly hidden?: true;
  load(): Promise<{ run: Run }>;
}

/** Does the work and returns the exit status: ours, or that of the program it ran. Throws VpcctlError for what the user can mend. */
export type Run = (invocation: Invocation) => number | Promise<number>;

/** Groups of the command list, in the order help shows them. */
export const commandGroups = {
  build: "Build a VPC",
  instances: "Instances",
  route: "Routes, gateways and public addresses",
  secure: "Security groups, policies and network ACLs",
  peer: "Peering",
  names: "Names",
  faults: "Slow and broken wires",
  look: "Look at it",
  run: "Run something in it",
  undo: "Take it away",
  help: "Try, learn and mend",
} as const;

export type CommandGroup = keyof typeof commandGroups;

/** Options every command takes. */
export const globalOptions: readonly Option[] = [
  { name: "json", meaning: "Print one JSON object instead of text; an error goes to standard error." },
  { name: "quiet", short: "q", meaning: "Print errors and what was asked for; no confirmation, no hints, no progress." },
  { name: "no-color", meaning: "No colours; the environment variable NO_COLOR does the same." },
  { name: "help", short: "h", meaning: "Show this page." },
];

/** Options of every command that changes something. */
export const changeOptions: readonly Option[] = [
  { name: "dry-run", short: "n", meaning: "Change nothing; print the bash script that would do the same." },
  { name: "explain", meaning: "Do it, and print the same as a bash script whose comments say why." },
];

/** All options a command takes, its own first. */
export function optionsOf(command: Command): readonly Option[] {
  return [...command.options, ...(command.changes ? changeOptions : []), ...globalOptions];
}
