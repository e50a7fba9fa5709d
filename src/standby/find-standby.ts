import { closeSync } from "../kernel/files.ts";
import { callLocal, receiveLocal, waitAtMost } from "../kernel/local-caller.ts";
import { peerOf } from "../kernel/local-listener.ts";
import { readProcess } from "../workloads/processes.ts";
import { ENDING, PATIENCE_MS, READY } from "./messages.ts";
import { standbyPath } from "./place.ts";

/** A standby process on the line. */
export interface FoundStandby extends Disposable {
  readonly pid: number;
  readonly fd: number;
  /** False when it is at work, or takes nothing from us. */
  readonly isReady: boolean;
}

/** The standby process, if there is one; waits for its attention at most so many milliseconds. */
export function findStandby(patience = PATIENCE_MS): FoundStandby | undefined {
  const fd = callLocal(standbyPath());
  if (fd === undefined) return undefined;
  const { pid } = peerOf(fd);
  waitAtMost(fd, patience);
  const answer = receiveLocal(fd, new Uint8Array(2))?.[0];
  if (answer !== ENDING) return { pid, fd, isReady: answer === READY, [Symbol.dispose]: () => closeSync(fd) };
  // Its program was replaced.
  closeSync(fd);
  awaitEnd(pid, PATIENCE_MS);
  return undefined;
}

/** Waits until the process is gone, at most so many milliseconds; is it? */
export function awaitEnd(pid: number, patience: number): boolean {
  const start = performance.now();
  while (readProcess(pid) !== undefined) {
    if (performance.now() - start > patience) return false;
    Bun.sleepSync(1);
  }
  return true;
}
