import type { Engine } from "../engine/contract.ts";
import type { Output } from "./output.ts";
import type { ParsedArguments } from "./parse-arguments.ts";
import type { Wiring } from "./wiring.ts";

/** One command being run: what the user gave, and what it may use. */
export class Invocation {
  /** The command line as the user gave it, for the log. */
  readonly line: string;
  readonly output: Output;
  readonly wiring: Wiring;
  /** The words after `--`, when the command takes them. */
  readonly trailing: readonly string[] | undefined;
  readonly parsed: ParsedArguments;

  constructor(line: string, parsed: ParsedArguments, output: Output, wiring: Wiring) {
    this.line = line;
    this.output = output;
    this.wiring = wiring;
    this.trailing = parsed.trailing;
    this.parsed = parsed;
  }

  /** An argument the command's description demands. */
  argument(name: string): string {
    const value = this.parsed.arguments[name];
    if (value === undefined) throw new Error(`the description of this command has no argument ${name} that must be given`);
    return value;
  }

  optionalArgument(name: string): string | undefined {
    return this.parsed.arguments[name];
  }

  flag(name: string): boolean {
    return name in this.parsed.options;
  }

  /** An option's value; absent when it was not given. */
  value(name: string): string | undefined {
    return this.parsed.options[name];
  }

  /** What every request to change something tells the engine. */
  request() {
    return {
      command: this.line,
      dryRun: this.flag("dry-run"),
      onProgress: (done: number, total: number) => this.output.progress(done, total),
      onWait: () => this.output.hint("Another vpcctl command is at work; waiting for it to end ..."),
    };
  }

  engine(): Promise<Engine> {
    return this.wiring.engine();
  }
}
