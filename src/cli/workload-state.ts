import { endOf } from "../workloads/records.ts";
import type { WorkloadState } from "../workloads/workload.ts";

/** How a workload is, in a few words. */
export function stateText(state: WorkloadState): string {
  switch (state.kind) {
    case "running":
      return state.restarts === 0 ? "running" : `running (restarted ${state.restarts} x)`;
    case "waiting":
      return `waiting to restart (${lastEnd(state.status)}, restarted ${state.restarts} x)`;
    case "exited":
      return `exited (${state.code})`;
    case "killed":
      return `killed (${state.signal})`;
    case "lost":
      return "lost";
  }
}

function lastEnd(status: number): string {
  const end = endOf(status);
  return end.kind === "killed" ? `killed by ${end.signal}` : `exited ${end.code}`;
}
