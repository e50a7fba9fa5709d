import { EAGAIN, EINTR, errnoCode } from "../kernel/errno.ts";
import { closeSync, openSync } from "../kernel/files.ts";
import { letKeptFilesGo } from "../kernel/leave-to-kernel.ts";
import { errno, lockCalls, strerror } from "../kernel/libc.ts";
import { storeError } from "./store-error.ts";

const LOCK_EX = 2;
const LOCK_NB = 4;

/**
 * One changing command at a time. The kernel keeps the queue and lets go of the lock when its holder ends, so there is no stale lock to
 * break. Children do not inherit the file, or a long workload would hold it.
 */
export function acquireLock(directory: string, onWait?: () => void): Disposable {
  const path = `${directory}/lock`;
  const fd = openSync(path, "a", 0o644);
  try {
    if (!take(directory, fd, LOCK_EX | LOCK_NB)) {
      onWait?.();
      // Whoever has the lock may delete a namespace, which these would hold for as long as we wait.
      letKeptFilesGo();
      // A signal that is handled interrupts the wait; then we queue again.
      while (!take(directory, fd, LOCK_EX));
    }
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  return { [Symbol.dispose]: () => closeSync(fd) };
}

/** False when it is held by another, or a signal came. */
function take(directory: string, fd: number, how: number): boolean {
  if (lockCalls().flock(fd, how) === 0) return true;
  const number = errno();
  if (number === EAGAIN || number === EINTR) return false;
  const code = errnoCode(number);
  throw storeError(directory, code, `${strerror(number)} (${code}), lock '${directory}/lock'`);
}
