// Directories and links.
import { EBUSY, EEXIST, EISDIR, ENOENT, ENOTEMPTY } from "../errno.ts";
import { errno, fileCalls, rareFileCalls } from "../libc.ts";
import { closeSync, onPath, openIfThere, openSync, pathBytes } from "./descriptor.ts";
import { checked, FileError } from "./file-error.ts";
import { statIfThere } from "./status.ts";

// struct linux_dirent64 (include/linux/dirent.h): where the fields are, in bytes.
const RECORD_LENGTH = 16;
const NAME = 19;
const ENTRIES_BYTES = 32_768;

/** The path up to its last slash. */
export const directoryOf = (path: string): string => path.slice(0, path.lastIndexOf("/"));

/** `recursive`: with those above it, and no error when it is there. @param mode less the umask */
export function mkdirSync(path: string, { recursive = false, mode = 0o777 }: { readonly recursive?: boolean; readonly mode?: number } = {}): void {
  if (fileCalls().mkdir(pathBytes(path, "mkdir"), mode) === 0) return;
  const number = errno();
  if (recursive && number === EEXIST && statIfThere(path)?.isDirectory() === true) return;
  const above = directoryOf(path.replace(/\/+$/, ""));
  if (!recursive || number !== ENOENT || above === "") throw new FileError(number, "mkdir", path);
  mkdirSync(above, { recursive, mode });
  mkdirSync(path, { recursive, mode });
}

/** Names in a directory, in no order. */
export const readdirSync = (path: string): string[] => namesIn(openSync(path, "r"), path);

/** None when there is no such directory. */
export function readdirIfThere(path: string): string[] {
  const fd = openIfThere(path);
  return fd === undefined ? [] : namesIn(fd, path);
}

/** Closes the directory. */
function namesIn(fd: number, path: string): string[] {
  try {
    const buffer = Buffer.allocUnsafe(ENTRIES_BYTES);
    const names: string[] = [];
    for (;;) {
      const length = checked(rareFileCalls().getdents64(fd, buffer, buffer.length), "scandir", path);
      if (length === 0) return names;
      for (let at = 0; at < length; at += buffer.readUInt16LE(at + RECORD_LENGTH)) {
        const name = buffer.toString("utf8", at + NAME, buffer.indexOf(0, at + NAME));
        if (name !== "." && name !== "..") names.push(name);
      }
    }
  } finally {
    closeSync(fd);
  }
}

/** Removes an empty directory. */
export function rmdirSync(path: string): void {
  onPath("rmdir", path, (bytes) => rareFileCalls().rmdir(bytes));
}

/** Removes a directory that may be there and may be empty; one that is in use stays. */
export function removeIfEmpty(path: string): void {
  if (rareFileCalls().rmdir(pathBytes(path, "rmdir")) === 0) return;
  const number = errno();
  if (number !== ENOENT && number !== ENOTEMPTY && number !== EBUSY) throw new FileError(number, "rmdir", path);
}

/** Removes a file, a link (never what it points to) or a directory with all that is in it; nothing when there is none. */
export function removeTree(path: string): void {
  if (fileCalls().unlink(pathBytes(path, "unlink")) === 0) return;
  const number = errno();
  if (number === ENOENT) return;
  if (number !== EISDIR) throw new FileError(number, "unlink", path);
  for (const name of readdirSync(path)) removeTree(`${path}/${name}`);
  rmdirSync(path);
}

/** Where a symbolic link points. */
export function readlinkSync(path: string): string {
  // PATH_MAX: no target is longer.
  const buffer = Buffer.allocUnsafe(4096);
  const length = onPath("readlink", path, (bytes) => rareFileCalls().readlink(bytes, buffer, buffer.length));
  return buffer.toString("utf8", 0, length);
}

/** Makes a symbolic link at `path`. */
export function symlinkSync(target: string, path: string): void {
  onPath("symlink", path, (bytes) => rareFileCalls().symlink(pathBytes(target, "symlink"), bytes));
}
