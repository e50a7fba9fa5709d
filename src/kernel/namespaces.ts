// Named network namespaces, as `ip netns` knows them: a file in /run/netns with the namespace bind-mounted on it.
import { EINVAL, ENOTDIR } from "./errno.ts";
import { closeSync, openSync, readdirSync, readFileIfThere, statIfThere, statSync, unlinkSync, writeFileSync, type Stats } from "./files.ts";
import { asKernelError, isKernelError, KernelError } from "./errors.ts";
import { inNamespace, inNamespaceOfProcess, inNewNamespace, THIS_NAMESPACE, type ProcessPlace } from "./in-namespace.ts";
import { letKeptFilesGo } from "./leave-to-kernel.ts";
import { cString, errno, namespaceCalls } from "./libc.ts";
import { lookAtNamespaceDirectoryAgain, NAMESPACE_DIRECTORY, namespacePath, prepareNamespaceDirectory, releaseNamespaceDirectory } from "./namespace-directory.ts";

export { inNamespace, inNamespaceOfProcess, NamespaceHandle, type ProcessPlace } from "./in-namespace.ts";

const MS_BIND = 0x1000;
const MNT_DETACH = 2;

// A file to mount on that a killed creation leaves behind must be known as ours: the sticky bit, set by the very call that makes the
// file and meaningless on it, is the sign.
const CLAIM_MODE = 0o1000;

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
  return nameNamespaceAnd(name, `create namespace ${name}`, (fn) => inNewNamespace(name, fn), inside);
}

/**
 * Gives a name to the namespace of a process, in which `inside` is called before the name appears. It lives on for as long as it has it.
 * What `inside` leaves there is found again by `abandonedPlace` when the process is killed before the name appears.
 */
export function adoptNamespaceAnd<T>(name: string, place: ProcessPlace, inside: () => T): T {
  const operation = `name the namespace of process ${place.pid} ${name}`;
  const within = (fn: () => T): T => {
    asKernelError(operation, undefined, () => writeFileSync(namespacePath(name), `${place.pid} ${place.inode}\n`));
    return inNamespaceOfProcess(name, place, fn);
  };
  return nameNamespaceAnd(name, operation, within, inside);
}

function nameNamespaceAnd<T>(name: string, operation: string, within: (fn: () => T) => T, inside: () => T): T {
  const path = namespacePath(name);
  asKernelError(operation, undefined, prepareNamespaceDirectory);
  claim(path, operation);
  try {
    return within(() => {
      const result = inside();
      if (namespaceCalls().mount(cString(THIS_NAMESPACE), cString(path), null, MS_BIND, null) !== 0) {
        throw new KernelError(operation, undefined, errno());
      }
      return result;
    });
  } catch (error) {
    takeBack(path);
    throw error;
  }
}

/**
 * Throws a KernelError when this process may not give a namespace a name. Makes none: a file cannot be mounted on a directory, and the kernel
 * says so only to those who might mount it on a file.
 */
export function requireRightToName(): void {
  if (namespaceCalls().mount(cString(THIS_NAMESPACE), cString("/run"), null, MS_BIND, null) === 0 || errno() === ENOTDIR) return;
  throw new KernelError("name a namespace", undefined, errno());
}

/** Undoes a creation. What refuses to go stays behind as a killed creation's file would, and is found again by its mode. */
function takeBack(path: string): void {
  namespaceCalls().umount2(cString(path), MNT_DETACH);
  try {
    unlinkSync(path);
    releaseNamespaceDirectory();
  } catch {
    // The error that led here is the one to tell.
  }
}

/** Makes the file to mount on, or takes over an empty one or one of ours. O_EXCL tells in one call that there is nothing to take over. */
function claim(path: string, operation: string): void {
  try {
    asKernelError(operation, undefined, () => closeSync(openSync(path, "wx", CLAIM_MODE)));
  } catch (error) {
    if (isKernelError(error, "ENOENT")) lookAtNamespaceDirectoryAgain();
    const file = isKernelError(error, "EEXIST") ? stat(path) : undefined;
    if (file === undefined || !file.isFile() || isNamespaceFile(path) || (file.size > 0 && (file.mode & 0o7777) !== CLAIM_MODE)) throw error;
  }
}

/**
 * Takes a namespace's name away; the kernel then takes the namespace down when no process, socket or link peer needs it any more.
 * Also removes a plain file left by a killed creation. Throws a KernelError (ENOENT) when there is no such name.
 */
export function deleteNamespace(name: string): void {
  const path = namespacePath(name);
  const operation = `delete namespace ${name}`;
  letKeptFilesGo();
  if (namespaceCalls().umount2(cString(path), MNT_DETACH) !== 0) {
    const number = errno();
    // EINVAL: not a mount point, so only the file is left to delete.
    if (number !== EINVAL) throw new KernelError(operation, undefined, number);
  }
  asKernelError(operation, undefined, () => unlinkSync(path));
  asKernelError(operation, undefined, releaseNamespaceDirectory);
}

/**
 * Takes the name off a namespace, and leaves the file: what `adoptNamespaceAnd` has written there shows again, so a process killed before it
 * has deleted the name for good is like one that was killed before it gave it. Throws a KernelError (ENOENT, EINVAL) when there is no such name.
 */
export function uncoverName(name: string): void {
  if (namespaceCalls().umount2(cString(namespacePath(name)), MNT_DETACH) !== 0) throw new KernelError(`take name ${name} off its namespace`, undefined, errno());
}

let namespaceDevice: number | undefined;

/** Every namespace lives on the kernel's one nsfs, so its device number tells a namespace from a plain file. */
function isNamespaceFile(path: string): boolean {
  namespaceDevice ??= stat(THIS_NAMESPACE)?.dev;
  return stat(path)?.dev === namespaceDevice;
}

/** Undefined when there is no such file. */
function stat(path: string): Stats | undefined {
  return asKernelError(`look at ${path}`, undefined, () => statIfThere(path));
}

/** True when the name exists and really is a namespace. */
export function namespaceExists(name: string): boolean {
  return isNamespaceFile(namespacePath(name));
}

/**
 * What `read` returns; undefined when there is no such namespace, or no more at the end of a `read` that failed: whoever has no lock that keeps
 * it, as a dry run, may meet one that is just being deleted. Its name may be another's by then, or a plain file (EINVAL).
 */
export function whileThere<T>(name: string, read: () => T): T | undefined {
  const inode = namespaceInode(name);
  if (inode === undefined) return undefined;
  try {
    return read();
  } catch (error) {
    if (isKernelError(error, "ENOENT", "EINVAL") && namespaceInode(name) !== inode) return undefined;
    throw error;
  }
}

/** True for a file that a killed creation of ours left behind: no namespace is mounted on it. */
export function isAbandonedClaim(name: string): boolean {
  const file = stat(namespacePath(name));
  return file !== undefined && file.isFile() && (file.mode & 0o7777) === CLAIM_MODE && !isNamespaceFile(namespacePath(name));
}

/** Of an abandoned claim: where the namespace is that it was, or is no more, to be the name of. Undefined when it was to be a new one. */
export function abandonedPlace(name: string): ProcessPlace | undefined {
  if (!isAbandonedClaim(name)) return undefined;
  const text = asKernelError(`read ${namespacePath(name)}`, undefined, () => readFileIfThere(namespacePath(name), "utf8"));
  const [, pid, inode] = /^(\d+) (\d+)\n$/.exec(text ?? "") ?? [];
  return pid === undefined || inode === undefined ? undefined : { pid: Number(pid), inode: Number(inode) };
}

/** Every name in /run/netns, sorted; includes files that a killed creation left behind. */
export function listNamespaces(): string[] {
  try {
    return asKernelError("list the namespaces", undefined, () => readdirSync(NAMESPACE_DIRECTORY)).toSorted();
  } catch (error) {
    if (isKernelError(error, "ENOENT")) return [];
    throw error;
  }
}

/** Inode number of a namespace, the number in `/proc/<pid>/ns/net`; "" is the host's. Undefined when it does not exist. */
export function namespaceInode(name: string): number | undefined {
  if (name === "") return inNamespace("", () => stat(THIS_NAMESPACE)?.ino);
  const path = namespacePath(name);
  return isNamespaceFile(path) ? stat(path)?.ino : undefined;
}

/** Is the namespace still there that a process was in: under this name, or because the process runs? Also when there is no way to know. */
export function isPlaceThere(name: string, { pid, inode }: ProcessPlace): boolean {
  return [namespacePath(name), `/proc/${pid}/ns/net`].some((path) => {
    try {
      return asKernelError("look for a namespace", undefined, () => statSync(path).ino) === inode;
    } catch (error) {
      return !isKernelError(error, "ENOENT", "ESRCH");
    }
  });
}
