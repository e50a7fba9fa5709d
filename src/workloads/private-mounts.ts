// What a workload sees that differs from the host, besides the network: its own resolv.conf, its own /sys, and no way to the host's
// name services. All of it is mounts in a mount namespace that only the workload's processes share; when the last of them ends, the
// kernel takes the mounts away. So there is nothing on the host to leave behind or to clean up, however the workload ends.
//
// The files that are bound live on a tmpfs that is mounted for a moment on the directory of the named namespaces: the one directory
// that is sure to exist (we come from there) and that nothing below needs. A memfd would be tidier still, but the kernel binds only
// what is mounted in the same mount namespace, and a memfd is mounted nowhere.
import { closeSync, directoryOf, mkdirSync, openIfThere, readlinkSync, statIfThere, writeFileSync } from "../kernel/files.ts";
import { cString, errno, namespaceCalls, strerror } from "../kernel/libc.ts";
import { NAMESPACE_DIRECTORY } from "../kernel/namespace-directory.ts";
import { VpcctlError } from "../model/errors.ts";

const CLONE_NEWNS = 0x20000;
const MS_NOSUID = 0x2;
const MS_NODEV = 0x4;
const MS_NOEXEC = 0x8;
const MS_BIND = 0x1000;
const MS_MOVE = 0x2000;
const MS_REC = 0x4000;
const MS_SLAVE = 0x80000;
const MNT_DETACH = 2;

const STAGE = NAMESPACE_DIRECTORY;
const CGROUPS = "/sys/fs/cgroup";

/**
 * Where local name services are. They answer over sockets in the file system, which no network namespace keeps out: through them a subnet
 * without internet could still look up names. Each directory is covered by an empty one; the C library then goes on to DNS.
 */
const NAME_SERVICES = ["/run/systemd/resolve", "/run/nscd", "/run/avahi-daemon"];

/**
 * Moves this process into a mount namespace of its own and mounts there what a workload needs; the process must be in the workload's
 * network namespace already. Returns what could not be had, in sentences for the user. Throws VpcctlError when the rights are missing.
 */
export function mountPrivately(resolvConf: string): readonly string[] {
  demand("give the workload a mount namespace of its own", namespaceCalls().unshare(CLONE_NEWNS));
  // Not MS_PRIVATE: as a slave the workload's copy still follows the host, so that the host can unmount a disk although a
  // workload runs. Nothing goes the other way.
  demand("keep the workload's mounts from the host", mount("none", "/", "", MS_REC | MS_SLAVE));
  const flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;
  demand("mount a tmpfs for the workload", mount("vpcctl", STAGE, "tmpfs", flags, "mode=755,size=64k"));
  try {
    const target = resolvConfFile();
    const covered = toCover(target);
    for (const directory of covered) demand(`cover ${directory}`, mount("vpcctl", directory, "tmpfs", flags, "mode=755,size=64k"));
    const notes = target !== undefined && covered.has(directoryOf(target)) ? putInto(target, resolvConf) : bindOver(resolvConf);
    mountSysfs();
    return notes;
  } finally {
    // Lazily: the bound files stay in use, only the name goes.
    demand("take the workload's staging directory away", namespaceCalls().umount2(cString(STAGE), MNT_DETACH));
  }
}

/** The file that the host's /etc/resolv.conf is, or leads to; undefined when there is none. */
function resolvConfFile(): string | undefined {
  const fd = openIfThere("/etc/resolv.conf");
  if (fd === undefined) return undefined;
  using _ = { [Symbol.dispose]: () => closeSync(fd) };
  return readlinkSync(`/proc/self/fd/${fd}`);
}

/**
 * A file that is bound over another is gone as soon as the host puts a new one in its place, which a program that writes the host's
 * resolv.conf does with every change of its network. A directory stays: so where it is one of such a program's own, that is covered.
 */
function toCover(resolvConf: string | undefined): ReadonlySet<string> {
  const services = NAME_SERVICES.filter((directory) => statIfThere(directory)?.isDirectory() === true);
  const ofItsOwn = resolvConf !== undefined && /^\/run\/.+\//.test(resolvConf) ? [directoryOf(resolvConf)] : [];
  return new Set([...services, ...ofItsOwn]);
}

function putInto(covered: string, text: string): string[] {
  writeFileSync(covered, text, { mode: 0o644 });
  return [];
}

function bindOver(text: string): string[] {
  const file = `${STAGE}/resolv.conf`;
  writeFileSync(file, text, { mode: 0o644 });
  if (mount(file, "/etc/resolv.conf", "", MS_BIND) === 0) return [];
  return [`The workload has no name servers: /etc/resolv.conf cannot be replaced (${strerror(errno())}).`];
}

/**
 * /sys/class/net shows the links of the namespace that sysfs was mounted from, hence a fresh one. A user namespace may not be allowed
 * to mount it; then the host's stays. The control groups are mounted below /sys and are carried over: programs read their limits there.
 */
function mountSysfs(): void {
  const kept = `${STAGE}/cgroup`;
  mkdirSync(kept);
  const hasCgroups = mount(CGROUPS, kept, "", MS_BIND | MS_REC) === 0;
  if (mount("vpcctl", "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC) === 0 && hasCgroups) mount(kept, CGROUPS, "", MS_MOVE);
}

function mount(source: string, target: string, type: string, flags: number, data?: string): number {
  const options = data === undefined ? null : cString(data);
  return namespaceCalls().mount(cString(source), cString(target), type === "" ? null : cString(type), flags, options);
}

function demand(operation: string, result: number): void {
  if (result === 0) return;
  throw new VpcctlError({
    code: "NotPermitted",
    message: `Cannot ${operation}: ${strerror(errno())}.`,
    hint: "Run it as root, or inside `vpcctl sandbox`. In a container, CAP_SYS_ADMIN is needed.",
  });
}
