// Which process is which in a sandbox, seen from outside; the tree is drawn in start-sandbox.ts.
import { readFileSync } from "../kernel/files.ts";

/** Process 1 of a sandbox, by the process number of its `unshare`; undefined when it is not there (yet, or any more). */
export function processOne(unshare: number): number | undefined {
  return childrenOf(unshare)[0];
}

/** The command's process in a sandbox with an internet; undefined when it does not run. */
export function commandOf(unshare: number): number | undefined {
  const shell = processOne(unshare);
  // Children are listed by age: the services, the command, then orphans that process 1 took over.
  return shell === undefined ? undefined : childrenOf(shell)[1];
}

function childrenOf(pid: number): number[] {
  try {
    const list = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    return list === "" ? [] : list.split(" ").map(Number);
  } catch {
    // It has ended.
    return [];
  }
}
