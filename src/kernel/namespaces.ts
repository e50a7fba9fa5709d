// Named network namespaces, as `ip netns` knows them: a file in /run/netns with the namespace bind-mounted on it.
//
// A thread is in one network namespace at a time. Everything that drives the kernel here is synchronous, so "enter, act, leave"
// cannot be interleaved with anything else on the thread. A process that cannot get back would go on working on the wrong machine,
// so it ends on the spot.
import { closeSync, openSync, readdirSync, statSync, unlinkSync } from "node:fs";
import { constants } from "node:os";
import { errnoCode, KernelError } from "./errors.ts";
import { abort, cString, errno, namespaceCalls } from "./libc.ts";
import { NAMESPACE_DIRECTORY, prepareNamespaceDirectory, releaseNamespaceDirectory } from "./namespace-directory.ts";

const CLONE_NEWNET = 0x40000000;
const MS_BIND = 0x1000;
const MNT_DETACH = 2;
const THIS_NAMESPACE = "/proc/thread-self/ns/net";

let homeFd: number | undefined;
let current = "";

/** Opened once, on first use, so that "home" is where the process was started. */
function home(): number {
  return (homeFd ??= openSync(THIS_NAMESPACE, "r"));
}

/** Path of a named namespace. Throws a KernelError (EINVAL) for a name that is not a plain file name. */
export function namespacePath(name: string): string {
  if (name === "" || name === "." || name === ".." || name.includes("/") || name.includes("\0")) {
    throw new KernelError(`use ${JSON.stringify(name)} as the name of a namespace`, "", constants.errno.EINVAL);
  }
  return `${NAMESPACE_DIRECTORY}/${name}`;
}

/** Runs a file system call; its failure becomes a KernelError. */
function attempt<T>(operation: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (error instanceof Error && "errno" in error && typeof error.errno === "number") {
      throw new KernelError(operation, "", Math.abs(error.errno));
    }
    throw error;
  }
}

/**
 * Makes a namespace with this name; its loopback is down. An empty file left by a process killed in here is taken over.
 * Throws a KernelError (EEXIST) when the namespace exists.
 */
export function createNamespace(name: string): void {
  createNamespaceAnd(name, () => undefined);
}

/**
 * Like `createNamespace`, and calls `inside` while the thread is in the new namespace anyway. Undone when `inside` throws.
 * The name appears only after `inside` has returned: what it does (such as setting a mark of ownership) is there from the first
 * instant at which anybody can see the namespace, and a process killed before leaves no namespace at all.
 */
export function createNamespaceAnd<T>(name: string, inside: () => T): T {
  const path = namespacePath(name);
  const operation = `create namespace ${name}`;
  attempt(operation, prepareNamespaceDirectory);
  claim(path, operation);
  try {
    return unshareOnto(name, path, operation, inside);
  } catch (error) {
    namespaceCalls().umount2(cString(path), MNT_DETACH);
    unlinkSync(path);
    releaseNamespaceDirectory();
    throw error;
  }
}

// A file to mount on that a killed creation leaves behind must be known as ours: the sticky bit, set by the very call that makes the
// file and meaningless on it, is the sign.
const CLAIM_MODE = 0o1000;

/** Makes the file to mount on. O_EXCL tells in one call that there is nothing to take over. */
function claim(path: string, operation: string): void {
  try {
    closeSync(openSync(path, "wx", CLAIM_MODE));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) {
      attempt(operation, () => {
        throw error;
      });
    }
    if (isNamespaceFile(path)) throw new KernelError(operation, "", constants.errno.EEXIST);
  }
}

function unshareOnto<T>(name: string, path: string, operation: string, inside: () => T): T {
  const unshare = (): void => {
    if (namespaceCalls().unshare(CLONE_NEWNET) !== 0) throw new KernelError(operation, "", errno());
  };
  return andBack(name, unshare, () => {
    const result = inside();
    if (namespaceCalls().mount(cString(THIS_NAMESPACE), cString(path), null, MS_BIND, null) !== 0) {
      throw new KernelError(operation, "", errno());
    }
    return result;
  });
}

/**
 * Takes a namespace's name away; the kernel then takes the namespace down when no process, socket or link peer needs it any more.
 * Also removes a plain file left by a killed creation. Throws a KernelError (ENOENT) when there is no such name.
 */
export function deleteNamespace(name: string): void {
  const path = namespacePath(name);
  const operation = `delete namespace ${name}`;
  if (namespaceCalls().umount2(cString(path), MNT_DETACH) !== 0) {
    const number = errno();
    // EINVAL: not a mount point, so only the file is left to delete.
    if (number !== constants.errno.EINVAL) throw new KernelError(operation, "", number);
  }
  attempt(operation, () => unlinkSync(path));
  attempt(operation, releaseNamespaceDirectory);
}

let namespaceDevice: number | undefined;

/** Every namespace lives on the kernel's one nsfs, so its device number tells a namespace from a plain file. */
function isNamespaceFile(path: string): boolean {
  namespaceDevice ??= statSync(THIS_NAMESPACE).dev;
  return statSync(path, { throwIfNoEntry: false })?.dev === namespaceDevice;
}

/** True when the name exists and really is a namespace. */
export function namespaceExists(name: string): boolean {
  return isNamespaceFile(namespacePath(name));
}

/** True for a file that a killed creation of ours left behind: no namespace is mounted on it. */
export function isAbandonedClaim(name: string): boolean {
  const file = statSync(namespacePath(name), { throwIfNoEntry: false });
  return file !== undefined && file.isFile() && file.size === 0 && (file.mode & 0o7777) === CLAIM_MODE && !isNamespaceFile(namespacePath(name));
}

/** Every name in /run/netns, sorted; includes files that a killed creation left behind. */
export function listNamespaces(): string[] {
  try {
    return readdirSync(NAMESPACE_DIRECTORY).toSorted();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

/** Inode number of a namespace, the number in `/proc/<pid>/ns/net`; "" is the host's. Undefined when it does not exist. */
export function namespaceInode(name: string): number | undefined {
  if (name === "") return inNamespace("", () => statSync(THIS_NAMESPACE).ino);
  const path = namespacePath(name);
  return isNamespaceFile(path) ? statSync(path).ino : undefined;
}

/** A namespace held open: lives on, and can be named to the kernel by number, until closed. */
export class NamespaceHandle {
  readonly fd: number;

  constructor(name: string) {
    this.fd = name === "" ? openSync(THIS_NAMESPACE, "r") : attempt(`open namespace ${name}`, () => openSync(namespacePath(name), "r"));
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

function synchronous<T>(fn: () => T): T {
  const result = fn();
  if (result instanceof Promise) throw new TypeError("only synchronous code may run in another namespace");
  return result;
}

function enter(name: string): void {
  if (name === "") return move(home(), "enter the host's namespace");
  const operation = `enter namespace ${name}`;
  const fd = attempt(operation, () => openSync(namespacePath(name), "r"));
  try {
    move(fd, operation);
  } finally {
    closeSync(fd);
  }
}

function move(fd: number, operation: string): void {
  if (namespaceCalls().setns(fd, CLONE_NEWNET) !== 0) throw new KernelError(operation, "", errno());
}

/** Runs `fn`, which is in (or goes to) namespace `name`, and brings the thread back to where it was before. */
function andBack<T>(name: string, go: () => void, fn: () => T): T {
  const previous = current;
  // Only the host's namespace is held open for good. Nesting is rare, and a name might be gone by the time we go back.
  const back = previous === "" ? home() : openSync(THIS_NAMESPACE, "r");
  go();
  current = name;
  try {
    return fn();
  } finally {
    if (namespaceCalls().setns(back, CLONE_NEWNET) !== 0) endAtOnce(errno());
    current = previous;
    if (previous !== "") closeSync(back);
  }
}

function endAtOnce(errno: number): never {
  process.stderr.write(`cannot get back from another network namespace (${errnoCode(errno)}); ending at once\n`);
  abort();
}
