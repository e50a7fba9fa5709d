import { closeSync, openSync } from "node:fs";
import { constants } from "node:os";
import { dirname } from "node:path";
import { errnoCode } from "../kernel/errors.ts";
import { errno, lockCalls, strerror } from "../kernel/libc.ts";
import { storeError } from "./store-error.ts";

const LOCK_EX = 2;
const LOCK_NB = 4;

/**
 * One changing command at a time. The kernel keeps the queue and lets go of the lock when its holder ends, so there is no stale lock to
 * break. Children do not inherit the file, or a long workload would hold it.
 */
export function acquireLock(path: string, onWait?: () => void): Disposable {
  const fd = openSync(path, "a", 0o644);
  try {
    if (!take(path, fd, LOCK_EX | LOCK_NB)) {
      onWait?.();
      // A signal that is handled interrupts the wait; then we queue again.
      while (!take(path, fd, LOCK_EX));
    }
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  return { [Symbol.dispose]: () => closeSync(fd) };
}

/** False when it is held by another, or a signal came. */
function take(path: string, fd: number, how: number): boolean {
  if (lockCalls().flock(fd, how) === 0) return true;
  const number = errno();
  if (number === constants.errno.EWOULDBLOCK || number === constants.errno.EINTR) return false;
  const code = errnoCode(number);
  throw storeError(dirname(path), code, `${strerror(number)} (${code}), lock '${path}'`);
}
