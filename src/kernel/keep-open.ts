// Files that a process which lives on keeps open for a moment.
//
// While the close of a netfilter socket waits (leave-to-kernel.ts), it holds what every transaction of its namespace needs. A process that
// ends with its command never notices. One that has the next command a few milliseconds later would stand in its own way, so it keeps such
// files until the kernel is done with what was taken away; then their close waits for nothing.
import { processCalls } from "./libc.ts";

const F_DUPFD_CLOEXEC = 1030;

/** The kernel is done within some 10 ms. */
export const QUIET_MS = 20;

/** So many are open at most: each is a descriptor, and holds its namespace. */
const MOST = 64;

let kept: number[] | undefined;

/** From now on, until disposed of, files are kept; for a process that calls `letKeptFilesGo` whenever it has had nothing to do for QUIET_MS. */
export function keepFilesOpen(): Disposable {
  kept ??= [];
  return { [Symbol.dispose]: () => (kept = undefined) };
}

export const keepsFilesOpen = (): boolean => kept !== undefined;

/** Keeps the file behind a descriptor, which may then be closed. False when it does not. */
export function keepOpen(fd: number): boolean {
  if (kept === undefined || kept.length >= MOST) return false;
  const copy = processCalls().fcntl(fd, F_DUPFD_CLOEXEC, 0);
  if (copy < 0) return false;
  kept.push(copy);
  return true;
}

/** Hands over all that are kept. */
export function takeKept(): number[] {
  return kept?.splice(0) ?? [];
}
