// Files as a whole.
import { ENOENT } from "../errno.ts";
import { errno, fileCalls, rareFileCalls } from "../libc.ts";
import { closeSync, onPath, openIfThere, openSync, type OpenFlags, pathBytes, readSync, writeAll } from "./descriptor.ts";
import { FileError, unlessGone } from "./file-error.ts";

export type TextEncoding = "utf8" | "latin1";

/** Larger than nearly every file that is read; of memory only what is written to counts. */
const FIRST_READ_BYTES = 65_536;

/** The whole content. A number is an open file: what it still holds. Works for /proc too, whose files have no size. */
export function readFileSync(file: string | number): Buffer;
export function readFileSync(file: string | number, encoding: TextEncoding): string;
export function readFileSync(file: string | number, encoding?: TextEncoding): string | Buffer {
  if (typeof file === "number") return readToEnd(file, encoding);
  const fd = openSync(file, "r");
  try {
    return readToEnd(fd, encoding);
  } finally {
    closeSync(fd);
  }
}

/** Undefined when there is no such file, or it is taken away while it is read. */
export function readFileIfThere(path: string, encoding: TextEncoding): string | undefined {
  const fd = openIfThere(path);
  if (fd === undefined) return undefined;
  try {
    return unlessGone(undefined, () => readFileSync(fd, encoding));
  } finally {
    closeSync(fd);
  }
}

function readToEnd(fd: number, encoding: TextEncoding | undefined): string | Buffer {
  let buffer = Buffer.allocUnsafe(FIRST_READ_BYTES);
  let length = 0;
  for (;;) {
    const count = readSync(fd, buffer, length, buffer.length - length, null);
    if (count === 0) break;
    length += count;
    if (length === buffer.length) buffer = Buffer.concat([buffer], length * 2);
  }
  return encoding === undefined ? buffer.subarray(0, length) : buffer.toString(encoding, 0, length);
}

/** @param mode of a file that is made, less the umask */
export function writeFileSync(path: string, content: string | Uint8Array, { flag = "w", mode = 0o666 }: { readonly flag?: OpenFlags; readonly mode?: number } = {}): void {
  const fd = openSync(path, flag, mode);
  try {
    writeAll(fd, content);
  } finally {
    closeSync(fd);
  }
}

/** What was at `to` goes, in the same instant. */
export function renameSync(from: string, to: string): void {
  if (fileCalls().rename(pathBytes(from, "rename"), pathBytes(to, "rename")) !== 0) throw new FileError(errno(), "rename", from, ` '${from}' -> '${to}'`);
}

export function unlinkSync(path: string): void {
  onPath("unlink", path, (bytes) => fileCalls().unlink(bytes));
}

/** Removes a file that may be there. */
export function removeIfThere(path: string): void {
  if (fileCalls().unlink(pathBytes(path, "unlink")) === 0) return;
  const number = errno();
  if (number !== ENOENT) throw new FileError(number, "unlink", path);
}

export function chmodSync(path: string, mode: number): void {
  onPath("chmod", path, (bytes) => rareFileCalls().chmod(bytes, mode));
}

/** May this process execute it? (Also a directory may be "executed".) */
export function mayExecute(path: string): boolean {
  const X_OK = 1;
  return rareFileCalls().access(pathBytes(path, "access"), X_OK) === 0;
}
