// The kinds of kernel object that vpcctl makes. Pure data: what is read from a kernel and what is compiled from a World look alike.
import type { NftChainObject, NftElementObject, NftSetObject, NftTableObject } from "./nft.ts";
import type { HtbObject, IfbObject, ShapeClassObject } from "./shaping.ts";

export type { NftChainObject, NftElementObject, NftFamily, NftRule, NftSetObject, NftTableObject } from "./nft.ts";

interface Common {
  /** Why it exists, for a learner; absent on objects read from the kernel. */
  readonly why?: string;
}

/** A named network namespace, marked as ours by the alias of its loopback, which is up. */
export interface NamespaceObject extends Common {
  readonly kind: "namespace";
  readonly namespace: string;
  readonly mark: string;
  /** The namespace is there already: that of this process, and only lent a name. */
  readonly adopted?: { readonly pid: number; readonly inode: number };
  /** The mark was read from the machine for this very command; absent: it is what the mark should be. */
  readonly seen?: true;
}

export interface BridgeObject extends Common {
  readonly kind: "bridge";
  readonly namespace: string;
  readonly link: string;
  readonly index: number;
  readonly mac: string;
}

/**
 * A bridge that is switched on. Apart from the bridge itself, because order matters: on a bridge that is up each new port is news to the
 * whole namespace, and building 1,000 subnets takes a tenth longer.
 */
export interface BridgeUpObject extends Common {
  readonly kind: "bridge-up";
  readonly namespace: string;
  readonly link: string;
  readonly index: number;
}

/**
 * One end of a veth pair. The pair is made and removed with its `near` end, in the router; the `far` end is configured when it is
 * there. An end that is missing or looks wrong means the pair is made anew.
 */
export interface VethObject extends Common {
  readonly kind: "veth";
  readonly end: "near" | "far";
  readonly namespace: string;
  readonly link: string;
  /** Chosen by us for the near end; the far end gets its own by `peer.index` of the near one, or from the kernel. */
  readonly index?: number;
  readonly mac: string;
  readonly peer: { readonly namespace: string; readonly link: string; readonly index?: number; readonly mac: string };
  readonly up: boolean;
  /** Bridge that a near end is a port of; such a port is isolated and neither learns nor floods. */
  readonly bridge?: { readonly link: string; readonly index: number };
  readonly alias?: string;
}

export interface AddressObject extends Common {
  readonly kind: "address";
  readonly namespace: string;
  readonly link: string;
  readonly index?: number;
  readonly address: string;
  readonly prefix: number;
}

export interface RouteObject extends Common {
  readonly kind: "route";
  readonly namespace: string;
  readonly table: number;
  /** `0.0.0.0/0` for a default route. */
  readonly destination: string;
  /** `other` is never ours: it is read where somebody put a route of his own in the place of ours. */
  readonly type: "unicast" | "blackhole" | "other";
  readonly via?: string;
  readonly link?: string;
  readonly index?: number;
  /** The next hop is on the link although no address says so. */
  readonly onlink?: boolean;
  /** As which of its addresses this machine speaks when it uses the route. */
  readonly source?: string;
  /** Set on a route that is not ours by its protocol, but stands in a namespace of ours. */
  readonly foreign?: true;
  /** 0 when absent. The smaller wins among routes to one destination. */
  readonly metric?: number;
}

export interface RuleObject extends Common {
  readonly kind: "rule";
  readonly namespace: string;
  /** Each kind of packet has rules of its own; IPv4 when absent. */
  readonly family?: 6;
  readonly priority: number;
  readonly table: number;
  readonly mark?: number;
  /** 0: leave default routes of the table out. */
  readonly suppressPrefixLength?: number;
  /** Only for packets that start here, by whatever link they leave. */
  readonly ownPackets?: true;
}

export interface NeighbourObject extends Common {
  readonly kind: "neighbour";
  readonly namespace: string;
  readonly link: string;
  readonly index?: number;
  readonly address: string;
  readonly mac: string;
}

export interface FdbObject extends Common {
  readonly kind: "fdb";
  readonly namespace: string;
  readonly link: string;
  readonly index: number;
  readonly mac: string;
}

export interface SysctlObject extends Common {
  readonly kind: "sysctl";
  readonly namespace: string;
  /** Path below /proc/sys, with slashes. */
  readonly key: string;
  readonly value: string;
  /** Absent kernel features have no such file; then there is nothing to set. */
  readonly optional?: boolean;
  /** Value to put back on deletion (the host's own settings only). */
  readonly was?: string;
}

/** A rule of ours in somebody else's chain, there only because that chain would drop what our gateway forwards. */
export interface ForeignRuleObject extends Common {
  readonly kind: "foreign-rule";
  readonly family: "ip" | "ip6" | "inet" | "legacy";
  readonly table: string;
  readonly chain: string;
  /** Which interface name it looks at. */
  readonly direction: "iifname" | "oifname";
  readonly link: string;
  readonly comment: string;
  /** Handle of the foreign rule that would drop; absent: the chain's policy would, so ours goes last. */
  readonly before?: number;
}

export type SpecObject =
  | NamespaceObject
  | BridgeObject
  | BridgeUpObject
  | VethObject
  | AddressObject
  | RouteObject
  | RuleObject
  | NeighbourObject
  | FdbObject
  | SysctlObject
  | NftTableObject
  | NftSetObject
  | NftChainObject
  | NftElementObject
  | ForeignRuleObject
  | IfbObject
  | HtbObject
  | ShapeClassObject;
