// From the words of the command line to an exit status.
import { LeftToCaller } from "../engine/left-to-caller.ts";
import { exitStatus, refuseProblems, VpcctlError } from "../model/errors.ts";
import { quote } from "../model/quote.ts";
import { type Command, globalOptions } from "./command.ts";
import { Invocation } from "./invocation.ts";
import { loadCommand } from "./load-command.ts";
import { Output } from "./output.ts";
import { parseArguments } from "./parse-arguments.ts";
import { reportError } from "./report-error.ts";
import { shellWord } from "./shell-word.ts";
import type { Stream } from "./stream.ts";
import type { Wiring } from "./wiring.ts";

/** Runs one command line (without the program's name). Throws LeftToCaller, where the engine does, and nothing else. */
export async function run(words: readonly string[], wiring: Wiring, out: Stream, error: Stream): Promise<number> {
  const output = new Output(outputOptions(words, wiring), out, error);
  try {
    return await dispatch(words, wiring, output);
  } catch (failure) {
    if (failure instanceof LeftToCaller) throw failure;
    return reportError(failure, output);
  } finally {
    output.clearProgress();
  }
}

/** For a command that was carried out elsewhere: tells what is wrong as `run` would. */
export function tellFailure(words: readonly string[], wiring: Wiring, out: Stream, error: Stream, failure: unknown): number {
  return reportError(failure, new Output(outputOptions(words, wiring), out, error));
}

async function dispatch(words: readonly string[], wiring: Wiring, output: Output): Promise<number> {
  // Options may stand before the command: none that every command takes has a value.
  const at = words.findIndex((word) => !word.startsWith("-"));
  const name = words[at];
  if (name === undefined) return runWithoutCommand(words, wiring, output);
  const rest = words.toSpliced(at, 1);
  if (name === "help") return showHelp(rest[0], output);
  const command = await requireCommand(name);
  const parsed = parseArguments(command, rest);
  if ("help" in parsed.options) return showHelp(name, output);
  refuseProblems(parsed.problems);
  const forbidden = command.privileged && !("dry-run" in parsed.options) ? wiring.forbidden() : undefined;
  if (forbidden !== undefined) {
    throw new VpcctlError({
      code: "NotPermitted",
      message: `vpcctl ${command.name} needs root's rights over the network: ${forbidden}`,
      hint: "Run it with sudo, or first `vpcctl sandbox` for a make-believe host of your own.",
    });
  }
  const { run: runCommand } = await command.load();
  return runCommand(new Invocation(["vpcctl", ...words].map(shellWord).join(" "), parsed, output, wiring));
}

async function runWithoutCommand(words: readonly string[], wiring: Wiring, output: Output): Promise<number> {
  if (words.includes("--version") || words.includes("-V")) {
    output.print(`vpcctl ${wiring.version}\n`);
    return exitStatus.done;
  }
  const known = globalOptions.flatMap(({ name, short }) => [`--${name}`, `-${short}`]);
  const unknown = words.filter((word) => !known.includes(word));
  refuseProblems(unknown.map((word) => ({ code: "UnknownParameter", message: `There is no option ${quote(word)}.`, hint: "See `vpcctl --help`." })));
  return showHelp(undefined, output);
}

async function showHelp(name: string | undefined, output: Output): Promise<number> {
  const { formatCommandHelp, formatOverview } = await import("./help.ts");
  if (name !== undefined) output.print(formatCommandHelp(await requireCommand(name), output));
  else output.print(formatOverview((await import("./commands.ts")).commands, output));
  return exitStatus.done;
}

async function requireCommand(name: string): Promise<Command> {
  const command = await loadCommand(name);
  if (command !== undefined) return command;
  const { commands } = await import("./commands.ts");
  const { nearest } = await import("./nearest.ts");
  const guess = nearest(name, commands.filter((candidate) => !candidate.hidden).map((candidate) => candidate.name));
  throw new VpcctlError({
    code: "InvalidAction",
    message: `There is no command ${quote(name)}.`,
    hint: guess === undefined ? "See all commands: vpcctl --help" : `Did you mean \`vpcctl ${guess}\`? See all commands: vpcctl --help`,
  });
}

/** Read ahead of the parser, so that a mistake on the command line is itself reported in the form that was asked for. */
function outputOptions(words: readonly string[], { environment }: Wiring) {
  const end = words.indexOf("--");
  const own = end < 0 ? words : words.slice(0, end);
  const given = (...names: string[]) => names.some((name) => own.includes(name));
  // An empty NO_COLOR counts as unset (no-color.org).
  const color = !given("--no-color") && !environment["NO_COLOR"] && environment["TERM"] !== "dumb";
  return { json: given("--json"), quiet: given("--quiet", "-q"), color };
}
