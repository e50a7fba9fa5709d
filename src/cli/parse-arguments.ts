// Words of a command line -> arguments and options, by the command's description. Every problem is collected before anything is refused.
import type { Problem } from "../model/errors.ts";
import { checkName, checkWorkloadName, nameRule, type NamedKind } from "../model/names.ts";
import { quote } from "../model/quote.ts";
import { type Command, type Completion, type Option, optionsOf } from "./command.ts";
import { nearest } from "./nearest.ts";

export interface ParsedArguments {
  readonly arguments: Readonly<Record<string, string>>;
  /** A flag's value is the empty string. */
  readonly options: Readonly<Record<string, string>>;
  /** All values of an option that may be given several times; `options` has the last. */
  readonly lists: Readonly<Record<string, readonly string[]>>;
  /** The words after `--`; absent when there was no `--`. */
  readonly trailing?: readonly string[];
}

export interface ParseResult extends ParsedArguments {
  readonly problems: readonly Problem[];
}

/** Never throws; what does not fit is in `problems`. */
export function parseArguments(command: Command, words: readonly string[]): ParseResult {
  const end = words.indexOf("--");
  const own = end < 0 ? words : words.slice(0, end);
  const afterDashes = end < 0 ? undefined : words.slice(end + 1);
  const problems: Problem[] = [];
  const options: Record<string, string> = Object.create(null);
  const lists: Record<string, string[]> = Object.create(null);
  const positional: string[] = [];

  for (let at = 0; at < own.length; at++) {
    const word = own[at] ?? "";
    // A lone `-` means standard input, so it is an argument.
    if (word === "-" || !word.startsWith("-")) {
      positional.push(word);
      continue;
    }
    const { option, value } = readOption(command, word, problems);
    if (option === undefined) continue;
    if (option.value === undefined) {
      if (value !== undefined) problems.push(wrong(command, `--${option.name} takes no value.`));
      options[option.name] = "";
      continue;
    }
    const given = value ?? own[++at];
    if (given === undefined) {
      problems.push(missing(command, `--${option.name} needs a value: ${option.value}.`));
      continue;
    }
    problems.push(...choiceProblems(command, `--${option.name}`, option.choices, given), ...repetitionProblems(option, options[option.name], given));
    options[option.name] = given;
    if (option.many === true) (lists[option.name] ??= []).push(given);
  }
  // Without a use of its own for them, `--` only says that the words after it are not options.
  if (command.trailing === undefined) positional.push(...(afterDashes ?? []));
  const named = nameArguments(command, positional, problems, { asksHelp: "help" in options, hasTrailing: afterDashes !== undefined });
  return {
    arguments: named,
    options,
    lists,
    ...(command.trailing !== undefined && afterDashes !== undefined ? { trailing: afterDashes } : {}),
    problems,
  };
}

function readOption(command: Command, word: string, problems: Problem[]): { option?: Option; value?: string } {
  const known = optionsOf(command);
  const equals = word.indexOf("=");
  const name = equals < 0 ? word : word.slice(0, equals);
  const option = known.find((candidate) => name === `--${candidate.name}` || name === `-${candidate.short}`);
  if (option === undefined) {
    const guess = nearest(name.replace(/^-+/, ""), known.map((candidate) => candidate.name));
    problems.push({
      code: "UnknownParameter",
      message: `${command.name} has no option ${/^[\w-]+$/.test(name) ? name : quote(name)}.`,
      hint: guess === undefined ? helpHint(command) : `Did you mean --${guess}?`,
    });
    return {};
  }
  return equals < 0 ? { option } : { option, value: word.slice(equals + 1) };
}

interface Asked {
  readonly asksHelp: boolean;
  /** Something stands behind `--`. */
  readonly hasTrailing: boolean;
}

function nameArguments(command: Command, words: readonly string[], problems: Problem[], { asksHelp, hasTrailing }: Asked): Record<string, string> {
  const named: Record<string, string> = Object.create(null);
  for (const [at, { name, meaning, optional, choices, complete }] of command.arguments.entries()) {
    const word = words[at];
    const shown = name.toUpperCase();
    if (word !== undefined) {
      named[name] = word;
      problems.push(...nameProblems(complete, word));
      problems.push(...choiceProblems(command, shown, choices, word));
    } else if (!optional && !asksHelp) {
      problems.push(missing(command, `${shown} is missing: ${lowerFirst(meaning)}`));
    }
  }
  const extra = words.slice(command.arguments.length);
  if (extra.length > 0) {
    const problem = wrong(command, `${command.name} has no use for ${extra.map(quote).join(", ")}.`);
    problems.push(command.trailing === undefined || hasTrailing ? problem : { ...problem, hint: "Write a program and its words behind --, as they are." });
  }
  return named;
}

/** Neither of two can be meant to win: `--port 80 --port 443` would open one port without a word about the other. */
function repetitionProblems({ name, many }: Option, before: string | undefined, now: string): Problem[] {
  if (many === true || before === undefined || before === now) return [];
  return [{ code: "InvalidParameterValue", message: `--${name} is given twice, as ${quote(before)} and as ${quote(now)}.`, hint: "Give it once." }];
}

function choiceProblems(command: Command, shown: string, choices: readonly string[] | undefined, word: string): Problem[] {
  return choices === undefined || choices.includes(word) ? [] : [wrong(command, `${shown} must be one of ${choices.join(", ")}, not ${quote(word)}.`)];
}

const namedKinds: Partial<Record<Completion, NamedKind>> = { vpc: "VPC", subnet: "subnet", instance: "instance" };

/** The name of something that exists is looked for on the machine, so a word that no name can be goes no further than here. */
function nameProblems(complete: Completion, word: string): Problem[] {
  const kind = namedKinds[complete];
  const message = complete === "workload" ? checkWorkloadName(word) : kind === undefined ? undefined : checkName(kind, word);
  return message === undefined ? [] : [{ code: "InvalidParameterValue", message, hint: nameRule }];
}

const helpHint = (command: Command) => `See \`vpcctl ${command.name} --help\`.`;
const exampleHint = (command: Command) => `For example: \`${command.examples[0].line}\`.`;
const missing = (command: Command, message: string): Problem => ({ code: "MissingParameter", message, hint: exampleHint(command) });
const wrong = (command: Command, message: string): Problem => ({ code: "InvalidParameterValue", message, hint: helpHint(command) });
const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
