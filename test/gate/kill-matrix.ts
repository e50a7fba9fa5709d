// The kill matrix: a command is ended by SIGKILL at the door of each effect, that is before it and after the one before it, and once after
// the last. Whatever it left, the same command run again must end where an undisturbed one ends, and `cleanup` must give the host back
// byte for byte, with the store and without it.
import { afterAll, describe, expect, test } from "bun:test";
import { describeResult } from "../support/command-result.ts";
import { openGates } from "./open-gates.ts";
import type { Scenario } from "./scenarios.ts";
import { isEffect, type SystemCall } from "./system-calls.ts";
import { type Trial, Workshop } from "./trials.ts";
import { unsettled } from "./unsettled.ts";
import type { HostKind, Workbench } from "./workbench.ts";

/** What follows the kill. */
type Sequel = (bench: Workbench, scenario: Scenario) => Promise<string[]>;

const sequels: Readonly<Record<string, Sequel>> = {
  async "run again"(bench, scenario) {
    const again = await bench.run(scenario);
    if (again.exitCode !== 0) return [describeResult(again)];
    const { after } = await bench.undisturbed(scenario);
    const unlike = await bench.unlike(after);
    return [...unlike, ...(await unsettled(bench, scenario)), ...(await bench.cleanUp())];
  },
  // Before anything comes to rest.
  cleanup: async (bench) => [...(await openGates(bench.host)), ...(await bench.cleanUp())],
  async "cleanup without the store"(bench) {
    await bench.loseStore();
    return bench.cleanUp();
  },
};

/** Defines one test for each scenario. `takes` thins out the points; all when absent. */
export function testKills(scenarios: readonly Scenario[], kind: HostKind, takes: (index: number) => boolean = () => true): void {
  describe(`on a ${kind} host, killed before and after each of its effects,`, () => {
    const workshop = new Workshop(kind);
    afterAll(() => workshop[Symbol.asyncDispose]());
    for (const scenario of scenarios) {
      const name = `${scenario.name} is completed by running it again and undone by cleanup`;
      test(name, async () => {
        const { calls } = await workshop.with((bench) => bench.undisturbed(scenario));
        const points = calls.filter(isEffect).filter((_, index) => takes(index));
        expect(points).not.toBeEmpty();
        expect(await workshop.all(points.flatMap((point) => trialsOf(scenario, point)))).toEqual([]);
      }, 3_600_000);
    }
  });
}

function trialsOf(scenario: Scenario, point: SystemCall): Trial[] {
  return Object.entries(sequels).map(([name, sequel]) => async (bench) => {
    await bench.undisturbed(scenario);
    await killAt(bench, scenario, point);
    const complaints = await sequel(bench, scenario);
    return complaints.length === 0 ? [] : [`killed at ${point.name} ${point.ordinal}, ${point.text}, then ${name}: ${complaints.slice(0, 5).join("\n")}`];
  });
}

/**
 * A call that has to wait for a lock of the kernel is begun anew and counted twice by strace; then the kill comes too early. And the runtime
 * reads a file of its own now and then, or a process that is ended takes its time and is looked for once more, so that the same call is the
 * 70th `openat` in one run and the 71st in the next: then it is tried where the last run had it, or else its neighbours are.
 */
const shifts = [0, 0, 1, -1, 2, 0, -2, 1, -1, 0];

/** What a call does, without what it returned. */
const deed = (text: string): string => text.replace(/\) += .*$/, "");

/** Prepares the host and has the command killed at a point. */
async function killAt(bench: Workbench, scenario: Scenario, { name, ordinal, text }: SystemCall): Promise<void> {
  const ordinals = (calls: readonly SystemCall[]): number[] => calls.filter((call) => call.name === name && deed(call.text) === deed(text)).map((call) => call.ordinal);
  const howManyth = ordinals((await bench.undisturbed(scenario)).calls).indexOf(ordinal);
  let found: number | undefined;
  for (const [attempt, shift] of shifts.entries()) {
    await bench.prepare(scenario);
    const run = await bench.disturb(scenario, [`${name}:signal=KILL:when=${found ?? Math.max(1, ordinal + shift)}`]);
    const last = run.calls.at(-1);
    const isThere = last?.name === name && isEffect(last) && (last.ordinal === ordinal || deed(last.text) === deed(text));
    if (run.exitCode === 137 && isThere) return;
    found = ordinals(run.calls)[howManyth];
    const complaints = await bench.cleanUp();
    const missed = `was to be killed at ${name} ${ordinal}, ${text}, and was at ${last?.name} ${last?.ordinal}, ${last?.text}: ${describeResult(run)}`;
    if (attempt === shifts.length - 1 || complaints.length > 0) throw new Error([missed, ...complaints].join("\n"));
  }
}
