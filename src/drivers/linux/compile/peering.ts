// A peering: a veth pair between the routers of two VPCs, on no bridge, so that packets cross and frames, ARP and MACs do not.
//
// A packet's way from A to B, through both routers:
//   A: its route table sends it to B's end of the link -> the sender's gate -> `ingress` has B's end -> chain `to-peer`: only between
//      blocks that may use the peering
//   B: the link is no bridge, so nothing marks the packet: no route table is asked, and it finds what is local in B and nothing else (no
//      gateway, no other peering: it is not transitive) -> forward: a new flow between blocks that may use the peering goes on to the
//      receiver's gate
// An answer needs a route back of its own, as in EC2. Each router judges for itself: B trusts nothing that A has let through.
import { peeringAddresses, peeringAddresses6 } from "../../../model/addresses.ts";
import { isCidr6, type Cidr } from "../../../model/cidr-any.ts";
import { allowedCidrs, findPeering, peeringsOf, viewOf, type PeeringView } from "../../../model/peering.ts";
import { findVpc, type Vpc, type World } from "../../../model/world.ts";
import { peeringLink, routerNamespace } from "../names.ts";
import { peeringIndex, peeringMacs } from "../numbers.ts";
import type { SpecObject } from "../objects/object.ts";
import { peeringAlias } from "../peering-alias.ts";
import type { Unit } from "../spec.ts";
import { ingress6Map, linkObjects6 } from "./ipv6.ts";
import { fromPeersSet, ipv6Suffix, toPeerChain, toPeersSet } from "./peering-rules.ts";
import { ingressMap } from "./router-lists.ts";

const why = {
  pair: "The peering is a wire between the two routers. It hangs on no bridge: only packets cross it, no ARP and no MAC.",
  address: "Link-local transit addresses: only the two routers know them, and each knows the other's MAC without asking.",
  next: "Whoever's route table leads over the peering goes on to the blocks that may use it.",
  list: "Which blocks may talk over the peering: from which source to which destination.",
};

/** The units of all peerings that are accepted, one per side. Both routers must be there before. */
export function* peeringUnits(world: World): Generator<[string, Unit]> {
  for (const peering of Object.values(world.peerings ?? {})) {
    if (peering.status !== "active") continue;
    // The requester's side makes the pair, so it comes first.
    for (const side of [peering.requester, peering.accepter]) {
      const view = viewOf(peering, side.vpc);
      const own = findVpc(world, side.vpc);
      const other = findVpc(world, view?.other.vpc ?? "");
      if (view === undefined || own === undefined || other === undefined) continue;
      yield [`peering ${peering.name} ${own.name}`, sideUnit(view, own, other)];
    }
  }
}

/** Has the VPC a peering that is accepted? Then its router has the sets and rules for it. */
export const isPeered = (world: World, vpc: Vpc): boolean => peeringsOf(world, vpc.name).some(({ peering }) => peering.status === "active");

export interface PeeringHop {
  readonly via: string;
  /** Absent unless both VPCs have IPv6. */
  readonly via6?: string;
  readonly link: string;
  readonly index: number;
}

/** Where a route to a peering leads; `undefined` when the VPC has no such peering, or one that is not accepted: then it is a blackhole. */
export function peeringHop(world: World, vpc: string, name: string): PeeringHop | undefined {
  const peering = findPeering(world, name);
  const view = peering && viewOf(peering, vpc);
  if (view === undefined || view.peering.status !== "active") return undefined;
  const { link, index, far, far6 } = endOf(view);
  const isDual = [view.own, view.other].every((side) => findVpc(world, side.vpc)?.ipv6Cidr !== undefined);
  return { via: far, ...(isDual ? { via6: far6 } : {}), link, index };
}

/** One end of the wire, for people to look at. */
export function wireOf(view: PeeringView): { readonly link: string; readonly address: string; readonly peerAddress: string } {
  const { link, near, far } = endOf(view);
  return { link, address: near, peerAddress: far };
}

/** One side's end of the link, and what it must know of the other. */
function endOf({ peering, own }: PeeringView) {
  const [side, otherSide] = own === peering.requester ? (["requester", "accepter"] as const) : (["accepter", "requester"] as const);
  const [addresses, addresses6] = [peeringAddresses(peering.number), peeringAddresses6(peering.number)];
  return {
    side,
    otherSide,
    link: peeringLink(peering.name),
    index: peeringIndex(peering.number, side),
    near: addresses[side],
    far: addresses[otherSide],
    near6: addresses6[side],
    far6: addresses6[otherSide],
  };
}

function sideUnit(view: PeeringView, own: Vpc, other: Vpc): Unit {
  const ownBlocks = allowedCidrs(own, view.own);
  const otherBlocks = allowedCidrs(other, view.other);
  const isDual = own.ipv6Cidr !== undefined && other.ipv6Cidr !== undefined;
  return {
    vpc: own.name,
    madeFrom: [view.peering, ownBlocks.join(" "), otherBlocks.join(" "), isDual],
    objects: () => [...linkObjects(view), ...(isDual ? ipv6Objects(view) : []), ...blockElements(view, ownBlocks, otherBlocks)],
  };
}

function linkObjects(view: PeeringView): SpecObject[] {
  const { side, otherSide, link, index, near, far } = endOf(view);
  const { peering, own, other } = view;
  const end = { namespace: routerNamespace(own.vpc), link, index };
  const peer = { namespace: routerNamespace(other.vpc), link, index: peeringIndex(peering.number, otherSide), mac: peeringMacs[otherSide] };
  const pair = { kind: "veth", ...end, mac: peeringMacs[side], peer, up: true, why: why.pair } as const;
  return [
    side === "requester" ? { ...pair, end: "near" } : { ...pair, end: "far", alias: peeringAlias(peering.requester.vpc) },
    { kind: "address", ...end, address: near, prefix: 32, why: why.address },
    { kind: "neighbour", ...end, address: far, mac: peeringMacs[otherSide], why: why.address },
    { kind: "nft-element", namespace: end.namespace, family: "inet", set: ingressMap, key: far, value: `goto ${toPeerChain}`, why: why.next },
  ];
}

/** When both VPCs have IPv6. The other router is known by an address that it need not have: nobody ever asks for it. */
function ipv6Objects(view: PeeringView): SpecObject[] {
  const { otherSide, link, index, far6 } = endOf(view);
  const namespace = routerNamespace(view.own.vpc);
  return [
    ...linkObjects6(namespace, link),
    { kind: "neighbour", namespace, link, index, address: far6, mac: peeringMacs[otherSide], why: why.address },
    { kind: "nft-element", namespace, family: "inet", set: ingress6Map, key: far6, value: `goto ${toPeerChain}`, why: why.next },
  ];
}

function blockElements(view: PeeringView, ownBlocks: readonly Cidr[], otherBlocks: readonly Cidr[]): SpecObject[] {
  const common = { kind: "nft-element", namespace: routerNamespace(view.own.vpc), family: "inet", interval: true, why: why.list } as const;
  const link = peeringLink(view.peering.name);
  return ownBlocks.flatMap((own) =>
    otherBlocks.flatMap((other): SpecObject[] => {
      if (isCidr6(own) !== isCidr6(other)) return [];
      const suffix = isCidr6(own) ? ipv6Suffix : "";
      return [
        { ...common, set: `${fromPeersSet}${suffix}`, key: `${link} . ${text(other)} . ${text(own)}` },
        { ...common, set: `${toPeersSet}${suffix}`, key: `${link} . ${text(own)} . ${text(other)}` },
      ];
    }),
  );
}

/** As nft writes it: a block of one address is the address. */
const text = (block: Cidr): string => block.replace(isCidr6(block) ? /\/128$/ : /\/32$/, "");
