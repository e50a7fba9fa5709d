// Where the standby process listens belongs to one process at a time: to who starts it, to who ends it, or to itself when it goes. The lock is
// on the directory, which is there before the socket and goes after it.
import { EINTR } from "../kernel/errno.ts";
import { closeSync, fstatSync, openSync, statIfThere } from "../kernel/files.ts";
import { errno, lockCalls } from "../kernel/libc.ts";
import { runtimeDirectory } from "../workloads/runtime-directory.ts";

const LOCK_EX = 2;
const LOCK_NB = 4;

/**
 * Holds it until disposed of. `wait`: as long as it takes; `try`: undefined when another has it. Undefined also when there is no directory.
 * Throws a FileError when it cannot be opened.
 */
export function holdPlace(how: "wait" | "try"): Disposable | undefined {
  for (;;) {
    if (statIfThere(runtimeDirectory()) === undefined) return undefined;
    const directory = openSync(runtimeDirectory(), "r");
    if (!lock(directory, how === "wait" ? LOCK_EX : LOCK_EX | LOCK_NB)) {
      closeSync(directory);
      return undefined;
    }
    if (isStill(directory)) return { [Symbol.dispose]: () => closeSync(directory) };
    // Who had it before has taken the directory away, and another may be there.
    closeSync(directory);
  }
}

function lock(directory: number, how: number): boolean {
  do if (lockCalls().flock(directory, how) === 0) return true;
  while (errno() === EINTR);
  return false;
}

function isStill(directory: number): boolean {
  const [open, named] = [fstatSync(directory), statIfThere(runtimeDirectory())];
  return open.ino === named?.ino && open.dev === named.dev;
}
