// The words of this folder. A workload is a command that runs in the network namespace of a subnet or an instance: in the foreground (it
// takes the place of this process) or detached (it gets a name, a log, and outlives this process).
import type { RestartPolicy } from "../model/instance.ts";
import type { LogKeeper } from "./log-keeper.ts";
import type { NameSettings } from "../model/dhcp-options.ts";

/** What to run: one string is read by `/bin/sh -c`, a list is executed as it is, with no shell in between. */
export type Command = { readonly shell: string } | { readonly argv: readonly [string, ...string[]] };

export interface Workload {
  readonly vpc: string;
  readonly subnet: string;
  /** Absent: it runs in the subnet's own namespace. */
  readonly instance?: string;
  /** Name of the network namespace it runs in. */
  readonly namespace: string;
  readonly command: Command;
  /** What its resolv.conf says; absent: what the host's says. */
  readonly nameSettings?: NameSettings;
}

/** A detached workload, as its record on disk says. */
export interface WorkloadRecord extends Workload {
  /** As the user gave it, or `company-a/web1` for the program of an instance. */
  readonly name: string;
  readonly restart: RestartPolicy;
  /** Tells this run from an earlier or later one of the same name; stands in the environment of every process of the workload. */
  readonly id: string;
  /** Process id of its supervisor, which leads a session of its own. */
  readonly pid: number;
  /** Start time of that process in clock ticks since boot: a reused pid has another one. */
  readonly started: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Who writes its log, see log-keeper.ts. */
  readonly keeper: LogKeeper;
}

/** `waiting`: it has ended and is about to be started again. `lost`: the supervisor was killed, so nobody knows how the workload ended. */
export type WorkloadState =
  | { readonly kind: "running"; readonly restarts: number }
  | { readonly kind: "waiting"; readonly restarts: number; readonly status: number }
  | { readonly kind: "exited"; readonly code: number }
  | { readonly kind: "killed"; readonly signal: NodeJS.Signals }
  | { readonly kind: "lost" };

export interface WorkloadStatus extends WorkloadRecord {
  readonly state: WorkloadState;
  /** Processes that an ended workload left behind (a daemon it started); always empty while it runs. */
  readonly strays: readonly number[];
  readonly logBytes: number;
}

/** The words to execute for a command. */
export function argvOf(command: Command): readonly [string, ...string[]] {
  return "shell" in command ? ["/bin/sh", "-c", command.shell] : command.argv;
}
