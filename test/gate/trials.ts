// Many trials on few hosts: each host takes the next trial when it is done with one. A host on which a trial failed is replaced, so one
// failure is told once and spoils no other trial.
import { type HostKind, Workbench } from "./workbench.ts";

/** A trial says what went wrong; nothing when all is well. It leaves the host clean. */
export type Trial = (bench: Workbench) => Promise<readonly string[]>;

/** As many as the machine is likely to have processors to spare. */
const hosts = 2;

/** More than these are the same mistake, seen often. */
const mostComplaints = 40;

export class Workshop implements AsyncDisposable {
  readonly #free: Workbench[] = [];
  readonly #kind: HostKind;

  constructor(kind: HostKind) {
    this.#kind = kind;
  }

  /** Lends a bench; one that threw or complained is not used again. */
  async with<T>(use: (bench: Workbench) => Promise<T>, isSpoilt: (result: T) => boolean = () => false): Promise<T> {
    const bench = this.#free.pop() ?? (await Workbench.open(this.#kind));
    let keep = false;
    try {
      const result = await use(bench);
      keep = !isSpoilt(result);
      return result;
    } finally {
      if (keep) this.#free.push(bench);
      else await bench[Symbol.asyncDispose]();
    }
  }

  /** Runs all trials; returns their complaints. */
  async all(trials: readonly Trial[]): Promise<string[]> {
    const complaints: string[] = [];
    const queue = trials.values();
    const work = async (): Promise<void> => {
      for (const trial of queue) {
        if (complaints.length > mostComplaints) return;
        const run = (bench: Workbench): Promise<readonly string[]> => trial(bench).catch((error: unknown) => [String(error)]);
        complaints.push(...(await this.with(run, (said) => said.length > 0)));
      }
    };
    await Promise.all(Array.from({ length: hosts }, work));
    return complaints;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const bench of this.#free.splice(0)) await bench[Symbol.asyncDispose]();
  }
}
