// What a command that changes something answers, in text and in JSON.
import type { Step } from "../drivers/driver.ts";
import type { Report } from "../engine/report.ts";
import { type ExitStatus, exitStatus } from "../model/errors.ts";
import { visible } from "../model/quote.ts";
import type { Change } from "../plan/change.ts";
import { counted } from "./count.ts";
import type { Invocation } from "./invocation.ts";
import { kindOf } from "./kind-of.ts";
import { formatScript } from "./script.ts";

export interface ReplyText {
  /** What was done, in sentences. */
  readonly done: readonly string[];
  /** What was so before, when there was nothing to do. */
  readonly unchanged: string;
  /** Said when the World was right and the machine was not; absent: that things had drifted. */
  readonly healed?: string;
  /** What a learner could do next. */
  readonly next?: string | undefined;
  /** Fields of this command's own for --json. */
  readonly extra?: object;
}

/** Shows a report. Standard output holds the script alone when one was asked for, so that it can be piped to a file or to bash. */
export function reply(invocation: Invocation, report: Report, text: ReplyText): ExitStatus {
  const { output } = invocation;
  const wantsScript = report.dryRun || invocation.flag("explain");
  if (output.json) {
    output.printJson({ ...replyJson(invocation.line, report, wantsScript), ...text.extra });
    return exitStatus.done;
  }
  const sentences = report.dryRun ? [] : replySentences(report, text);
  if (report.recovered) sentences.unshift("An earlier command had been interrupted; what it had begun was undone first.");
  if (wantsScript) {
    output.print(formatScript(invocation.line, report.steps));
    if (!output.quiet) for (const sentence of sentences) output.warn(sentence);
  } else if (!output.quiet) {
    output.print(sentences.map((sentence) => `${sentence}\n`).join(""));
  }
  if (text.next !== undefined && !report.dryRun) output.hint(text.next);
  return exitStatus.done;
}

function replySentences(report: Report, { done, unchanged, healed }: ReplyText): string[] {
  // A batch may come back to where it was, by other ways than doing nothing.
  if (report.isChanged && done.length > 0) return [...done];
  if (report.healed) return [healed ?? `Put right ${counted(report.steps.length, "thing")} that had drifted on the machine. ${unchanged}`];
  return [`Nothing to do: ${unchanged}`];
}

/** Says which processes had to end because their namespace went. */
export function endedSentences({ endedProcesses }: Report): string[] {
  if (endedProcesses.length === 0) return [];
  const many = endedProcesses.length > mostChangesShown;
  const names = many ? countNames(endedProcesses.map(({ name }) => visible(name))) : endedProcesses.map(({ pid, name }) => `${visible(name)} (${pid})`);
  return [`Ended ${counted(endedProcesses.length, "process", "processes")}: ${names.join(", ")}.`];
}

/** `300 x sleep`, the most frequent first, and no more of them than make a line. */
function countNames(names: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const sorted = [...counts].toSorted(([, a], [, b]) => b - a).map(([name, count]) => `${count} x ${name}`);
  return sorted.length > mostChangesShown ? [...sorted.slice(0, mostChangesShown), "and others"] : sorted;
}

const pastTense: Record<Change["action"], string> = { create: "Created", update: "Changed", delete: "Deleted" };

/** More would scroll the answer away; then kinds are counted, and `describe` has the rest. */
const mostChangesShown = 12;

/** What was changed, for commands that change more than one thing. */
export function summarizeChanges(changes: readonly Change[]): string[] {
  if (changes.length > mostChangesShown) return countChanges(changes);
  return changes.map(({ action, subject, detail }) => `${pastTense[action]} ${subject}${detail === "" ? "" : ` (${detail})`}.`);
}

/** `Created 1,000 subnets.` */
function countChanges(changes: readonly Change[]): string[] {
  const counts = new Map<string, { readonly action: Change["action"]; readonly one: string; readonly many: string; count: number }>();
  for (const { action, subject } of changes) {
    const { one, many } = kindOf(subject);
    const known = counts.get(`${action} ${one}`);
    if (known === undefined) counts.set(`${action} ${one}`, { action, one, many, count: 1 });
    else known.count++;
  }
  return [...counts.values()].map(({ action, one, many, count }) => `${pastTense[action]} ${counted(count, one, many)}.`);
}

function replyJson(command: string, report: Report, withScript: boolean): object {
  return {
    command,
    result: report.changes.length > 0 ? "changed" : report.healed ? "healed" : "unchanged",
    dryRun: report.dryRun,
    recovered: report.recovered,
    changes: report.changes,
    stepCount: report.steps.length,
    ...(withScript ? { steps: report.steps.map(stepJson) } : {}),
    milliseconds: report.milliseconds,
  };
}

function stepJson({ action, subject, why, script }: Step): object {
  return { action, subject, why, script };
}
