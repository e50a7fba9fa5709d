import type { Cidr4 } from "./cidr.ts";
import type { Cidr6 } from "./cidr6.ts";

/** A wire between two routers. Who may use it is decided by routes, and by the blocks it is limited to. */
export interface Peering {
  readonly name: string;
  /** Smallest number free among the peerings when it was asked for, from 1. Gives its transit addresses. */
  readonly number: number;
  readonly requester: PeeringSide;
  readonly accepter: PeeringSide;
  readonly status: "pending-acceptance" | "active";
}

export interface PeeringSide {
  readonly vpc: string;
  /** Only these blocks of the VPC may use it; all of the VPC when absent. */
  readonly cidrs?: readonly (Cidr4 | Cidr6)[];
}
