// The error matrix: each call of a command to the kernel fails once, with each of a handful of errors. The command must say so like a grown-up
// (a sentence, what to do, status 1, 4 or 5; never a stack) or do without the call. A build that fails leaves everything as it was; a
// removal may leave a part, but then the same command removes the rest. After it kernel and World agree, and `cleanup` takes all away.
import { afterAll, describe, expect, test } from "bun:test";
import { describeResult } from "../support/command-result.ts";
import type { Snapshot } from "../support/host-snapshot.ts";
import type { Scenario } from "./scenarios.ts";
import { isFromOutside, type SystemCall } from "./system-calls.ts";
import { type Trial, Workshop } from "./trials.ts";
import { unsettled } from "./unsettled.ts";
import type { Disturbed, Workbench } from "./workbench.ts";

const errors = ["ENOMEM", "EBUSY", "EEXIST", "ENOSPC", "EPERM"] as const;
type ErrorName = (typeof errors)[number];

/** The answer on standard output: it comes when all is done. */
const saysItIsDone = ({ name, text }: SystemCall): boolean => name === "write" && text.startsWith("write(1,");

/** What libnftables says before it calls exit(3), which nobody can keep a library from. */
const libraryGaveUp = /Unable to initialize Netlink socket|nf_tables kernel ABI is broken/;

/**
 * Did the process end on the spot, as if killed? One that cannot get back to its own network namespace aborts: it would go on working on the
 * wrong machine. And libnftables exits, or falls over its own feet (an assertion, a null pointer), when an answer of the kernel fails.
 */
function endsAtOnce({ exitCode, stderr }: Disturbed, point: SystemCall): boolean {
  const aborted = exitCode === 134 && point.name === "setns";
  return aborted || libraryGaveUp.test(stderr) || ([134, 139].includes(exitCode) && isOfNftables(point));
}

const isOfNftables = ({ name, text }: SystemCall): boolean => name === "recvmsg" || (name === "sendto" && /nlmsg_type=(NFNL|0xa)/.test(text));

/** A journal that could not be removed has the next command look at the machine once more. */
const isHarmless = (difference: string): boolean => difference === "store: + journal.json";

/** `every`: each point with each error. `one`: each point with one of them, in turn. */
export type Thoroughness = "every" | "one";

/** One test for each scenario. `takes` thins out the points; all when absent. */
export function testErrors(scenarios: readonly Scenario[], thoroughness: Thoroughness, takes: (index: number) => boolean = () => true): void {
  describe("with each of its calls to the kernel failing,", () => {
    const workshop = new Workshop("plain");
    afterAll(() => workshop[Symbol.asyncDispose]());
    for (const scenario of scenarios) {
      const outcome = scenario.removes ? "is completed by the next command" : "is undone";
      test(`${scenario.name} ${outcome} or done all the same`, async () => {
        const { calls } = await workshop.with((bench) => bench.undisturbed(scenario));
        const points = calls.filter(isFromOutside).filter((_, index) => takes(index));
        expect(points).not.toBeEmpty();
        const trials = points.flatMap((point, index) => errorsFor(index, thoroughness).map((error) => trial(scenario, point, error, "once")));
        expect(await workshop.all(trials)).toEqual([]);
      }, 3_600_000);

      test(`${scenario.name} can be completed when the trouble is over, however long it lasted`, async () => {
        const { calls } = await workshop.with((bench) => bench.undisturbed(scenario));
        const points = calls.filter(isFromOutside).filter(canLast).filter((_, index) => takes(index));
        expect(await workshop.all(points.map((point) => trial(scenario, point, "ENOSPC", "from then on")))).toEqual([]);
      }, 3_600_000);
    }
  });
}

function errorsFor(index: number, thoroughness: Thoroughness): readonly ErrorName[] {
  const one = errors[index % errors.length];
  return thoroughness === "every" || one === undefined ? errors : [one];
}

type Duration = "once" | "from then on";

/** Without these a process cannot so much as load a library, or ends at once (see below). */
const canLast = ({ name }: SystemCall): boolean => !["open", "openat", "setns", "socket"].includes(name);

function trial(scenario: Scenario, point: SystemCall, error: ErrorName, howLong: Duration): Trial {
  return async (bench) => {
    const { before, after } = await bench.undisturbed(scenario);
    await bench.prepare(scenario);
    const run = await bench.disturb(scenario, [`${point.name}:error=${error}:when=${point.ordinal}${howLong === "once" ? "" : "+"}`]);
    // A run may need fewer calls than the one that was counted (a lock of the kernel was free); then there was nothing to fail.
    const complaints = run.exitCode === 0 ? await unlikeDone(bench, after, point) : rude(run, point, howLong);
    const promised = saysItIsDone(point) ? after : before;
    // Going back is only possible when the kernel lets us.
    const isUndone = run.exitCode !== 0 && howLong === "once" && !scenario.removes && !endsAtOnce(run, point);
    if (isUndone) complaints.push(...(await bench.unlike(promised)));
    if (run.exitCode !== 0) complaints.push(...(await completed(bench, scenario)));
    complaints.push(...(await bench.cleanUp()));
    if (complaints.length === 0) return [];
    return [`${error} ${howLong} for ${point.name} ${point.ordinal}, ${point.text}: ${complaints.slice(0, 5).join("\n")}\n${run.stderr}`];
  };
}

/** What is wrong with the way in which a command failed. */
function rude(run: Disturbed, point: SystemCall, howLong: Duration): string[] {
  // Who cannot write can tell nothing but the status.
  if (point.name === "write" && howLong === "from then on" && run.exitCode === 1 && run.stderr === "") return [];
  if (endsAtOnce(run, point)) return [];
  const hasHint = /^To fix: /m.test(run.stderr);
  if ([1, 4, 5].includes(run.exitCode) && hasHint && !/^ +at /m.test(run.stderr)) return [];
  return [describeResult(run)];
}

/**
 * What is not as a command promised that said it was done. libnftables shows a set as empty whose elements it could not read, and says
 * nothing; so after that the next look has to find them, and `cleanup` does.
 */
async function unlikeDone(bench: Workbench, after: Snapshot, point: SystemCall): Promise<string[]> {
  return isOfNftables(point) ? [] : bench.unlike(after, isHarmless);
}

async function completed(bench: Workbench, scenario: Scenario): Promise<string[]> {
  const again = await bench.run(scenario);
  if (again.exitCode !== 0) return [`the same command again: ${describeResult(again)}`];
  const { after } = await bench.undisturbed(scenario);
  return [...(await bench.unlike(after)), ...(await unsettled(bench, scenario))];
}
