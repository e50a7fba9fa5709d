// What is known of detached workloads: one directory each in the runtime directory, made complete under another name and then renamed.
// So the name exists or it does not, two starters cannot both have it, and a starter killed half-way leaves at most a directory whose
// name begins with a dot, which nobody reads and `forgetWorkloads` removes.
//
//   <runtime>/workloads/<name>/record.json   what runs, written before it runs
//   <runtime>/workloads/<name>/log           the last of standard output and error, and log.1 what came before; may be emptied by
//                                            anybody at any time
//   <runtime>/workloads/<name>/restarts      how often it was started again; only when it was
//   <runtime>/workloads/<name>/status        exit status, written by the supervisor at the end
//
// The program of instance web1 in VPC company-a has the name company-a/web1 and the directory company-a.web1: no name has a dot.
//
// Whether a workload runs is never written down: the process table knows.
import { readdirIfThere, readFileIfThere, readFileSync, removeIfEmpty, removeTree, statIfThere } from "../kernel/files.ts";
import { signalName } from "../kernel/signals.ts";
import { checkWorkloadName, nameRule } from "../model/names.ts";
import { VpcctlError } from "../model/errors.ts";
import { quote } from "../model/quote.ts";
import { membersOf } from "./members.ts";
import { allProcesses, isAlive, type Process } from "./processes.ts";
import { runtimeDirectory } from "./runtime-directory.ts";
import type { WorkloadRecord, WorkloadState, WorkloadStatus } from "./workload.ts";

/** Directory of all records. */
export function workloadsDirectory(): string {
  return `${runtimeDirectory()}/workloads`;
}

/** Files of one workload. Throws InvalidParameterValue for what is not a name. */
export function workloadFiles(name: string): Readonly<Record<"directory" | "record" | "log" | "olderLog" | "restarts" | "status", string>> {
  const problem = checkWorkloadName(name);
  if (problem !== undefined) throw new VpcctlError({ code: "InvalidParameterValue", message: problem, hint: nameRule });
  const directory = `${workloadsDirectory()}/${directoryName(name)}`;
  const file = (base: string) => `${directory}/${base}`;
  return { directory, record: file("record.json"), log: file("log"), olderLog: file("log.1"), restarts: file("restarts"), status: file("status") };
}

/** Name of a workload's directory among the others. */
export const directoryName = (name: string): string => name.replace("/", ".");

/** The name that the program of an instance has among the workloads. */
export const programName = (vpc: string, instance: string): string => `${vpc}/${instance}`;

/** Undefined when there is no workload of that name. */
export function readRecord(name: string): WorkloadRecord | undefined {
  try {
    const text = readFileIfThere(workloadFiles(name).record, "utf8");
    return text === undefined ? undefined : (JSON.parse(text) as WorkloadRecord);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return undefined;
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
  if (status === undefined) return alive ? runningState(record.name) : { kind: "lost" };
  return endOf(status);
}

/** How a command ended, by what its shell says of it. */
export function endOf(status: number): Extract<WorkloadState, { kind: "exited" | "killed" }> {
  const signal = signalName(status - 128);
  return signal === undefined ? { kind: "exited", code: status } : { kind: "killed", signal };
}

function runningState(name: string): WorkloadState {
  const [restarts = "0", status = "0", waiting] = readText(workloadFiles(name).restarts).trimEnd().split(" ");
  const count = Number(restarts);
  return waiting === undefined ? { kind: "running", restarts: count } : { kind: "waiting", restarts: count, status: Number(status) };
}

/** It runs, or will again without anybody's doing. */
export const isUp = ({ kind }: WorkloadState): boolean => kind === "running" || kind === "waiting";

function readText(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

function readStatus(name: string): number | undefined {
  const text = readText(workloadFiles(name).status);
  return text.endsWith("\n") ? Number(text) : undefined;
}

/** The record together with how things are now. */
export function statusOf(record: WorkloadRecord, processes?: readonly Process[]): WorkloadStatus {
  const state = stateOf(record);
  const strays = isUp(state) ? [] : membersOf(record, processes).map(({ pid }) => pid);
  const { log, olderLog } = workloadFiles(record.name);
  return { ...record, state, strays, logBytes: sizeOf(log) + sizeOf(olderLog) };
}

const sizeOf = (path: string): number => statIfThere(path)?.size ?? 0;

/** Every detached workload that runs or has run since the last cleanup or boot, sorted by name. */
export function listWorkloads(): WorkloadStatus[] {
  const records = allRecords();
  if (records.length === 0) return [];
  const processes = allProcesses();
  return records.map((record) => statusOf(record, processes));
}

/** Records of all workloads, or of one VPC's, sorted by name. */
export function allRecords(vpc?: string): WorkloadRecord[] {
  const names = entries().map((entry) => entry.replace(".", "/")).filter((name) => checkWorkloadName(name) === undefined).toSorted();
  const records = names.flatMap((name) => readRecord(name) ?? []);
  return vpc === undefined ? records : records.filter((record) => record.vpc === vpc);
}

/** Names of the instances that have or had a program, by VPC. Reads no record. */
export function recordedPrograms(): Map<string, string[]> {
  const programs = new Map<string, string[]>();
  for (const entry of entries()) {
    const [vpc = "", instance] = entry.split(".");
    if (vpc === "" || instance === undefined) continue;
    const known = programs.get(vpc);
    if (known === undefined) programs.set(vpc, [instance]);
    else known.push(instance);
  }
  return programs;
}

const entries = (): string[] => readdirIfThere(workloadsDirectory());

/** Removes a workload's record and log. */
export function removeRecord(name: string): void {
  removeTree(workloadFiles(name).directory);
}

/** `.web.0123456789abcdef`: a directory in the making, see start-workload.ts. Others with a dot are not ours. */
const stagingName = /^\.[a-z0-9-]+(\.[a-z0-9-]+)?\.[0-9a-f]{16}$/;

/** Removes the directories themselves when nothing is in them any more; `all`: also what killed starters have left. */
export function tidyDirectories(all: boolean): void {
  const directory = workloadsDirectory();
  const left = all ? entries().filter((name) => stagingName.test(name)) : [];
  for (const name of left) removeTree(`${directory}/${name}`);
  removeIfEmpty(directory);
  removeIfEmpty(runtimeDirectory());
}
