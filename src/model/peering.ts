import { cidrContains, type Cidr } from "./cidr-any.ts";
import { blocksOf } from "./vpc-cidrs.ts";
import { findNamed, type Named, type Vpc, type World } from "./world.ts";

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
  /** Only these blocks of the VPC may use it; all of the VPC when absent. They do not overlap. */
  readonly cidrs?: readonly Cidr[];
}

/** A peering as one of its VPCs sees it. */
export interface PeeringView {
  readonly peering: Peering;
  readonly own: PeeringSide;
  readonly other: PeeringSide;
}

export function findPeering(world: World, name: string): Peering | undefined {
  return findNamed(world.peerings, name);
}

/** As the VPC sees it; `undefined` when it has no part in it. */
export function viewOf(peering: Peering, vpc: string): PeeringView | undefined {
  const { requester, accepter } = peering;
  if (requester.vpc === vpc) return { peering, own: requester, other: accepter };
  return accepter.vpc === vpc ? { peering, own: accepter, other: requester } : undefined;
}

const views = new WeakMap<Named<Peering>, Map<string, PeeringView[]>>();
const none: readonly PeeringView[] = [];

/** All peerings of a VPC, accepted or not, as it sees them. */
export function peeringsOf({ peerings }: World, vpc: string): readonly PeeringView[] {
  return peerings === undefined ? none : (viewsByVpc(peerings).get(vpc) ?? none);
}

/** Made once for all VPCs: each of a thousand would look through all peerings. */
function viewsByVpc(peerings: Named<Peering>): ReadonlyMap<string, PeeringView[]> {
  const known = views.get(peerings);
  if (known !== undefined) return known;
  const byVpc = new Map<string, PeeringView[]>();
  for (const peering of Object.values(peerings)) {
    const { requester, accepter } = peering;
    for (const view of [{ peering, own: requester, other: accepter }, { peering, own: accepter, other: requester }]) {
      const list = byVpc.get(view.own.vpc);
      if (list === undefined) byVpc.set(view.own.vpc, [view]);
      else list.push(view);
    }
  }
  views.set(peerings, byVpc);
  return byVpc;
}

/** The one peering that two VPCs can have. */
export function peeringBetween(world: World, a: string, b: string): Peering | undefined {
  return peeringsOf(world, a).find((view) => view.other.vpc === b)?.peering;
}

/** The blocks of a side's VPC that may use the peering: all it has now, or of those that were named the ones it still has. */
export function allowedCidrs(vpc: Vpc, { cidrs }: PeeringSide): readonly Cidr[] {
  const blocks = blocksOf(vpc);
  return cidrs === undefined ? blocks : cidrs.filter((cidr) => blocks.some((block) => cidrContains(block, cidr)));
}
