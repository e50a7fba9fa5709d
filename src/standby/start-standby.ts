import { asKernelError } from "../kernel/errors.ts";
import { closeSync, directoryOf, readFileSync, removeIfThere } from "../kernel/files.ts";
import { makePipe } from "../kernel/pipe.ts";
import { selfCommand } from "../kernel/self-command.ts";
import { VpcctlError } from "../model/errors.ts";
import { readProcess } from "../workloads/processes.ts";
import { haveSameStanding, type Likeness, likenessOf, tryLikenessOf } from "./caller.ts";
import { clearPlace, makeAndHoldPlace } from "./hold-place.ts";
import { socketIn, STANDBY_VERB, standbyPlace } from "./place.ts";
import { endStandby, findStandby } from "./stop-standby.ts";

/** What the starter tells the process-to-be, as JSON in one argument. */
export interface StandbyAssignment {
  readonly place: string;
  /** Milliseconds. */
  readonly idle: number;
}

/** What it says on its standard output when it is heard; anything else is why it is not. */
export const LISTENING = "listening";

export interface StartedStandby {
  readonly pid: number;
  /** False when it was there already. */
  readonly isNew: boolean;
}

/** Starts the standby process, unless it is there. `idle`: milliseconds without a command after which it ends by itself. Throws StandbyUnavailable, KernelError. */
export function startStandby(idle: number): StartedStandby {
  const place = standbyPlace();
  // It would be another directory for each caller, and for the process itself.
  if (!place.startsWith("/")) throw unavailable(`VPCCTL_RUNTIME_DIR must be an absolute path, not ${directoryOf(place)}`);
  return asKernelError(`start a standby process at ${place}`, undefined, () => {
    using _ = makeAndHoldPlace(place);
    const found = findStandby(place);
    try {
      if (found !== undefined && isOfUse(found)) return { pid: found, isNew: false };
      // It runs what vpcctl was before, and would end when it is called.
      if (found !== undefined) endStandby(found, place, () => undefined);
      // Of one that was killed.
      removeIfThere(socketIn(place));
      return { pid: launch({ place, idle }), isNew: true };
    } catch (error) {
      const pid = findStandby(place);
      if (pid === undefined) clearPlace(place);
      // One that a starter had begun who was killed, and that was a moment quicker than ours.
      else if (pid !== found && isOfUse(pid)) return { pid, isNew: false };
      throw error;
    }
  });
}

/** False when another is to take its place. Throws StandbyUnavailable when it is none of ours. */
function isOfUse(pid: number): boolean {
  const own = likenessOf("self");
  const other = likenessAtHome(pid, own);
  if (other !== undefined && haveSameStanding(other, own)) return other.program === own.program;
  if (pid > 0 && readProcess(pid) === undefined) return false;
  const who = pid > 0 ? `process ${pid}` : "a process of another process namespace";
  throw unavailable(`${who} stands by at ${socketIn(standbyPlace())}, for commands with other rights or in other namespaces than this one`);
}

/** Milliseconds. At a change it comes home between one step and the next, which takes a blink as a rule. */
const LONGEST_AWAY_MS = 5_000;

/** As it is in our network namespace; as it is elsewhere when it does not come there, or is another's anyway. */
function likenessAtHome(pid: number, own: Likeness): Likeness | undefined {
  for (const start = performance.now(); ; Bun.sleepSync(1)) {
    const other = tryLikenessOf(pid);
    if (other?.standing !== own.standing || other.network === own.network || performance.now() - start > LONGEST_AWAY_MS) return other;
  }
}

/**
 * A thread that the runtime starts while we are in another network namespace would stay there, and with it the namespace, for as long as
 * the process lives: the standby process has no such threads. Code that is compiled in the thread that should run it holds a command up,
 * so only the first, fast compiler is used; and sooner than usual, for most of it will run again. (Values of JavaScriptCore, which reads
 * them when it starts; these thresholds make a change some 15 % faster than its own.)
 */
const runtimeOptions = {
  BUN_JSC_useConcurrentJIT: "0",
  BUN_JSC_useConcurrentGC: "0",
  BUN_JSC_numberOfGCMarkers: "1",
  BUN_JSC_useDFGJIT: "0",
  BUN_JSC_thresholdForJITAfterWarmUp: "50",
  BUN_JSC_thresholdForJITSoon: "20",
};

function launch(assignment: StandbyAssignment): number {
  const { read, write } = makePipe();
  try {
    const words = [...selfCommand(), STANDBY_VERB, JSON.stringify(assignment)];
    const env = { ...process.env, ...runtimeOptions };
    const child = Bun.spawn(words, { stdin: "ignore", stdout: write, stderr: "ignore", cwd: "/", env, detached: true });
    child.unref();
    closeSync(write);
    // Until it listens, or has ended.
    const answer = readFileSync(read, "utf8");
    if (answer !== LISTENING) throw unavailable(answer === "" ? "it ended before it could be heard" : answer);
    return child.pid;
  } finally {
    closeSync(read);
  }
}

const unavailable = (why: string): VpcctlError =>
  new VpcctlError({
    code: "StandbyUnavailable",
    message: `The standby process did not start: ${why}.`,
    hint: "Everything works without it. See what the machine lacks: vpcctl doctor",
  });
