// Being in another network namespace for a moment.
//
// A thread is in one network namespace at a time. Everything that drives the kernel here is synchronous, so "enter, act, leave"
// cannot be interleaved with anything else on the thread. A process that cannot get back would go on working on the wrong machine,
// so it ends on the spot.
import { ESRCH, errnoCode } from "./errno.ts";
import { closeSync, fstatSync, openSync } from "./files.ts";
import { asKernelError, KernelError } from "./errors.ts";
import { abort, errno, namespaceCalls } from "./libc.ts";
import { namespacePath } from "./namespace-directory.ts";

const CLONE_NEWNET = 0x40000000;
/** The network namespace the thread is in. */
export const THIS_NAMESPACE = "/proc/thread-self/ns/net";

let homeFd: number | undefined;
/** Where the thread is; "" is home. */
let current = "";

/** Opened once, on first use, so that "home" is where the process was started. */
function home(): number {
  return (homeFd ??= openHere());
}

function openHere(): number {
  return asKernelError("open the present network namespace", undefined, () => openSync(THIS_NAMESPACE, "r"));
}

/** A namespace held open: lives on, and can be named to the kernel by number, until closed. */
export class NamespaceHandle {
  readonly fd: number;

  constructor(name: string) {
    this.fd = name === "" ? inNamespace("", openHere) : openNamespace(`open namespace ${name}`, name);
  }

  close(): void {
    closeSync(this.fd);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * Runs `fn` in a namespace ("" is the host's own) and comes back. `fn` must be synchronous: a promise is a bug and throws.
 * Throws a KernelError (ENOENT, EINVAL) when the namespace does not exist. May be nested.
 */
export function inNamespace<T>(name: string, fn: () => T): T {
  if (name === current) return synchronous(fn);
  return andBack(name, () => enter(name), () => synchronous(fn));
}

/**
 * Makes a namespace and runs `fn` in it, then comes back; without a name of its own it goes when nothing holds it.
 * `name` is what errors call it.
 */
export function inNewNamespace<T>(name: string, fn: () => T): T {
  return andBack(name, () => succeed(namespaceCalls().unshare(CLONE_NEWNET), `create namespace ${name}`), () => synchronous(fn));
}

/** A process that is known by its number, and the network namespace it is in, by the inode. */
export interface ProcessPlace {
  readonly pid: number;
  readonly inode: number;
}

/**
 * Runs `fn` in the namespace of a process and comes back. Throws a KernelError (ENOENT, ESRCH) when the process is gone or in another
 * namespace than the one that is meant: its number may be another's by now. `name` is what errors call the namespace.
 */
export function inNamespaceOfProcess<T>(name: string, { pid, inode }: ProcessPlace, fn: () => T): T {
  const operation = `enter the network namespace of process ${pid}`;
  const go = (): void => {
    const fd = asKernelError(operation, undefined, () => openSync(`/proc/${pid}/ns/net`, "r"));
    try {
      if (fstatSync(fd).ino !== inode) throw new KernelError(operation, undefined, ESRCH);
      succeed(namespaceCalls().setns(fd, CLONE_NEWNET), operation);
    } finally {
      closeSync(fd);
    }
  };
  return andBack(name, go, () => synchronous(fn));
}

function synchronous<T>(fn: () => T): T {
  const result = fn();
  if (result instanceof Promise) throw new TypeError("only synchronous code may run in another namespace");
  return result;
}

function enter(name: string): void {
  if (name === "") return succeed(namespaceCalls().setns(home(), CLONE_NEWNET), "enter the host's namespace");
  const operation = `enter namespace ${name}`;
  const fd = openNamespace(operation, name);
  try {
    succeed(namespaceCalls().setns(fd, CLONE_NEWNET), operation);
  } finally {
    closeSync(fd);
  }
}

function openNamespace(operation: string, name: string): number {
  return asKernelError(operation, undefined, () => openSync(namespacePath(name), "r"));
}

function succeed(result: number, operation: string): void {
  if (result !== 0) throw new KernelError(operation, undefined, errno());
}

/** Goes to the namespace called `name`, runs `fn` there and brings the thread back to where it was before. */
function andBack<T>(name: string, go: () => void, fn: () => T): T {
  const previous = current;
  // Only the host's namespace is held open for good. Nesting is rare, and a name might be gone by the time we go back.
  const back = previous === "" ? home() : openHere();
  go();
  current = name;
  try {
    return fn();
  } finally {
    if (namespaceCalls().setns(back, CLONE_NEWNET) !== 0) {
      process.stderr.write(`cannot get back from network namespace ${name} (${errnoCode(errno())}); ending at once\n`);
      abort();
    }
    current = previous;
    if (previous !== "") closeSync(back);
  }
}
