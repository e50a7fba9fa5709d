import { EINTR, errnoCode } from "../errno.ts";
import { errno, strerror } from "../libc.ts";

/** A file system call that failed: the same facts under the same names, and the same sentence, as an error of node:fs. */
export class FileError extends Error implements NodeJS.ErrnoException {
  override readonly name = "FileError";
  /** `ENOENT` */
  readonly code: string;
  /** The kernel's number, negative. */
  readonly errno: number;
  /** `open` */
  readonly syscall: string;
  readonly path?: string;

  /** @param where what stands after the call: `'/run/a' -> '/run/b'` */
  constructor(number: number, syscall: string, path: string | undefined, where = path === undefined ? "" : ` '${path}'`) {
    const code = errnoCode(number);
    const words = strerror(number);
    super(`${code}: ${words.charAt(0).toLowerCase()}${words.slice(1)}, ${syscall}${where}`);
    this.code = code;
    this.errno = -number;
    this.syscall = syscall;
    if (path !== undefined) this.path = path;
  }
}

/** The result of a call. Throws FileError when it failed. */
export function checked(result: number, syscall: string, path?: string): number {
  if (result < 0) throw new FileError(errno(), syscall, path);
  return result;
}

/** The same for calls that wait: made again for as long as only a signal ended them. */
export function uninterrupted(syscall: string, call: () => number, path?: string): number {
  for (;;) {
    const result = call();
    if (result >= 0) return result;
    const number = errno();
    if (number !== EINTR) throw new FileError(number, syscall, path);
  }
}

/**
 * What `read` returns; `gone` when the kernel says that there is no such thing. What is open already has nothing to tell either, once it has
 * been taken away: a directory, or a setting of a link.
 */
export function unlessGone<T>(gone: T, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof FileError && error.code === "ENOENT") return gone;
    throw error;
  }
}
