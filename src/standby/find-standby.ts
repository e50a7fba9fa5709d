import { listenerAt } from "../kernel/local-listener.ts";
import { readProcess } from "../workloads/processes.ts";
import { standbyPath } from "./place.ts";

/** Number of the standby process, whoever it works for; undefined when there is none. */
export const findStandby = (): number | undefined => listenerAt(standbyPath());

/** Waits until the process is gone, at most so many milliseconds; is it? */
export function awaitEnd(pid: number, patience: number): boolean {
  const start = performance.now();
  while (readProcess(pid) !== undefined) {
    if (performance.now() - start > patience) return false;
    Bun.sleepSync(1);
  }
  return true;
}
