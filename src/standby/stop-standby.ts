import { EAGAIN } from "../kernel/errno.ts";
import { KernelError } from "../kernel/errors.ts";
import { callLocal } from "../kernel/local-caller.ts";
import { listenerAt } from "../kernel/local-listener.ts";
import { VpcctlError } from "../model/errors.ts";
import { endProcess, isAlive, type Process, readProcess } from "../workloads/processes.ts";
import { clearPlace, holdPlace } from "./hold-place.ts";
import { encodeRequest, PATIENCE_MS } from "./messages.ts";
import { socketIn, standbyPlace } from "./place.ts";

/** Milliseconds for the command that it is at. That may never end: when nobody reads what it prints, for one. */
const LONG_PATIENCE_MS = 30_000;
/** Milliseconds for the end of a process that was told to end. */
const GRACE_MS = 1_000;

/**
 * Ends the standby process, after the command that it is at, and returns its number; undefined when there was none. One that has not
 * finished after half a minute is ended all the same, which is to that command what a kill is to any: the next one puts right what it left.
 * `onWait` is told when it takes more than a blink.
 */
export function stopStandby(onWait: () => void): number | undefined {
  const place = standbyPlace();
  const held = holdPlace(place, "wait");
  if (typeof held === "string") return undefined;
  using _ = held;
  const pid = findStandby(place);
  if (pid !== undefined) endStandby(pid, place, onWait);
  clearPlace(place);
  return pid;
}

/**
 * Number of the process that stands by, as far as it is of this process namespace (0 otherwise); undefined when there is none. Throws
 * StandbyUnavailable when it cannot be asked for the many that wait for it.
 */
export function findStandby(place: string): number | undefined {
  try {
    return listenerAt(socketIn(place));
  } catch (error) {
    if (error instanceof KernelError && error.errno === EAGAIN) throw isOverrun(socketIn(place));
    throw error;
  }
}

/** For who holds the place. */
export function endStandby(pid: number, place: string, onWait: () => void): void {
  // Never: kill(2) takes 0 for our own process group.
  if (pid <= 0) throw isElsewhere();
  // Known by its start as well from here on: half a minute is long enough for its number to be another's.
  const standby = readProcess(pid);
  if (standby === undefined || (isToldToEnd(place, PATIENCE_MS) && awaitEnd(standby, GRACE_MS))) return;
  // It may have gone in between, since its program was replaced.
  if (awaitEnd(standby, 0)) return;
  onWait();
  if (isToldToEnd(place, LONG_PATIENCE_MS) && awaitEnd(standby, GRACE_MS)) return;
  endProcess(standby, GRACE_MS);
}

/** Waits until the process is gone, at most so many milliseconds; is it? */
function awaitEnd({ pid, started }: Process, patience: number): boolean {
  const start = performance.now();
  while (isAlive(pid, started)) {
    if (performance.now() - start > patience) return false;
    Bun.sleepSync(1);
  }
  return true;
}

const isToldToEnd = (place: string, patience: number): boolean => typeof callLocal(socketIn(place), encodeRequest({ stop: true }), patience) !== "string";

const isElsewhere = (): VpcctlError =>
  new VpcctlError({
    code: "NotPermitted",
    message: "The standby process is in another process namespace.",
    hint: "Stop it from where it was started: vpcctl stop-standby",
  });

const isOverrun = (socket: string): VpcctlError =>
  new VpcctlError({
    code: "StandbyUnavailable",
    message: "So many commands have called the standby process without an answer that it hears no more.",
    hint: `It has been stopped, or is at a command that does not end. See which it is, and end it: ss -xlp | grep ${socket}`,
  });
