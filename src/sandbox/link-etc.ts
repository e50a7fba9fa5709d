import { lstatSync, mkdirSync, readdirSync, readlinkSync, symlinkSync } from "../kernel/files.ts";
import { bindMount, bindMountReadOnly } from "../kernel/mounts.ts";
import { sandboxDirectory } from "./make-believe.ts";

/**
 * An /etc that can be written to where an overlay is refused: a fresh directory with a link per entry to the machine's /etc, which is
 * kept elsewhere and read-only. Only what the machine has there itself cannot be changed then. Throws KernelError.
 */
export function linkEtc(): void {
  const own = `${sandboxDirectory}/etc-links`;
  const machine = `${sandboxDirectory}/etc-machine`;
  mkdirSync(own);
  mkdirSync(machine);
  bindMountReadOnly("/etc", machine);
  bindMount(own, "/etc");
  for (const name of readdirSync(machine)) {
    const entry = `${machine}/${name}`;
    // A link that is copied, not followed, keeps its meaning: /etc/mtab leads to ../proc.
    symlinkSync(lstatSync(entry).isSymbolicLink() ? readlinkSync(entry) : entry, `/etc/${name}`);
  }
}
