import { VpcctlError } from "../model/errors.ts";

/** Runs file system calls of the store; a failure of one becomes an error that says what to do. `directory` is the store's. */
export function asStoreError<T>(directory: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (error instanceof VpcctlError || !(error instanceof Error) || !("code" in error) || !("syscall" in error)) throw error;
    throw storeError(directory, String(error.code), error.message, error);
  }
}

/** @param code `ENOSPC` @param words what went wrong, in the system's words */
export function storeError(directory: string, code: string, words: string, cause?: unknown): VpcctlError {
  const message = `The saved state in ${directory} cannot be used: ${words}.`;
  if (code === "EACCES" || code === "EPERM") {
    return new VpcctlError({ code: "NotPermitted", message, hint: "Run it with sudo, or in a sandbox: vpcctl sandbox", cause });
  }
  return new VpcctlError({ code: "StoreUnavailable", message, hint: `${remedies[code] ?? "See to that directory and its disk"}, then run the command again.`, cause });
}

const remedies: Readonly<Record<string, string>> = {
  ENOSPC: "Make room on its disk",
  EDQUOT: "Make room on its disk",
  EROFS: "Make its disk writable, or name another directory in VPCCTL_STATE_DIR",
};
