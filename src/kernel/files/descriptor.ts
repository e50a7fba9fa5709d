// Open files.
import { EINTR, EINVAL, ENOENT } from "../errno.ts";
import { cString, errno, fileCalls, rareFileCalls } from "../libc.ts";
import { checked, FileError, uninterrupted } from "./file-error.ts";

// include/uapi/asm-generic/fcntl.h
const O_RDONLY = 0;
const O_WRONLY = 1;
const O_RDWR = 2;
const O_CREAT = 0o100;
const O_EXCL = 0o200;
const O_TRUNC = 0o1000;
const O_APPEND = 0o2000;
/** Children get only what they are given. */
const O_CLOEXEC = 0o2000000;

const waysToOpen = {
  r: O_RDONLY,
  "r+": O_RDWR,
  w: O_WRONLY | O_CREAT | O_TRUNC,
  wx: O_WRONLY | O_CREAT | O_EXCL,
  a: O_WRONLY | O_CREAT | O_APPEND,
} as const;

/** As fopen's, with `x` for "must not exist yet". */
export type OpenFlags = keyof typeof waysToOpen;

/** @param mode of a file that is made, less the umask */
export function openSync(path: string, flags: OpenFlags, mode = 0o666): number {
  return uninterrupted("open", () => fileCalls().open(pathBytes(path, "open"), waysToOpen[flags] | O_CLOEXEC, mode), path);
}

/** For reading; undefined when there is no such file. Said without an error, which costs more than all else that a look takes. */
export function openIfThere(path: string): number | undefined {
  for (;;) {
    const fd = fileCalls().open(pathBytes(path, "open"), O_RDONLY | O_CLOEXEC, 0);
    if (fd >= 0) return fd;
    const number = errno();
    if (number === ENOENT) return undefined;
    if (number !== EINTR) throw new FileError(number, "open", path);
  }
}

/** After an interruption too the file is closed: nothing is tried again. */
export function closeSync(fd: number): void {
  if (fileCalls().close(fd) === 0) return;
  const number = errno();
  if (number !== EINTR) throw new FileError(number, "close", undefined);
}

/** Reads at `position`, or where the last read ended; 0 at the end of the file. */
export function readSync(fd: number, buffer: Uint8Array, offset: number, length: number, position: number | null): number {
  const into = buffer.subarray(offset, offset + length);
  if (into.length === 0) return 0;
  return uninterrupted("read", () => (position === null ? fileCalls().read(fd, into, into.length) : rareFileCalls().pread(fd, into, into.length, position)));
}

/** Returns how many bytes were written, which may be fewer than there are. */
export function writeSync(fd: number, bytes: Uint8Array): number {
  return bytes.length === 0 ? 0 : uninterrupted("write", () => fileCalls().write(fd, bytes, bytes.length));
}

/** Writes all of it; a text as UTF-8. */
export function writeAll(fd: number, content: string | Uint8Array): void {
  for (let rest: Uint8Array = typeof content === "string" ? Buffer.from(content) : content; rest.length > 0; ) rest = rest.subarray(writeSync(fd, rest));
}

/** Waits until the disk has it. */
export function fsyncSync(fd: number): void {
  uninterrupted("fsync", () => fileCalls().fsync(fd));
}

export function isTerminal(fd: number): boolean {
  return rareFileCalls().isatty(fd) === 1;
}

/** A path as C wants it. */
export function pathBytes(path: string, syscall: string): Uint8Array {
  // C would read the NUL as the path's end.
  if (path.includes("\0")) throw new FileError(EINVAL, syscall, path);
  return cString(path);
}

/** Runs a call on one path. */
export function onPath(syscall: string, path: string, call: (bytes: Uint8Array) => number): number {
  return checked(call(pathBytes(path, syscall)), syscall, path);
}
