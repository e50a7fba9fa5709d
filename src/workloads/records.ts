// What is known of detached workloads: one directory each in the runtime directory, made complete under another name and then renamed.
// So the name exists or it does not, two starters cannot both have it, and a starter killed half-way leaves at most a directory whose
// name begins with a dot, which nobody reads and `forgetWorkloads` removes.
//
//   <runtime>/workloads/<name>/record.json   what runs, written before it runs
//   <runtime>/workloads/<name>/log           standard output and error, opened for appending; grows without bound, as with nohup(1),
//                                            and may be emptied by anybody at any time
//   <runtime>/workloads/<name>/status        exit status, written by the supervisor at the end
//
// Whether a workload runs is never written down: the process table knows.
import { readdirSync, readFileSync, rmdirSync, rmSync, statSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { checkName, nameRule } from "../model/names.ts";
import { VpcctlError } from "../model/errors.ts";
import { quote } from "../model/quote.ts";
import { allProcesses, hasVariable, isAlive, type Process } from "./processes.ts";
import type { WorkloadRecord, WorkloadState, WorkloadStatus } from "./workload.ts";

/** In the environment of every process of a detached workload; its value is the record's id. */
export const ID_VARIABLE = "VPCCTL_WORKLOAD_ID";

/** Directory of all records. */
export function workloadsDirectory(): string {
  const named = process.env["VPCCTL_RUNTIME_DIR"];
  // Empty is as good as unset: it must not come to mean the current directory.
  return join(named === undefined || named === "" ? "/run/vpcctl" : named, "workloads");
}

/** Files of one workload. Throws InvalidParameterValue for what is not a name. */
export function workloadFiles(name: string): { readonly directory: string; readonly record: string; readonly log: string; readonly status: string } {
  const problem = checkName("workload", name);
  if (problem !== undefined) throw new VpcctlError({ code: "InvalidParameterValue", message: problem, hint: nameRule });
  const directory = join(workloadsDirectory(), name);
  return { directory, record: join(directory, "record.json"), log: join(directory, "log"), status: join(directory, "status") };
}

/** Undefined when there is no workload of that name. */
export function readRecord(name: string): WorkloadRecord | undefined {
  try {
    return JSON.parse(readFileSync(workloadFiles(name).record, "utf8")) as WorkloadRecord;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

/** Throws WorkloadNotFound. */
export function requireRecord(name: string): WorkloadRecord {
  const record = readRecord(name);
  if (record !== undefined) return record;
  throw new VpcctlError({
    code: "WorkloadNotFound",
    message: `There is no workload ${quote(name)}.`,
    hint: "See all workloads: vpcctl workloads",
  });
}

/** How a workload is. A shell says 128+n for a command killed by signal n, and so does our supervisor, which is one. */
export function stateOf(record: WorkloadRecord): WorkloadState {
  // In this order: the supervisor writes the status and then ends, so a status missing before may be there after.
  const alive = isAlive(record.pid, record.started);
  const status = readStatus(record.name);
  if (status === undefined) return { kind: alive ? "running" : "lost" };
  const signal = signalNames().get(status - 128);
  return signal === undefined ? { kind: "exited", code: status } : { kind: "killed", signal };
}

function readStatus(name: string): number | undefined {
  try {
    const text = readFileSync(workloadFiles(name).status, "latin1");
    return text.endsWith("\n") ? Number(text) : undefined;
  } catch {
    return undefined;
  }
}

function signalNames(): ReadonlyMap<number, NodeJS.Signals> {
  return new Map(Object.entries(constants.signals).map(([name, number]) => [number, name as NodeJS.Signals]));
}

/**
 * The processes of a workload without its supervisor: those with its id in their environment, those in its session, and whatever
 * descends from either. While the supervisor lives it adopts orphans, so that also a daemon with a bare environment is found.
 */
export function membersOf(record: WorkloadRecord, processes: readonly Process[] = allProcesses()): Process[] {
  const led = processes.some(({ pid, started }) => pid === record.pid && started === record.started);
  const members = new Set(led ? [record.pid] : []);
  for (const { pid, session } of processes) {
    if ((led && session === record.pid) || hasVariable(pid, ID_VARIABLE, record.id)) members.add(pid);
  }
  for (let before = -1; before !== members.size; ) {
    before = members.size;
    for (const { pid, parent } of processes) if (members.has(parent)) members.add(pid);
  }
  return processes.filter(({ pid }) => members.has(pid) && pid !== record.pid);
}

/** The record together with how things are now. */
export function statusOf(record: WorkloadRecord, processes?: readonly Process[]): WorkloadStatus {
  const state = stateOf(record);
  const strays = state.kind === "running" ? [] : membersOf(record, processes).map(({ pid }) => pid);
  return { ...record, state, strays, logBytes: statSync(workloadFiles(record.name).log, { throwIfNoEntry: false })?.size ?? 0 };
}

/** Every detached workload that runs or has run since the last cleanup or boot, sorted by name. */
export function listWorkloads(): WorkloadStatus[] {
  const records = allRecords();
  if (records.length === 0) return [];
  const processes = allProcesses();
  return records.map((record) => statusOf(record, processes));
}

/** Records of all workloads, or of one VPC's, sorted by name. */
export function allRecords(vpc?: string): WorkloadRecord[] {
  const names = entries().filter((name) => checkName("workload", name) === undefined).toSorted();
  const records = names.flatMap((name) => readRecord(name) ?? []);
  return vpc === undefined ? records : records.filter((record) => record.vpc === vpc);
}

function entries(): string[] {
  try {
    return readdirSync(workloadsDirectory());
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** Removes a workload's record and log. */
export function removeRecord(name: string): void {
  rmSync(workloadFiles(name).directory, { recursive: true, force: true });
}

/** `.web.0123456789abcdef`: a directory in the making, see start-workload.ts. Others with a dot are not ours. */
const stagingName = /^\.[a-z0-9-]+\.[0-9a-f]{16}$/;

/** Removes the directories themselves when nothing is in them any more; `all`: also what killed starters have left. */
export function tidyDirectories(all: boolean): void {
  const directory = workloadsDirectory();
  const left = all ? entries().filter((name) => stagingName.test(name)) : [];
  for (const name of left) rmSync(join(directory, name), { recursive: true, force: true });
  removeEmpty(directory);
  removeEmpty(dirname(directory));
}

function removeEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "ENOTEMPTY" && code !== "EBUSY") throw error;
  }
}
