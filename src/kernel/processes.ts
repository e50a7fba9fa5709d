import { readdirSync, readFileSync, readlinkSync } from "node:fs";

export interface NamespaceProcess {
  readonly pid: number;
  /** The kernel's name of it, at most 15 bytes. */
  readonly name: string;
  /** Inode number of its network namespace. */
  readonly namespace: number;
}

/** Every process whose main thread is in one of these network namespaces (inode numbers, see `namespaceInode`). */
export function processesIn(namespaceInodes: ReadonlySet<number>): NamespaceProcess[] {
  const found: NamespaceProcess[] = [];
  for (const entry of readdirSync("/proc")) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    try {
      const namespace = Number(/\d+/.exec(readlinkSync(`/proc/${pid}/ns/net`))?.[0]);
      if (!namespaceInodes.has(namespace)) continue;
      found.push({ pid, name: readFileSync(`/proc/${pid}/comm`, "utf8").trimEnd(), namespace });
    } catch {
      // It ended while we looked, or belongs to somebody we may not look at: either way it is not ours to report.
    }
  }
  return found;
}
