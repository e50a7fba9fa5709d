import { closeSync, openSync } from "../kernel/files.ts";
import { lockFile } from "../kernel/flock.ts";
import { letKeptFilesGo } from "../kernel/leave-to-kernel.ts";

/**
 * One changing command at a time. The kernel keeps the queue and lets go of the lock when its holder ends, so there is no stale lock to
 * break. Children do not inherit the file, or a long workload would hold it.
 */
export function acquireLock(directory: string, onWait?: () => void): Disposable {
  const path = `${directory}/lock`;
  const fd = openSync(path, "a", 0o644);
  try {
    if (!lockFile(fd, path, "try")) {
      onWait?.();
      // Whoever has the lock may delete a namespace, which these would hold for as long as we wait.
      letKeptFilesGo();
      lockFile(fd, path, "wait");
    }
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  return { [Symbol.dispose]: () => closeSync(fd) };
}
