// Directories and links.
import { EBUSY, EEXIST, EISDIR, ENOENT, ENOTEMPTY } from "../errno.ts";
import { errno, fileCalls, rareFileCalls } from "../libc.ts";
import { closeSync, onPath, openIfThere, openSync, pathBytes } from "./descriptor.ts";
import { checked, FileError, unlessGone } from "./file-error.ts";
import { lstatIfThere, statIfThere } from "./status.ts";

// struct linux_dirent64 (include/linux/dirent.h): where the fields are, in bytes.
const RECORD_LENGTH = 16;
const NAME = 19;
const ENTRIES_BYTES = 32_768;

/** The path up to its last slash; empty when it has none. */
export const directoryOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));

/** Turns for a directory that others take away while it is made, or fill while it is removed. Where there are none to be had, as in /proc, the kernel says the same for ever. */
const TURNS = 1000;

/** `recursive`: with those above it, and no error when it is there, whoever else makes it or takes it away meanwhile. @param mode less the umask */
export function mkdirSync(path: string, { recursive = false, mode = 0o777 }: { readonly recursive?: boolean; readonly mode?: number } = {}): void {
  const above = directoryOf(path.replace(/\/+$/, ""));
  for (let turn = 1; ; turn++) {
    if (fileCalls().mkdir(pathBytes(path, "mkdir"), mode) === 0) return;
    const number = errno();
    if (!recursive || turn === TURNS) throw new FileError(number, "mkdir", path);
    if (number === EEXIST) {
      const there = whatIsAt(path);
      if (there === "directory") return;
      if (there === "other") throw new FileError(number, "mkdir", path);
    } else if (number === ENOENT && above !== "") mkdirSync(above, { recursive, mode });
    else throw new FileError(number, "mkdir", path);
  }
}

/** A link to a directory is one. Asked first without following: a link to nothing must not be taken for nothing. */
function whatIsAt(path: string): "directory" | "other" | "nothing" {
  const there = lstatIfThere(path);
  if (there === undefined) return "nothing";
  const target = there.isSymbolicLink() ? statIfThere(path) : there;
  return target?.isDirectory() === true ? "directory" : "other";
}

/** Names in a directory, in no order. */
export const readdirSync = (path: string): string[] => namesIn(openSync(path, "r"), path);

/** None when there is no such directory, or it is taken away while it is read. */
export function readdirIfThere(path: string): string[] {
  const fd = openIfThere(path);
  return fd === undefined ? [] : unlessGone([], () => namesIn(fd, path));
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
  for (let turn = 1; ; turn++) {
    if (fileCalls().unlink(pathBytes(path, "unlink")) === 0) return;
    const number = errno();
    if (number === ENOENT) return;
    if (number !== EISDIR) throw new FileError(number, "unlink", path);
    for (const name of readdirIfThere(path)) removeTree(`${path}/${name}`);
    if (rareFileCalls().rmdir(pathBytes(path, "rmdir")) === 0) return;
    const refused = errno();
    if (refused === ENOENT) return;
    // ENOTEMPTY: somebody has put something in since it was read.
    if (refused !== ENOTEMPTY || turn === TURNS) throw new FileError(refused, "rmdir", path);
  }
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
