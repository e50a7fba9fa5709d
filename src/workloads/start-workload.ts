// Starting a detached workload.
//
//   this process ── runs itself again as `__supervise` (supervise.ts), which enters the namespace and becomes
//   /bin/sh         the supervisor: leads a session, waits for the command, writes down how it ended
//   └─ the command
//
// Somebody must wait for the command, or nobody would know how it ended, and nobody would start it again. That is a shell, because a shell
// is the smallest program that every machine has: well under 1 MB of its own, against 25 MB for a copy of this program.
// The price: it says 128+n for "killed by signal n", so `exit 137` and SIGKILL look alike, as they do to any script.
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, removeTree, renameSync, writeFileSync } from "../kernel/files.ts";
import { type ErrorCode, VpcctlError } from "../model/errors.ts";
import type { RestartPolicy } from "../model/instance.ts";
import { membersOf } from "./members.ts";
import { directoryName, isUp, readRecord, removeRecord, stateOf, workloadFiles, workloadsDirectory } from "./records.ts";
import { makePipe } from "../kernel/pipe.ts";
import { inheritedOpenFiles } from "./replace-process.ts";
import { type Resolvers, resolversFor } from "./resolvers.ts";
import { argvOf, type Workload, type WorkloadRecord } from "./workload.ts";

/** The hidden verb that main.ts hands to `superviseWorkload`. */
export const SUPERVISE_VERB = "__supervise";

/** What the starter tells the supervisor-to-be, as JSON in one argument. */
export interface Assignment extends Omit<Workload, "command"> {
  readonly name: string;
  readonly restart: RestartPolicy;
  readonly id: string;
  /** Where to make the record before it gets its name. */
  readonly staging: string;
  readonly isShell: boolean;
  readonly resolvConf: string;
  /** Limits of open files, decimal: JSON has no 64-bit numbers. */
  readonly openFiles: { readonly soft: string; readonly hard: string };
}

/** What comes back on the pipe when the workload did not start; nothing comes back when it did. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

export interface DetachedWorkload extends Workload {
  readonly name: string;
  /** `never` when absent. */
  readonly restart?: RestartPolicy;
}

/**
 * Starts a workload that outlives this process, and returns when its supervisor runs. Takes the place of an ended workload of that name,
 * and, when it is the program of an instance, goes on with its log. Throws WorkloadDuplicate while one runs or has left processes behind,
 * and InvalidParameterValue for a bad name or a command that is not there. `self` is how this program is run again.
 */
export function startWorkload(
  workload: DetachedWorkload,
  warn: (note: string) => void,
  resolvers: Resolvers = resolversFor(workload),
  self: readonly string[] = thisProgram(),
): WorkloadRecord {
  return land(launch(workload, warn, resolvers, self), warn);
}

/** A start takes most of its time in the child, so a few are under way at once. */
const AT_ONCE = 4;

/** Starts as many of them as can be started; says why the others, by name, could not. */
export function startWorkloads(workloads: readonly DetachedWorkload[], warn: (note: string) => void): ReadonlyMap<string, unknown> {
  const failures = new Map<string, unknown>();
  const attempt = <T>(name: string, act: () => T): T | undefined => {
    try {
      return act();
    } catch (error) {
      failures.set(name, error);
      return undefined;
    }
  };
  for (let at = 0; at < workloads.length; at += AT_ONCE) {
    const launched = workloads.slice(at, at + AT_ONCE).flatMap((workload) => attempt(workload.name, () => launch(workload, warn, resolversFor(workload), thisProgram())) ?? []);
    for (const each of launched) attempt(each.name, () => land(each, warn));
  }
  return failures;
}

/** A child on its way to become a supervisor. */
interface Launched {
  readonly name: string;
  readonly id: string;
  readonly staging: string;
  /** Descriptor on which it speaks. */
  readonly answer: number;
}

function launch(workload: DetachedWorkload, warn: (note: string) => void, resolvers: Resolvers, self: readonly string[]): Launched {
  const { name } = workload;
  const replaced = replaceable(name);
  if (resolvers.note !== undefined) warn(resolvers.note);
  const id = crypto.getRandomValues(new Uint8Array(8)).toHex();
  const staging = `${workloadsDirectory()}/.${directoryName(name)}.${id}`;
  mkdirSync(staging, { recursive: true, mode: 0o755 });
  try {
    if (replaced) makeRoom(workload, staging);
    const words = [...self, SUPERVISE_VERB, JSON.stringify(assignmentFor(workload, id, staging, resolvers)), ...argvOf(workload.command)];
    return { name, id, staging, answer: spawnWithLog(words, `${staging}/log`) };
  } catch (error) {
    giveUp(name, staging);
    throw error;
  }
}

/** Returns the reading end of its standard output. */
function spawnWithLog(words: string[], path: string): number {
  const log = openSync(path, "a", 0o644);
  const { read, write } = makePipe();
  try {
    Bun.spawn(words, { stdin: "ignore", stdout: write, stderr: log }).unref();
  } finally {
    closeSync(write);
    closeSync(log);
  }
  return read;
}

/** Waits for the end of the child's pipe: it closes when the child becomes the supervisor. */
function land({ name, id, staging, answer }: Launched, warn: (note: string) => void): WorkloadRecord {
  try {
    for (const line of readFileSync(answer, "utf8").split("\n").filter((text) => text !== "")) hear(JSON.parse(line) as Answer, warn);
    const record = readRecord(name);
    // Without a word and without a record it was killed, or crashed before it could speak.
    if (record?.id !== id) throw endedEarly(name);
    removeTree(`${workloadFiles(name).directory}/${REPLACED}`);
    return record;
  } catch (error) {
    giveUp(name, staging);
    throw error;
  } finally {
    closeSync(answer);
  }
}

function endedEarly(name: string): VpcctlError {
  const hint = "Somebody ended it, or the machine is out of memory. Start it again.";
  return new VpcctlError({ code: "ApplyFailed", message: `The supervisor of workload ${name} was ended before it ran.`, hint });
}

function assignmentFor(workload: DetachedWorkload, id: string, staging: string, resolvers: Resolvers): Assignment {
  const { name, vpc, subnet, instance, namespace, command, restart = "never" } = workload;
  const { soft, hard } = inheritedOpenFiles();
  const openFiles = { soft: String(soft), hard: String(hard) };
  const place = { vpc, subnet, ...(instance === undefined ? {} : { instance }), namespace };
  return { name, id, ...place, restart, staging, isShell: "shell" in command, resolvConf: resolvers.text, openFiles };
}

/** Has a workload of that name ended? False when there is none; throws when it has not. */
function replaceable(name: string): boolean {
  workloadFiles(name);
  const record = readRecord(name);
  if (record === undefined) return false;
  const state = stateOf(record);
  const left = isUp(state) ? [] : membersOf(record);
  if (!isUp(state) && left.length === 0) return true;
  const pids = left.map(({ pid }) => pid).join(", ");
  throw new VpcctlError({
    code: "WorkloadDuplicate",
    message:
      isUp(state) ? `A workload ${name} runs already, since ${record.startedAt}.` : `Workload ${name} has ended but left processes behind: ${pids}.`,
    hint: `Stop it first: vpcctl stop ${name}`,
  });
}

/** The program of an instance goes on with its log, and if it cannot be started all is as before. Nobody else starts it now: who starts has the World's lock. */
function makeRoom({ name, instance }: DetachedWorkload, staging: string): void {
  if (instance === undefined) return removeRecord(name);
  const { directory, log, olderLog } = workloadFiles(name);
  if (existsSync(olderLog)) writeFileSync(`${staging}/log.1`, readFileSync(olderLog));
  if (existsSync(log)) writeFileSync(`${staging}/log`, readFileSync(log));
  renameSync(directory, `${staging}/${REPLACED}`);
}

/** The directory of the workload whose place was taken, until the new one runs. */
const REPLACED = "replaced";

/** What was there before is there again, and nothing else. */
function giveUp(name: string, staging: string): void {
  const { directory } = workloadFiles(name);
  if (existsSync(`${staging}/${REPLACED}`) && !existsSync(directory)) renameSync(`${staging}/${REPLACED}`, directory);
  removeTree(staging);
}

/** One line from the child: a note for the user, or why it gave up. */
export type Answer = { readonly note: string } | { readonly refusal: Refusal };

function hear(answer: Answer, warn: (note: string) => void): void {
  if ("note" in answer) warn(answer.note);
  else throw new VpcctlError(answer.refusal);
}

/** A compiled program is itself; in development it is the runtime with the entry file. */
function thisProgram(): string[] {
  return Bun.main.startsWith("/$bunfs/") ? [process.execPath] : [process.execPath, Bun.main];
}
