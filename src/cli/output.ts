// What a command says, and where: data to standard output, hints, progress and warnings to standard error.
import type { Stream } from "./stream.ts";

export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

// Select Graphic Rendition codes of ECMA-48: on and off.
const styleCodes: Record<Style, readonly [number, number]> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};

/** Fewer are done in a blink. */
const stepsWorthABar = 100;

/** Version of all JSON output; grows when a field changes its meaning or goes away. */
export const schemaVersion = 1;

export interface OutputOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  /** Colours, on those streams that are terminals. */
  readonly color: boolean;
}

export class Output {
  readonly json: boolean;
  readonly quiet: boolean;
  /** Standard output is a terminal. */
  readonly interactive: boolean;
  #closed = false;
  #shownPercent = -1;
  readonly #color: boolean;
  readonly #out: Stream;
  readonly #error: Stream;

  constructor(options: OutputOptions, out: Stream, error: Stream) {
    this.json = options.json;
    this.quiet = options.quiet;
    this.interactive = out.terminal;
    this.#color = options.color;
    this.#out = out;
    this.#error = error;
  }

  /** True once the reader of standard output has gone away; what is printed then is dropped. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Data, as it is. */
  print(data: string | Uint8Array): void {
    this.clearProgress();
    if (!this.#closed) this.#closed = !this.#out.write(data);
  }

  /** Data for programs: one JSON object, the schema's version first. */
  printJson(value: object): void {
    this.print(formatJson(value));
  }

  /** A line for a learner; dropped with --quiet and --json. */
  hint(text: string): void {
    if (!this.quiet && !this.json) this.warn(this.styleError("dim", text));
  }

  /** A line the user must see. */
  warn(text: string): void {
    this.clearProgress();
    this.#error.write(`${text}\n`);
  }

  /** A bar that is drawn in place, on a terminal only; the next line of output takes it away. */
  progress(done: number, total: number): void {
    const percent = Math.floor((100 * done) / Math.max(total, 1));
    if (total < stepsWorthABar || !this.#error.terminal || this.quiet || percent === this.#shownPercent) return;
    this.#shownPercent = percent;
    this.#error.write(`\r${progressBar(percent)} ${done} of ${total} steps`);
  }

  /** Takes the progress bar away. */
  clearProgress(): void {
    // Carriage return, then ECMA-48's "erase to the end of the line".
    if (this.#shownPercent >= 0) this.#error.write("\r\u001b[K");
    this.#shownPercent = -1;
  }

  /** Styled for standard output. */
  style(style: Style, text: string): string {
    return this.#color && this.#out.terminal ? paint(style, text) : text;
  }

  /** Styled for standard error. */
  styleError(style: Style, text: string): string {
    return this.#color && this.#error.terminal ? paint(style, text) : text;
  }
}

/** The JSON text of a reply or an error. */
export function formatJson(value: object): string {
  return `${JSON.stringify({ schemaVersion, ...value }, withoutNoise, 2)}\n`;
}

/** Fractions are times in milliseconds, and beyond the microsecond they are noise. */
function withoutNoise(_: string, value: unknown): unknown {
  return typeof value === "number" ? Math.round(value * 1000) / 1000 : value;
}

function paint(style: Style, text: string): string {
  const [on, off] = styleCodes[style];
  return `\u001b[${on}m${text}\u001b[${off}m`;
}

function progressBar(percent: number): string {
  const width = 30;
  const full = Math.floor((percent * width) / 100);
  return `[${"#".repeat(full)}${".".repeat(width - full)}] ${String(percent).padStart(3)} %`;
}
