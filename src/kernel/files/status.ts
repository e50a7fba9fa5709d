// What a file is. `statx` and not `stat`: its structure is the same on every machine, and every C library since 2018 has it.
import { ENOENT } from "../errno.ts";
import { errno, fileCalls } from "../libc.ts";
import { pathBytes } from "./descriptor.ts";
import { FileError } from "./file-error.ts";

const AT_FDCWD = -100;
const AT_SYMLINK_NOFOLLOW = 0x100;
const AT_EMPTY_PATH = 0x1000;
/** All that `stat` tells. */
const STATX_BASIC_STATS = 0x7ff;

// include/uapi/linux/stat.h, struct statx: where the fields are, in bytes.
const STATX_BYTES = 256;
const MODE = 28;
const INODE = 32;
const SIZE = 40;
const DEVICE_MAJOR = 136;
const DEVICE_MINOR = 140;

// The kind of a file: the upper four bits of its mode.
const S_IFMT = 0o170000;
const S_IFCHR = 0o020000;
const S_IFDIR = 0o040000;
const S_IFREG = 0o100000;
const S_IFIFO = 0o010000;
const S_IFLNK = 0o120000;
const S_IFSOCK = 0o140000;

const noPath = Uint8Array.of(0);

export class Stats {
  /** Kind and rights. */
  readonly mode: number;
  /** Exact below 2^53. */
  readonly ino: number;
  /** Bytes. */
  readonly size: number;
  /** Of the device the file is on; the same number for the same device. */
  readonly dev: number;

  constructor(statx: DataView) {
    this.mode = statx.getUint16(MODE, true);
    this.ino = whole(statx, INODE);
    this.size = whole(statx, SIZE);
    this.dev = statx.getUint32(DEVICE_MAJOR, true) * 2 ** 32 + statx.getUint32(DEVICE_MINOR, true);
  }

  isFile(): boolean {
    return (this.mode & S_IFMT) === S_IFREG;
  }

  isDirectory(): boolean {
    return (this.mode & S_IFMT) === S_IFDIR;
  }

  isSymbolicLink(): boolean {
    return (this.mode & S_IFMT) === S_IFLNK;
  }

  isFIFO(): boolean {
    return (this.mode & S_IFMT) === S_IFIFO;
  }

  isSocket(): boolean {
    return (this.mode & S_IFMT) === S_IFSOCK;
  }

  isCharacterDevice(): boolean {
    return (this.mode & S_IFMT) === S_IFCHR;
  }
}

const whole = (statx: DataView, at: number): number => statx.getUint32(at, true) + statx.getUint32(at + 4, true) * 2 ** 32;

export function fstatSync(fd: number): Stats {
  const found = status(fd, noPath, AT_EMPTY_PATH);
  if (typeof found === "number") throw new FileError(found, "fstat", undefined);
  return found;
}

/** Are both there, and one and the same file, whatever its names? */
export function isSameFile(a: Stats | undefined, b: Stats | undefined): boolean {
  return a !== undefined && a.ino === b?.ino && a.dev === b.dev;
}

export function statSync(path: string): Stats {
  return present(statIfThere(path), "stat", path);
}

/** `undefined` when there is no such file. */
export function statIfThere(path: string): Stats | undefined {
  return statusOf(path, "stat", 0);
}

/** Of the link itself when it is a symbolic link. */
export function lstatSync(path: string): Stats {
  return present(lstatIfThere(path), "lstat", path);
}

/** `undefined` when there is no such file. */
export function lstatIfThere(path: string): Stats | undefined {
  return statusOf(path, "lstat", AT_SYMLINK_NOFOLLOW);
}

/** False also for what this process may not look at. */
export function existsSync(path: string): boolean {
  return typeof status(AT_FDCWD, pathBytes(path, "stat"), 0) === "object";
}

function present(found: Stats | undefined, syscall: string, path: string): Stats {
  if (found === undefined) throw new FileError(ENOENT, syscall, path);
  return found;
}

function statusOf(path: string, syscall: string, flags: number): Stats | undefined {
  const found = status(AT_FDCWD, pathBytes(path, syscall), flags);
  if (typeof found === "object") return found;
  if (found === ENOENT) return undefined;
  throw new FileError(found, syscall, path);
}

/** The errno when it failed. */
function status(fd: number, path: Uint8Array, flags: number): Stats | number {
  const buffer = new Uint8Array(STATX_BYTES);
  if (fileCalls().statx(fd, path, flags, STATX_BASIC_STATS, buffer) !== 0) return errno();
  return new Stats(new DataView(buffer.buffer));
}
