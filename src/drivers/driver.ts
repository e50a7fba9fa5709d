// The contract every driver keeps. The engine knows drivers only through this file.
import type { Problem } from "../model/errors.ts";
import type { Instance } from "../model/instance.ts";
import type { World } from "../model/world.ts";

/** Which part of the machine to look at: everything that carries our mark, or some VPCs (and of these all subnets or some). */
export type Scope = "all" | readonly VpcScope[];

export interface VpcScope {
  readonly vpc: string;
  /** Absent: every subnet of the VPC. The router and the VPC's share of the host are always included. */
  readonly subnets?: readonly string[];
}

/** One change to the machine, ready to apply, and the shell line that does the same. */
export interface Step {
  readonly action: "add" | "change" | "delete";
  /** Identity of the object, for example `link vpc.company-a br-company-a`. */
  readonly subject: string;
  /** Why the object exists, in one sentence for a learner. Same text for every step of one group: print it once. */
  readonly why: string;
  /** The equivalent `ip`, `nft` or `sysctl` lines for bash. */
  readonly script: readonly string[];
}

export interface StepFailure {
  readonly step: Step;
  readonly error: Error;
  /** What kind of refusal it was, where the driver can tell. `gone`: something the step builds on is not there (any more). */
  readonly reason?: "taken" | "gone" | "not-permitted" | "unsupported" | "missing-library";
  /** The machine may still be taking apart what is in the way, or what was looked at: another look in a moment may do. */
  readonly mayPass?: boolean;
}

export interface ApplyReport {
  readonly done: number;
  readonly failures: readonly StepFailure[];
  /** Steps not tried because an earlier one failed. */
  readonly skipped: number;
}

export interface ApplyOptions {
  /** `stop`: end at the first failure (builds). `continue`: try everything, report every failure (deletes, cleanup, rollback). */
  readonly onFailure: "stop" | "continue";
  readonly onProgress?: (done: number, total: number) => void;
}

/** One packet to send: from where, to which address. An ICMP echo, or, with a port, the first packet of a flow to it. */
export interface Probe {
  readonly vpc: string;
  /** Path of an attachment: `web`, `web/web1`. */
  readonly subnet: string;
  readonly address: string;
  readonly port?: PortOf;
}

export interface PortOf {
  readonly protocol: "tcp" | "udp";
  readonly number: number;
}

export interface ProbeResult {
  readonly probe: Probe;
  /** Round trip in milliseconds; absent when no reply came in time. */
  readonly milliseconds?: number;
  /** Set when the probe could not even be sent (for example: the namespace is gone). */
  readonly error?: string;
}

/**
 * A machine that can hold Worlds.
 * @typeParam Spec - what the machine should hold or does hold, comparable piece by piece
 * @typeParam Change - this driver's steps
 * @typeParam Facts - what it must know of the host to compile (uplinks, foreign firewalls)
 */
export interface Driver<Spec = unknown, Change extends Step = Step, Facts = unknown> {
  /** Reads the host facts that compile needs. Changes nothing. */
  survey(): Facts;
  /** What the later World asks for that the earlier one did not, and this machine cannot do. Nothing has been touched yet. Changes nothing. */
  objections(before: World, after: World, facts: Facts): readonly Problem[];
  /** Total: every valid World compiles. Pure. */
  compile(world: World, facts: Facts): Spec;
  /** What the machine holds of ours inside the scope. Changes nothing. */
  observe(scope: Scope): Spec;
  /** Only what must be named to remove everything of ours in the scope: much cheaper than observe. Changes nothing. */
  inventory(scope: Scope): Spec;
  /** The part of a compiled Spec that observe(scope) would return if the machine were right. Pure. */
  restrict(spec: Spec, scope: Scope): Spec;
  /** Ordered steps that turn `have` into `want`; adds before deletes. Pure. */
  diff(want: Spec, have: Spec): Change[];
  apply(steps: readonly Change[], options: ApplyOptions): ApplyReport;
  /** Names of the namespaces that these steps delete: what runs inside has to end first. Pure. */
  namespacesLost(steps: readonly Change[]): string[];
  /** Sends all probes at once; resolves when all have an answer or the time (milliseconds) is over. */
  probe(probes: readonly Probe[], timeout: number): Promise<ProbeResult[]>;
  /** Does the host itself get an echo from the address within the time (milliseconds)? */
  hostReaches(address: string, timeout: number): Promise<boolean>;
  /** Name of the network namespace of an attachment: `web` is the path of a subnet's own, `web/web1` of an instance. Pure. */
  namespaceOf(vpc: string, path: string): string;
  /** What this machine lacks of an instance that is somebody else's program (`attach`); undefined when it has all. Changes nothing. */
  lostPart(vpc: string, instance: Instance): LostPart | undefined;
  /** Names of the namespaces of a VPC and its subnets, bridge and link names: for `describe`. Pure. */
  layout(world: World, vpc: string): VpcLayout;
}

/** Without its namespace an instance is left out until it is taken away; an interface alone is put back by the next command on it. */
export type LostPart = "namespace" | "interface";

export interface VpcLayout {
  readonly namespace: string;
  readonly bridges: readonly string[];
  readonly internetGateway?: { readonly hostLink: string; readonly hostAddress: string; readonly routerAddress: string };
  /** Those that are accepted, by name; absent where there are none, or where there is no wire to show. */
  readonly peerings?: Readonly<Record<string, { readonly link: string; readonly address: string; readonly peerAddress: string }>>;
  readonly subnets: Readonly<Record<string, AttachmentLayout>>;
  /** By name; none when the VPC has no instances. */
  readonly instances: Readonly<Record<string, AttachmentLayout>>;
}

/** Of a subnet's own namespace, or of an instance. */
export interface AttachmentLayout {
  readonly namespace: string;
  readonly routerLink: string;
  readonly gateway: string;
  readonly address: string;
  readonly mac: string;
}
