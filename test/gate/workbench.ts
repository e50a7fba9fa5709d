// A fake host on which a command is tried again and again: build what stands before, run the command disturbed,
// look, clean up. That `cleanup` gives the host back byte for byte is proven each time, and makes the next trial a fresh one.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stateDirectory } from "../../src/sandbox/make-believe.ts";
import { type CommandResult, describeResult } from "../support/command-result.ts";
import { executable } from "../support/executable.ts";
import { fakeHost, type FakeHost } from "../support/fake-host.ts";
import type { Snapshot } from "../support/host-snapshot.ts";
import { plantForeign } from "../support/plant-foreign.ts";
import { startStranger } from "../support/stranger.ts";
import { differences, exactState, plainState } from "./host-state.ts";
import { buildBefore, needsStranger, wordsFor } from "./on-host.ts";
import type { Scenario } from "./scenarios.ts";
import { parseTrace, type SystemCall, tracedNames } from "./system-calls.ts";

/**
 * `plain`: nobody else uses the host, and it forwards nothing. `shared`: full of foreign things, it forwards, and another firewall drops what
 * is forwarded. A look at the second takes three times as long.
 */
export type HostKind = "plain" | "shared";

/** What an undisturbed run of a scenario does. */
export interface Undisturbed {
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly calls: readonly SystemCall[];
}

export interface Disturbed extends CommandResult {
  readonly calls: readonly SystemCall[];
}

export class Workbench implements AsyncDisposable {
  readonly host: FakeHost;
  readonly #program: string;
  #untouched: Snapshot;
  readonly #scratch: string;
  /** A process with a network namespace of its own. */
  #stranger: string | undefined;
  readonly #known = new Map<Scenario, Promise<Undisturbed>>();

  private constructor(host: FakeHost, program: string, untouched: Snapshot) {
    this.host = host;
    this.#program = program;
    this.#untouched = untouched;
    this.#scratch = mkdtempSync(join(tmpdir(), "vpcctl-gate-"));
  }

  static async open(kind: HostKind): Promise<Workbench> {
    const host = await fakeHost();
    if (kind === "shared") await plantForeign(host);
    return new Workbench(host, await executable(), await exactState(host));
  }

  /** Builds what stands before the scenario's command, on a clean host. */
  async prepare(scenario: Scenario): Promise<void> {
    await buildBefore(this.host, this.#program, scenario, this.#stranger);
    const { file } = scenario;
    if (file !== undefined) writeFileSync(this.#file, file);
  }

  /** Runs the scenario's command as a user would. */
  run(scenario: Scenario, ...more: readonly string[]): Promise<CommandResult> {
    return this.host.run([...this.#command(scenario), ...more]);
  }

  /** Runs the scenario's command under strace, with `inject=` expressions of strace(1). 137 when it was killed. */
  async disturb(scenario: Scenario, inject: readonly string[]): Promise<Disturbed> {
    const output = join(this.#scratch, "trace");
    const tracer = ["strace", "-o", output, "-s", "48", "-e", `trace=${tracedNames}`, ...inject.flatMap((expression) => ["-e", `inject=${expression}`])];
    // strace ends by the same signal as the program; the shell turns that into a status.
    const result = await this.host.run(["sh", "-c", '"$@"; exit $?', "sh", ...tracer, ...this.#command(scenario)]);
    return { ...result, calls: parseTrace(readFileSync(output, "utf8")) };
  }

  /**
   * What the scenario's command does on this host when nothing disturbs it. Tried out when first asked for, so ask on a clean host. Each
   * host has its own answer: foreign links have random addresses.
   */
  undisturbed(scenario: Scenario): Promise<Undisturbed> {
    const known = this.#known.get(scenario) ?? this.#tryOut(scenario);
    this.#known.set(scenario, known);
    return known;
  }

  async #tryOut(scenario: Scenario): Promise<Undisturbed> {
    if (this.#stranger === undefined && needsStranger(scenario)) await this.#letStrangerIn();
    await this.prepare(scenario);
    const before = await this.atRest();
    const run = await this.disturb(scenario, []);
    if (run.exitCode !== 0) throw new Error(describeResult(run));
    const after = await this.atRest();
    const complaints = await this.cleanUp();
    if (complaints.length > 0) throw new Error(complaints.join("\n"));
    return { before, after, calls: run.calls };
  }

  /** Not before somebody asks for one: to look at one more namespace each time takes half as long again. */
  async #letStrangerIn(): Promise<void> {
    // At once, before the present scenario is known.
    this.#known.clear();
    this.#stranger = await startStranger(this.host);
    // With a name, so that each look at the host is one at that namespace, too.
    await this.host.sh(`ip netns attach stranger ${this.#stranger}`);
    this.#untouched = await exactState(this.host);
  }

  /** The state when two looks in a row agree. */
  async atRest(): Promise<Snapshot> {
    let state = await plainState(this.host);
    while ((await differences(state, async () => (state = await plainState(this.host)))).length > 0);
    return state;
  }

  /** How the host differs from a state, after it has had time to come to rest. */
  unlike(state: Snapshot, isHarmless: (difference: string) => boolean = () => false): Promise<string[]> {
    return differences(state, () => plainState(this.host), isHarmless);
  }

  /** Runs `cleanup`; says what is not as it was before anything was done here. */
  async cleanUp(): Promise<string[]> {
    const result = await this.host.run([this.#program, "cleanup"]);
    const complaints = result.exitCode === 0 ? [] : [describeResult(result)];
    const found = await differences(this.#untouched, () => exactState(this.host));
    return [...complaints, ...found.map((line) => `after cleanup: ${line}`)];
  }

  /** As after a lost disk. */
  async loseStore(): Promise<void> {
    await this.host.sh(["rm", "-rf", stateDirectory]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    rmSync(this.#scratch, { recursive: true });
    await this.host[Symbol.asyncDispose]();
  }

  get #file(): string {
    return join(this.#scratch, "batch");
  }

  #command({ command, file }: Scenario): string[] {
    return [this.#program, ...wordsFor(command, this.#stranger), ...(file === undefined ? [] : [this.#file])];
  }
}
