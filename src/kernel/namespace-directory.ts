// Where named network namespaces live, and how to leave that place as it was.
//
// `ip netns add` binds /run/netns onto itself (recursively, shared) unless it is a mount point already. Where the mount that holds
// /run/netns is private, that would copy our namespaces' mounts onto the new one and hide the originals under it: the copies can
// be unmounted, the originals cannot be reached any more, and unlink answers EBUSY for ever. So on such a host we make the same
// bind first. Where that mount is shared (any host with systemd) the copies are peers of the originals, unmounting one unmounts
// both, and making the directory is enough.
//
// What we made must go with our last namespace, without a record elsewhere that a crash could lose. The directory's own mode is
// the record: made by us = sticky bit (set by mkdir itself, so there is no instant without it), bound by us but found = set-group-id
// bit (set before the bind). Neither means anything on a directory that only root can write to.
import { EINVAL } from "./errno.ts";
import { chmodSync, closeSync, mkdirSync, openSync, readFileSync, readSync, readdirSync, removeIfEmpty, statIfThere, statSync } from "./files.ts";
import { fileErrorCode, KernelError } from "./errors.ts";
import { cString, errno, namespaceCalls } from "./libc.ts";

/** The directory `ip netns` uses. */
export const NAMESPACE_DIRECTORY = "/run/netns";

const MADE_BY_US = 0o1000;
const BOUND_BY_US = 0o2000;

const MS_BIND = 0x1000;
const MS_REC = 0x4000;
const MS_SHARED = 0x100000;

/** Path of a named namespace. Throws a KernelError (EINVAL) for a name that is not a plain file name. */
export function namespacePath(name: string): string {
  if (name === "" || name === "." || name === ".." || name.includes("/") || name.includes("\0")) {
    throw new KernelError(`use ${JSON.stringify(name)} as the name of a namespace`, undefined, EINVAL);
  }
  return `${NAMESPACE_DIRECTORY}/${name}`;
}

let prepared = false;

/** Makes sure that files in NAMESPACE_DIRECTORY can become namespaces. Idempotent; may be killed at any instant. */
export function prepareNamespaceDirectory(): void {
  if (prepared) return;
  makeDirectory();
  const mount = mountOf(NAMESPACE_DIRECTORY);
  const isMountPoint = mount !== mountOf(`${NAMESPACE_DIRECTORY}/..`);
  if (!isMountPoint && !isShared(mount)) bindOntoItself();
  prepared = true;
}

/** Another process may have taken the directory back since: asked for by one that lives on, or when a name could not be made. */
export function lookAtNamespaceDirectoryAgain(): void {
  prepared = false;
}

function makeDirectory(): void {
  try {
    mkdirSync(NAMESPACE_DIRECTORY, { mode: 0o755 | MADE_BY_US });
  } catch (error) {
    if (fileErrorCode(error) !== "EEXIST") throw error;
  }
}

function bindOntoItself(): void {
  const mode = statSync(NAMESPACE_DIRECTORY).mode & 0o7777;
  if ((mode & MADE_BY_US) === 0) {
    // Namespaces that others keep here without a bind would fall into the trap described above: leave them alone.
    if (readdirSync(NAMESPACE_DIRECTORY).length > 0) return;
    chmodSync(NAMESPACE_DIRECTORY, mode | BOUND_BY_US);
  }
  const path = cString(NAMESPACE_DIRECTORY);
  mount(`bind ${NAMESPACE_DIRECTORY} onto itself`, path, MS_BIND | MS_REC);
  mount(`make ${NAMESPACE_DIRECTORY} a shared mount`, path, MS_SHARED | MS_REC);
}

function mount(operation: string, path: Uint8Array, flags: number): void {
  if (namespaceCalls().mount(path, path, null, flags, null) !== 0) throw new KernelError(operation, undefined, errno());
}

/** Takes back what `prepareNamespaceDirectory` made, if it did and nothing is in there any more. Cheap when it is in use. */
export function releaseNamespaceDirectory(): void {
  const mode = statIfThere(NAMESPACE_DIRECTORY)?.mode ?? 0;
  if ((mode & (MADE_BY_US | BOUND_BY_US)) === 0) return;
  // Not lazily: a plain umount is refused with EBUSY while any namespace is mounted inside, ours or not. EINVAL: not a mount point.
  const unmounted = namespaceCalls().umount2(cString(NAMESPACE_DIRECTORY), 0) === 0;
  if (!unmounted && errno() !== EINVAL) return;
  prepared = false;
  // Since the umount others may use it (`ip netns add` has bound it, and has put something in), or may have removed it themselves.
  if ((mode & BOUND_BY_US) !== 0) setModeIfThere(mode & 0o7777 & ~BOUND_BY_US);
  if ((mode & MADE_BY_US) !== 0) removeIfEmpty(NAMESPACE_DIRECTORY);
}

function setModeIfThere(mode: number): void {
  try {
    chmodSync(NAMESPACE_DIRECTORY, mode);
  } catch (error) {
    if (fileErrorCode(error) !== "ENOENT") throw error;
  }
}

/** Id of the mount a directory is on, as a decimal number. */
function mountOf(directory: string): string {
  const fd = openSync(directory, "r");
  try {
    const id = /^mnt_id:\s*(\d+)$/m.exec(readFileSync(`/proc/thread-self/fdinfo/${fd}`, "latin1"))?.[1];
    if (id === undefined) throw new Error(`the kernel names no mount for ${directory}`);
    return id;
  } finally {
    closeSync(fd);
  }
}

/** True when the mount with this id passes its mounts on to peers. Reads no further than its line: one line per namespace may follow. */
function isShared(mountId: string): boolean {
  const fd = openSync("/proc/thread-self/mountinfo", "r");
  try {
    const chunk = Buffer.allocUnsafe(4096);
    let text = "";
    for (;;) {
      const length = readSync(fd, chunk, 0, chunk.length, null);
      text += chunk.toString("latin1", 0, length);
      const line = new RegExp(`^${mountId} .*$`, "m").exec(length === 0 ? text : text.slice(0, text.lastIndexOf("\n") + 1))?.[0];
      // Optional fields stand between the sixth field and a lone dash.
      if (line !== undefined) return / shared:\d+ .*- /.test(line);
      if (length === 0) return false;
    }
  } finally {
    closeSync(fd);
  }
}
