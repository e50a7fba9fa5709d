// Locks on open files (flock(2)): the kernel keeps the queue, and lets go of a lock when its holder ends.
import { EAGAIN, EINTR } from "./errno.ts";
import { FileError } from "./files.ts";
import { errno, lockCalls } from "./libc.ts";

const LOCK_EX = 2;
const LOCK_NB = 4;

/** Locks an open file until it is closed. `try`: false when another has it; `wait`: as long as another has it. `path` is what a FileError calls it. */
export function lockFile(fd: number, path: string, how: "wait" | "try"): boolean {
  for (;;) {
    if (lockCalls().flock(fd, how === "wait" ? LOCK_EX : LOCK_EX | LOCK_NB) === 0) return true;
    const number = errno();
    if (number === EAGAIN) return false;
    // A signal that is handled interrupts the wait; then we queue again.
    if (number !== EINTR) throw new FileError(number, "flock", path);
  }
}
