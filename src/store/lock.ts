import { closeSync, openSync } from "node:fs";
import { processCalls } from "../kernel/libc.ts";

const LOCK_EX = 2;
const LOCK_NB = 4;

/**
 * One changing command at a time. The kernel keeps the queue and lets go of the lock when its holder ends, so there is no stale lock to
 * break. Children do not inherit the file, or a long workload would hold it.
 */
export function acquireLock(path: string, onWait?: () => void): Disposable {
  const fd = openSync(path, "a", 0o644);
  const { flock } = processCalls();
  if (flock(fd, LOCK_EX | LOCK_NB) !== 0) {
    onWait?.();
    // A signal that is handled interrupts the wait; then we queue again.
    while (flock(fd, LOCK_EX) !== 0);
  }
  return { [Symbol.dispose]: () => closeSync(fd) };
}
