import { asKernelError } from "../kernel/errors.ts";
import { allProcesses, endProcesses, isAlive } from "./processes.ts";
import { allRecords, membersOf, removeRecord, requireRecord, stateOf, statusOf, tidyDirectories } from "./records.ts";
import type { WorkloadRecord, WorkloadStatus } from "./workload.ts";

/** What the supervisor needs to write down the end is a millisecond; this is for a loaded machine. */
const LAST_WORD_MS = 2_000;

/** Cleanup is not the moment for a slow farewell, yet a program should be able to remove its files. */
const FORGET_GRACE_MS = 500;

/**
 * Ends every process of a workload, daemons it started included: SIGTERM, and SIGKILL to those still there after `graceMs`. Its record
 * and log stay. A workload that has ended is left as it is. Blocks until all are gone. Throws WorkloadNotFound.
 */
export function stopWorkload(name: string, graceMs = 10_000): WorkloadStatus {
  const record = requireRecord(name);
  end(record, graceMs);
  return statusOf(record);
}

/**
 * Ends and forgets all detached workloads, or those of one VPC, with their logs. Leaves no directory behind when none remains.
 * Does nothing, and costs nothing, when there are none. Throws a KernelError when the records refuse to be read or removed.
 */
export function forgetWorkloads(vpc?: string): void {
  asKernelError("forget the workloads", undefined, () => {
    for (const record of allRecords(vpc)) {
      end(record, FORGET_GRACE_MS);
      removeRecord(record.name);
    }
    tidyDirectories(vpc === undefined);
  });
}

function end(record: WorkloadRecord, graceMs: number): void {
  endProcesses(() => membersOf(record), graceMs);
  // With its command gone the supervisor ends by itself.
  const patience = performance.now() + LAST_WORD_MS;
  while (isAlive(record.pid, record.started) && performance.now() < patience) Bun.sleepSync(1);
  endProcesses(() => (stateOf(record).kind === "running" ? supervisorOf(record) : []), 0);
}

function supervisorOf({ pid, started }: WorkloadRecord) {
  return allProcesses().filter((process) => process.pid === pid && process.started === started);
}
