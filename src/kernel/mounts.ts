// Mounts in the mount namespace of this process.
import { KernelError } from "./errors.ts";
import { cString, errno, namespaceCalls } from "./libc.ts";

const MS_BIND = 0x1000;
const MS_MOVE = 0x2000;
const MS_REC = 0x4000;
const MS_SHARED = 0x100000;
const MS_REMOUNT = 0x20;
const MS_RDONLY = 0x1;
const MS_NOSUID = 0x2;
const MS_NODEV = 0x4;

/** Mounts a file system without device nodes and set-user-id programs. Throws a KernelError. */
export function mountFileSystem(type: "tmpfs" | "sysfs" | "overlay", target: string, options = ""): void {
  call(`mount ${type} on ${target}`, type, target, type, MS_NOSUID | MS_NODEV, options);
}

/** Shows `source`, with everything mounted below it, at `target` too. Throws a KernelError. */
export function bindMount(source: string, target: string): void {
  call(`bind ${source} to ${target}`, source, target, "", MS_BIND | MS_REC);
}

/** Like `bindMount`, and nothing can be written through `target` itself (mounts below it keep their own rule). */
export function bindMountReadOnly(source: string, target: string): void {
  bindMount(source, target);
  // The kernel ignores MS_RDONLY in the bind itself; only a remount takes it.
  call(`make ${target} read-only`, "", target, "", MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV);
}

/** Takes a mount away from `source` and puts it on `target`. Throws a KernelError. */
export function moveMount(source: string, target: string): void {
  call(`move ${source} to ${target}`, source, target, "", MS_MOVE);
}

/** Makes a mount pass what is mounted below it on to copies of it. Throws a KernelError. */
export function shareMount(target: string): void {
  call(`make ${target} a shared mount`, "", target, "", MS_SHARED | MS_REC);
}

function call(operation: string, source: string, target: string, type: string, flags: number, options = ""): void {
  const result = namespaceCalls().mount(
    cString(source),
    cString(target),
    type === "" ? null : cString(type),
    flags,
    options === "" ? null : cString(options),
  );
  if (result !== 0) throw new KernelError(operation, "", errno());
}
