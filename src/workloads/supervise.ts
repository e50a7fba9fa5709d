import { closeSync, mayExecute, renameSync, statIfThere, writeAll, writeFileSync } from "../kernel/files.ts";
import { processCalls } from "../kernel/libc.ts";
import { isKernelError } from "../kernel/errors.ts";
import { VpcctlError } from "../model/errors.ts";
import { quote } from "../model/quote.ts";
import { startLogKeeper, type LogKeeper } from "./log-keeper.ts";
import { readProcess } from "./processes.ts";
import { ID_VARIABLE } from "./members.ts";
import { removeRecord, workloadFiles } from "./records.ts";
import { adoptOrphans, candidates, replaceProcess } from "./replace-process.ts";
import { enterWorkloadNamespaces, placeVariables } from "./run-workload.ts";
import type { Answer, Assignment, Refusal } from "./start-workload.ts";
import { SUPERVISOR } from "./supervisor-script.ts";
import type { Command, WorkloadRecord } from "./workload.ts";

const STDOUT = 1;
const STDERR = 2;

/**
 * The child's side of `startWorkload`, reached through the hidden verb with the words after it. Becomes the supervisor; returns only
 * when that failed, with why already told to the starter. Standard output is the starter's pipe, standard error the log.
 */
export function superviseWorkload(words: readonly string[]): void {
  const say = (answer: Answer) => writeAll(STDOUT, `${JSON.stringify(answer)}\n`);
  const [text, program, ...rest] = words;
  if (text === undefined || program === undefined) throw new Error("the supervisor needs an assignment and a command");
  const assignment = JSON.parse(text) as Assignment;
  try {
    become(assignment, [program, ...rest], (note) => say({ note }));
  } catch (error) {
    say({ refusal: refusalFor(error) });
  }
}

function become(assignment: Assignment, argv: readonly [string, ...string[]], warn: (note: string) => void): void {
  const { name, id, namespace, restart, openFiles } = assignment;
  const { setsid, dup2 } = processCalls();
  setsid();
  // Before entering, and before orphans are adopted: it is no part of the workload.
  const { keeper, output } = startLogKeeper(assignment.staging);
  for (const note of enterWorkloadNamespaces(namespace, assignment.resolvConf)) warn(note);
  requireCommand(argv[0]);
  publish(assignment, argv, keeper);
  adoptOrphans();
  dup2(output, STDERR);
  // From here on the starter hears nothing: this closes its pipe.
  dup2(output, STDOUT);
  closeSync(output);
  const variables = { ...placeVariables({ ...assignment, command: { argv } }), VPCCTL_WORKLOAD: name, [ID_VARIABLE]: id };
  const limit = { soft: BigInt(openFiles.soft), hard: BigInt(openFiles.hard) };
  const { reason } = replaceProcess(["/bin/sh", "-c", SUPERVISOR, workloadFiles(name).status, restart, ...argv], variables, limit);
  removeRecord(name);
  throw new Error(reason);
}

/** Looked for inside the namespaces, with the same rules execvp(3) has, so that a typing error is told at once and not in the log. */
function requireCommand(command: string): void {
  const found = candidates(command, process.env["PATH"] ?? "/bin:/usr/bin").some(isExecutable);
  if (found) return;
  throw new VpcctlError({
    code: "InvalidParameterValue",
    message: `There is no command ${quote(command)} that can be executed.`,
    hint: /\s/.test(command) ? `A line for a shell needs a shell to read it: -- sh -c ${quote(command)}` : "Check its name, its path and its permissions.",
  });
}

function isExecutable(path: string): boolean {
  return mayExecute(path) && statIfThere(path)?.isFile() === true;
}

/** Makes the record; the rename fails when another starter was faster, since a directory cannot replace one that holds files. */
function publish(assignment: Assignment, argv: readonly [string, ...string[]], keeper: LogKeeper): void {
  const { name, id, vpc, subnet, instance, namespace, restart, staging } = assignment;
  const started = readProcess(process.pid)?.started;
  if (started === undefined) throw new Error("this process is not in /proc");
  const command: Command = assignment.isShell ? { shell: argv[2] ?? "" } : { argv };
  const startedAt = new Date().toISOString();
  const place = { vpc, subnet, ...(instance === undefined ? {} : { instance }), namespace };
  const record: WorkloadRecord = { name, ...place, command, restart, id, pid: process.pid, started, startedAt, keeper };
  writeFileSync(`${staging}/record.json`, `${JSON.stringify(record, undefined, 2)}\n`);
  try {
    renameSync(staging, workloadFiles(name).directory);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOTEMPTY" && code !== "EEXIST") throw error;
    throw new VpcctlError({
      code: "WorkloadDuplicate",
      message: `A workload ${name} has just been started by another command.`,
      hint: `Look at it: vpcctl workloads`,
    });
  }
}

function refusalFor(error: unknown): Refusal {
  if (error instanceof VpcctlError) return { code: error.code, message: error.message, hint: error.hint };
  const message = error instanceof Error ? error.message : String(error);
  const hint = "See what the machine lacks: vpcctl doctor";
  return { code: isKernelError(error, "EPERM", "EACCES") ? "NotPermitted" : "ApplyFailed", message: `${message}.`, hint };
}
