// The files that make a host of its own: /run, /etc, /sys and the directory of vpcctl's state. Everything is a mount in the sandbox's
// own mount namespace, so the machine's files stay as they are and nothing is left when the sandbox ends.
//
// It is no prison: all other files of the machine are there, with the user's own rights.
import { existsSync, lstatSync, mkdirSync, removeIfThere, unlinkSync, writeFileSync } from "../kernel/files.ts";
import { isKernelError } from "../kernel/errors.ts";
import { bindMount, mountFileSystem, moveMount } from "../kernel/mounts.ts";
import { linkEtc } from "./link-etc.ts";
import { nameServer, programDirectory, sandboxDirectory, shellProfile } from "./make-believe.ts";
import { shellWord } from "./shell-word.ts";
import { profile } from "./shell-profile.ts";

const CONTROL_GROUPS = "/sys/fs/cgroup";
const HOST_STATE = "/var/lib/vpcctl";

/** @param self program and arguments that start vpcctl. Throws KernelError when a mount is refused that the sandbox cannot do without. */
export function setUpFiles(self: readonly string[]): void {
  mountFileSystem("tmpfs", "/run", "mode=755");
  mkdirSync(programDirectory, { recursive: true });
  writeFileSync(`${programDirectory}/vpcctl`, `#!/bin/sh\nexec ${self.map(shellWord).join(" ")} "$@"\n`, { mode: 0o755 });
  writeFileSync(shellProfile, profile);
  setUpEtc();
  setUpSys();
  // The environment names another place. Should somebody clear it, he must still not reach the machine's own VPCs.
  if (existsSync(HOST_STATE)) mountFileSystem("tmpfs", HOST_STATE, "mode=700");
}

/** An /etc that can be written to, with the machine's as its ground; /etc/resolv.conf is a plain file. */
function setUpEtc(): void {
  const own = `${sandboxDirectory}/etc`;
  const work = `${sandboxDirectory}/etc-work`;
  mkdirSync(own);
  mkdirSync(work);
  try {
    mountFileSystem("overlay", "/etc", `lowerdir=/etc,upperdir=${own},workdir=${work}`);
  } catch (error) {
    // Before Linux 5.11, and where a security module forbids it, a user namespace may not mount an overlay.
    if (!isKernelError(error)) throw error;
    linkEtc();
  }
  removeIfThere("/etc/resolv.conf");
  writeFileSync("/etc/resolv.conf", `# The sandbox's own name server.\nnameserver ${nameServer}\n`, { mode: 0o644 });
  hideNetns();
}

/** The machine's namespaces are not here, so what it keeps for them is not either. */
function hideNetns(): void {
  const directory = "/etc/netns";
  if (!existsSync(directory)) return;
  if (lstatSync(directory).isSymbolicLink()) unlinkSync(directory);
  else mountFileSystem("tmpfs", directory, "mode=755");
}

/** /sys/class/net shows the links of the namespace that sysfs was mounted from, hence a fresh one, with the control groups carried over. */
function setUpSys(): void {
  const kept = `${sandboxDirectory}/cgroup`;
  mkdirSync(kept);
  const hasControlGroups = isAllowed(() => bindMount(CONTROL_GROUPS, kept));
  // In some containers the kernel refuses it; then /sys shows the machine's links, and only curious eyes notice.
  const hasSys = isAllowed(() => mountFileSystem("sysfs", "/sys"));
  if (hasControlGroups && hasSys) isAllowed(() => moveMount(kept, CONTROL_GROUPS));
}

function isAllowed(mount: () => void): boolean {
  try {
    mount();
    return true;
  } catch (error) {
    if (isKernelError(error)) return false;
    throw error;
  }
}
