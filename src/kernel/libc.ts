// The one door to the C library. Symbols come in groups, each opened on first use: a symbol costs about 14 us to bind, so a
// command pays only for the groups it needs, and importing this file costs nothing.
//
// Lengths go in as u64 (size_t) and come back as i32: no buffer here is near 2 GiB, and i64 would arrive as a BigInt.
import { CString, dlopen, type FFIFunction, type Library, ptr, read, type Pointer } from "bun:ffi";

const LIBRARY = "libc.so.6";

let errnoLocation: Pointer | bigint | undefined;

/** Calls that are looked up together, on first use. */
function group<const Calls extends Readonly<Record<string, FFIFunction>>>(calls: () => Calls): () => Library<Calls>["symbols"] {
  let opened: Library<Calls>["symbols"] | undefined;
  return () => {
    // Known before the first call is made: to ask the loader for it after a call has failed might change it.
    errnoLocation ??= findErrno();
    return (opened ??= dlopen(LIBRARY, calls()).symbols);
  };
}

function findErrno(): Pointer | bigint {
  const location = dlopen(LIBRARY, { __errno_location: { args: [], returns: "ptr" } }).symbols.__errno_location();
  if (location === null) throw new Error("the C library has no errno");
  return location;
}

/** Entering, making, naming and leaving namespaces. */
export const namespaceCalls = group(() => ({
  setns: { args: ["i32", "i32"], returns: "i32" },
  unshare: { args: ["i32"], returns: "i32" },
  mount: { args: ["ptr", "ptr", "ptr", "u64", "ptr"], returns: "i32" },
  umount2: { args: ["ptr", "i32"], returns: "i32" },
}));

/** Sockets of every family. Addresses are raw `sockaddr` bytes. */
export const socketCalls = group(() => ({
  socket: { args: ["i32", "i32", "i32"], returns: "i32" },
  close: { args: ["i32"], returns: "i32" },
  setsockopt: { args: ["i32", "i32", "i32", "ptr", "u32"], returns: "i32" },
  send: { args: ["i32", "ptr", "u64", "i32"], returns: "i32" },
  recv: { args: ["i32", "ptr", "u64", "i32"], returns: "i32" },
}));

/** Handing an open file to another socket. */
export const handOverCalls = group(() => ({
  socketpair: { args: ["i32", "i32", "i32", "ptr"], returns: "i32" },
  sendmsg: { args: ["i32", "ptr", "i32"], returns: "i32" },
}));

/** Speaking to a process that listens at a path. All in one, because a command pays for them before it does anything else. */
export const callerCalls = group(() => ({
  socket: { args: ["i32", "i32", "i32"], returns: "i32" },
  connect: { args: ["i32", "ptr", "u32"], returns: "i32" },
  setsockopt: { args: ["i32", "i32", "i32", "ptr", "u32"], returns: "i32" },
  sendmsg: { args: ["i32", "ptr", "i32"], returns: "i32" },
  recv: { args: ["i32", "ptr", "u64", "i32"], returns: "i32" },
  eventfd: { args: ["u32", "i32"], returns: "i32" },
  read: { args: ["i32", "ptr", "u64"], returns: "i32" },
  close: { args: ["i32"], returns: "i32" },
}));

/** What only a listener needs on top of `socketCalls` and `probeCalls`. */
export const listenerCalls = group(() => ({
  listen: { args: ["i32", "i32"], returns: "i32" },
  accept4: { args: ["i32", "ptr", "ptr", "i32"], returns: "i32" },
  recvmsg: { args: ["i32", "ptr", "i32"], returns: "i32" },
}));

/** What an open socket is. */
export const socketKindCalls = group(() => ({ getsockopt: { args: ["i32", "i32", "i32", "ptr", "ptr"], returns: "i32" } }));

/** What probes and listeners need on top of `socketCalls`. */
export const probeCalls = group(() => ({
  bind: { args: ["i32", "ptr", "u32"], returns: "i32" },
  connect: { args: ["i32", "ptr", "u32"], returns: "i32" },
  shutdown: { args: ["i32", "i32"], returns: "i32" },
  sendto: { args: ["i32", "ptr", "u64", "i32", "ptr", "u32"], returns: "i32" },
  recvfrom: { args: ["i32", "ptr", "u64", "i32", "ptr", "ptr"], returns: "i32" },
  getsockopt: { args: ["i32", "i32", "i32", "ptr", "ptr"], returns: "i32" },
  poll: { args: ["ptr", "u64", "i32"], returns: "i32" },
}));

/** Files: what nearly every command needs. `size_t` and `off_t` go in as numbers. */
export const fileCalls = group(() => ({
  open: { args: ["ptr", "i32", "u32"], returns: "i32" },
  close: { args: ["i32"], returns: "i32" },
  read: { args: ["i32", "ptr", "u64"], returns: "i32" },
  write: { args: ["i32", "ptr", "u64"], returns: "i32" },
  fsync: { args: ["i32"], returns: "i32" },
  statx: { args: ["i32", "ptr", "i32", "u32", "ptr"], returns: "i32" },
  rename: { args: ["ptr", "ptr"], returns: "i32" },
  unlink: { args: ["ptr"], returns: "i32" },
  mkdir: { args: ["ptr", "u32"], returns: "i32" },
}));

/** Files: what few commands need. */
export const rareFileCalls = group(() => ({
  pread: { args: ["i32", "ptr", "u64", "i64"], returns: "i32" },
  rmdir: { args: ["ptr"], returns: "i32" },
  chmod: { args: ["ptr", "u32"], returns: "i32" },
  access: { args: ["ptr", "i32"], returns: "i32" },
  readlink: { args: ["ptr", "ptr", "u64"], returns: "i32" },
  symlink: { args: ["ptr", "ptr"], returns: "i32" },
  getdents64: { args: ["i32", "ptr", "u64"], returns: "i32" },
  isatty: { args: ["i32"], returns: "i32" },
}));

/** Locks. By themselves, because each command that changes something needs one, and few need more of what processes do. */
export const lockCalls = group(() => ({ flock: { args: ["i32", "i32"], returns: "i32" } }));

/** System calls on the files of another process, by their numbers. */
export const processFileCalls = group(() => ({ syscall: { args: ["u64", "u64", "u64", "u64"], returns: "i32" } }));

/** The life of processes. Strings and string arrays are made with `cString` and `cStrings`. */
export const processCalls = group(() => ({
  prctl: { args: ["i32", "u64", "u64", "u64", "u64"], returns: "i32" },
  execve: { args: ["ptr", "ptr", "ptr"], returns: "i32" },
  setsid: { args: [], returns: "i32" },
  setpgid: { args: ["i32", "i32"], returns: "i32" },
  tcsetpgrp: { args: ["i32", "i32"], returns: "i32" },
  kill: { args: ["i32", "i32"], returns: "i32" },
  getuid: { args: [], returns: "u32" },
  geteuid: { args: [], returns: "u32" },
  getppid: { args: [], returns: "i32" },
  waitpid: { args: ["i32", "ptr", "i32"], returns: "i32" },
  dup2: { args: ["i32", "i32"], returns: "i32" },
  pipe2: { args: ["ptr", "i32"], returns: "i32" },
  signal: { args: ["i32", "ptr"], returns: "ptr" },
  chdir: { args: ["ptr"], returns: "i32" },
  umask: { args: ["u32"], returns: "u32" },
  fcntl: { args: ["i32", "i32", "i32"], returns: "i32" },
  setrlimit: { args: ["i32", "ptr"], returns: "i32" },
}));

const errorCalls = group(() => ({
  strerror: { args: ["i32"], returns: "ptr" },
  abort: { args: [], returns: "void" },
}));

/**
 * The errno of the call that failed last on this thread; ask right after the failed call, before anything else.
 * The location belongs to the thread, and each JavaScript thread has its own copy of this module.
 */
export function errno(): number {
  return errnoLocation === undefined ? 0 : read.i32(errnoLocation, 0);
}

/** The C library's words for an errno: `File exists`. */
export function strerror(number: number): string {
  const text = errorCalls().strerror(number);
  return text === null ? `error ${number}` : new CString(text).toString();
}

/** Ends the process at once with SIGABRT, running no JavaScript. */
export function abort(): never {
  errorCalls().abort();
  throw new Error("abort() returned");
}

/** A NUL-terminated copy of `text`. Throws when `text` holds a NUL itself, which C would read as its end. */
export function cString(text: string): Uint8Array {
  if (text.includes("\0")) throw new TypeError("a string for the kernel must not contain a NUL character");
  return Buffer.from(`${text}\0`);
}

/**
 * A NULL-terminated `char *[]`; keep the returned object alive until the call is over. Bytes must end with a NUL of their own: they
 * are for text of others, such as an environment, that need not be valid UTF-8.
 */
export function cStrings(texts: readonly (string | Uint8Array)[]): {
  readonly array: BigUint64Array;
  readonly strings: readonly Uint8Array[];
} {
  const strings = texts.map((text) => (typeof text === "string" ? cString(text) : text));
  const array = new BigUint64Array(strings.length + 1);
  strings.forEach((string, index) => (array[index] = addressOf(string)));
  return { array, strings };
}

/** Where these bytes are, for a C structure that points at them. Keep them reachable until the call is over. */
export const addressOf = (bytes: NodeJS.TypedArray): bigint => BigInt(ptr(bytes));

/** The text at a `char *` that C owns; empty for NULL. */
export function textAt(pointer: Pointer | bigint | null): string {
  return pointer === null ? "" : new CString(pointer).toString();
}
