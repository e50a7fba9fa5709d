import { VpcctlError } from "../model/errors.ts";
import type { Store } from "../store/store.ts";
import type { LogEntry } from "./contract.ts";
import { LeftToCaller } from "./left-to-caller.ts";
import type { Report } from "./report.ts";

/** Writes down what changed no World. A log that cannot be written never fails the command it is about, nor withholds its answer. */
export function record(store: Store, entry: Omit<LogEntry, "time">): void {
  write(() => store.appendLog({ time: new Date().toISOString(), ...entry }));
}

/** Runs a command and writes down how it ended, under the same rule. */
export function recorded<T extends Report>(store: Store, command: string, started: number, act: () => T): T {
  const entry = (): { time: string; command: string; milliseconds: number } => ({
    time: new Date().toISOString(),
    command,
    milliseconds: Math.round(performance.now() - started),
  });
  try {
    const report = act();
    const steps = report.applied?.done ?? 0;
    write(() => store.appendLog({ ...entry(), result: steps > 0 || (report.isChanged && report.changes.length > 0) ? "done" : "unchanged", steps }));
    return report;
  } catch (error) {
    // It will write it down.
    if (error instanceof LeftToCaller) throw error;
    const result = error instanceof VpcctlError && error.code === "ApplyFailed" ? "rolled back" : "failed";
    write(() => store.appendLog({ ...entry(), result, steps: 0, error: error instanceof Error ? error.message : String(error) }));
    throw error;
  }
}

function write(act: () => void): void {
  try {
    act();
  } catch {
    // A full disk is reported by whatever the command itself could not write.
  }
}
