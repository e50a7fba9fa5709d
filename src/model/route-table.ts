import type { Cidr4 } from "./cidr.ts";
import type { Cidr6 } from "./cidr6.ts";
import type { ListDestination } from "./list-destination.ts";

export interface RouteTable {
  readonly name: string;
  /** The smallest that was free; so 1 for the one a VPC is made with. It is the packet mark and gives the kernel's table number. */
  readonly number: number;
  /** Besides the `local` routes, which every table has and nobody can take away. Longest prefix wins. */
  readonly routes: readonly Route[];
}

export interface Route {
  readonly destination: Cidr4 | Cidr6 | ListDestination;
  readonly target: RouteTarget;
}

/**
 * A target is named, not held: when it goes, the route stays and leads nowhere (EC2's state `blackhole`). `blackhole` as a target of its
 * own is ours.
 */
export type RouteTarget =
  | { readonly kind: "internet-gateway" }
  | { readonly kind: "egress-only-internet-gateway" }
  | { readonly kind: "nat-gateway"; readonly name: string }
  | { readonly kind: "peering"; readonly name: string }
  | { readonly kind: "instance"; readonly name: string }
  | { readonly kind: "blackhole" };
