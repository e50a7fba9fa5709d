// What the engine offers to CLI, API and console. One path to the kernel: lock, load, recover, operate, compile, diff, apply, save, report.
import type { LostPart, PortOf, Scope, VpcLayout } from "../drivers/driver.ts";
import type { NameSettings } from "../model/dhcp-options.ts";
import type { Instance } from "../model/instance.ts";
import type { World } from "../model/world.ts";
import type { LogLine } from "../store/log.ts";
import type { Report } from "./report.ts";

export interface ChangeRequest {
  /** The command line as the user gave it, for the log. */
  readonly command: string;
  /** A pure verb, already bound to its input. Throws VpcctlError when the input does not fit the World. */
  readonly operate: (world: World) => World;
  /** What the verb names in this World (the one before); looked at on the machine when the World itself needs no change. */
  readonly touches: (world: World) => Scope;
  /** Nothing is touched or locked for writing; the report holds the steps that would be taken. */
  readonly dryRun?: boolean;
  readonly onProgress?: (done: number, total: number) => void;
  /** Told once when another command holds the lock. */
  readonly onWait?: () => void;
}

export interface CleanupRequest {
  readonly command: string;
  /** Absent: everything of ours, found by the marks in the kernel, with or without a store. */
  readonly vpc?: string;
  readonly dryRun?: boolean;
  readonly onProgress?: (done: number, total: number) => void;
  readonly onWait?: () => void;
}

export interface ConnectivityRequest {
  readonly vpc: string;
  /** External address each subnet tries, for example 8.8.8.8. With one of IPv6 everything goes by IPv6. */
  readonly internetTarget: string;
  /** Milliseconds to wait for the last answer. */
  readonly timeout: number;
  /** What is sent to; ICMP echoes when absent. */
  readonly port?: PortOf;
}

export interface PairResult {
  readonly from: string;
  readonly to: string;
  readonly expected: boolean;
  readonly reached: boolean;
  readonly milliseconds?: number;
  /** The probe could not do its work, so `reached` tells nothing: never as expected. */
  readonly error?: string;
  /** Which rule of the model makes it so, or why the result differs. */
  readonly reason: string;
}

export interface ConnectivityReport {
  readonly vpc: string;
  readonly internetTarget: string;
  readonly port?: PortOf;
  readonly subnets: readonly string[];
  /** Subnets' own namespaces, then instances. */
  readonly attachments: readonly { readonly path: string; readonly address: string }[];
  /** How many pairs there are; `pairs` are fewer when these are too many. */
  readonly allPairs: number;
  readonly pairs: readonly PairResult[];
  /** `to` is the internet target. */
  readonly internet: readonly PairResult[];
  /** Does the host itself reach the target; absent when no subnet should. */
  readonly hostReaches?: boolean;
  readonly asExpected: boolean;
  readonly milliseconds: number;
}

export interface InstancePlacement {
  readonly vpc: string;
  readonly subnet: string;
  readonly instance: string;
  readonly namespace: string;
  readonly nameSettings?: NameSettings;
}

export type LogEntry = LogLine;

export interface Engine {
  /** The World as last saved. Takes no lock. */
  world(): World;
  change(request: ChangeRequest): Report;
  cleanup(request: CleanupRequest): Report;
  connectivity(request: ConnectivityRequest): Promise<ConnectivityReport>;
  layout(world: World, vpc: string): VpcLayout;
  /** Where a workload of this subnet runs. Throws InvalidSubnetID.NotFound. */
  placement(vpc: string, subnet: string): { readonly namespace: string; readonly address: string; readonly nameSettings?: NameSettings };
  /** Where a program in this instance runs. Throws InvalidInstanceID.NotFound, and IncorrectInstanceState when it is stopped. */
  instancePlacement(vpc: string, instance: string): InstancePlacement;
  /** Name of the namespace of an attachment, by its path: `web` for a subnet's own, `web/web1` for an instance's. */
  namespaceOf(vpc: string, path: string): string;
  /** What the machine lacks of an attached instance; undefined when it has all. */
  lostPart(vpc: string, instance: Instance): LostPart | undefined;
  /** Nothing is changed by another command until this is disposed, or until this process becomes a workload. `onWait` as in ChangeRequest. */
  lock(onWait?: () => void): Disposable;
  log(): readonly LogEntry[];
  /** Adds an entry for something that changed no World (a workload, a test). */
  record(entry: Omit<LogEntry, "time">): void;
}
