import { asKernelError } from "../kernel/errors.ts";
import { membersOfAll } from "./members.ts";
import { allProcesses, endProcesses, isAlive, signalProcess } from "./processes.ts";
import { allRecords, readRecord, removeRecord, requireRecord, statusOf, tidyDirectories } from "./records.ts";
import type { WorkloadRecord, WorkloadStatus } from "./workload.ts";

/** Time to end when asked, as `docker stop` gives it. */
const STOP_GRACE_MS = 10_000;

/** What the supervisor needs to write down the end is a millisecond; this is for a loaded machine. */
const LAST_WORD_MS = 2_000;

/** Cleanup is not the moment for a slow farewell, yet a program should be able to remove its files. */
const FORGET_GRACE_MS = 500;

/**
 * Ends every process of a workload, daemons it started included: SIGTERM, and SIGKILL to those still there after `graceMs`. Its record
 * and log stay. A workload that has ended is left as it is. Blocks until all are gone. Throws WorkloadNotFound.
 */
export function stopWorkload(name: string, graceMs = STOP_GRACE_MS): WorkloadStatus {
  const record = requireRecord(name);
  end([record], graceMs);
  return statusOf(record);
}

/** The same for many at once; those that do not exist are passed over. */
export function stopWorkloads(names: readonly string[], graceMs = STOP_GRACE_MS): void {
  end(names.flatMap((name) => readRecord(name) ?? []), graceMs);
}

/** Ends and forgets these, with their logs, and leaves no directory behind when none remains. Those that do not exist are passed over. */
export function forgetThese(names: readonly string[]): void {
  forget(names.flatMap((name) => readRecord(name) ?? []), false);
}

/**
 * Ends and forgets all detached workloads, or those of one VPC, with their logs. Leaves no directory behind when none remains.
 * Does nothing, and costs nothing, when there are none. Throws a KernelError when the records refuse to be read or removed.
 */
export function forgetWorkloads(vpc?: string): void {
  asKernelError("forget the workloads", undefined, () => forget(allRecords(vpc), vpc === undefined));
}

function forget(records: readonly WorkloadRecord[], all: boolean): void {
  end(records, FORGET_GRACE_MS);
  for (const record of records) removeRecord(record.name);
  tidyDirectories(all);
}

function end(records: readonly WorkloadRecord[], graceMs: number): void {
  if (records.length === 0) return;
  const supervisors = records.map(({ pid, started }) => ({ pid, started }));
  // First: from here on it starts the command no more.
  for (const { pid, started } of supervisors) if (isAlive(pid, started)) signalProcess(pid, "SIGTERM");
  const members = () => [...membersOfAll(records).values()].flat();
  endProcesses(members, graceMs);
  // With its command gone a supervisor ends by itself. One that was just about to start the command has still done so.
  const patience = performance.now() + LAST_WORD_MS;
  while (supervisors.some(({ pid, started }) => isAlive(pid, started)) && performance.now() < patience) {
    endProcesses(members, graceMs);
    Bun.sleepSync(1);
  }
  endThese(supervisors);
  // The keeper of the log ends when the last writer has, so all that was said is in the log by now.
  const keepers = records.map(({ keeper }) => keeper);
  while (keepers.some(({ pid, started }) => isAlive(pid, started)) && performance.now() < patience) Bun.sleepSync(1);
  endThese(keepers);
}

function endThese(these: readonly { readonly pid: number; readonly started: string }[]): void {
  const left = new Map(these.filter(({ pid, started }) => isAlive(pid, started)).map(({ pid, started }) => [pid, started]));
  if (left.size > 0) endProcesses(() => allProcesses().filter(({ pid, started }) => left.get(pid) === started), 0);
}
