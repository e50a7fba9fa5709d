// What was broken on purpose. A partition is a drop at the very top of chain `forward`, before ACLs and conntrack, so that flows that are
// under way break too. It says "from these to those", so it is a set of pairs of ranges; all partitions of a VPC are one look-up each way
// of asking:
//
//   ether saddr . rt ip nexthop    who hands the packet to whom: true also of routers and gateways on the way
//   ip saddr . ip daddr            between whom it goes in the end: true also of a path by public addresses
//
// A set holds no two pairs that overlap, and partitions do (a subnet and an instance in it), so they are made disjoint first. The sets are
// part of their rules: a change of faults is a change of the chain, in one transaction.
//
// A link that is down is nothing of that: the attachment's port in the router is switched off, and the interface inside loses its carrier.
// Its addresses, routes and neighbours stay, for it is not switched off itself.
import { hasLinkDown } from "../../../model/fault.ts";
import type { Vpc } from "../../../model/world.ts";
import { gatewayRouterLink } from "../names.ts";
import type { NftRule } from "../objects/object.ts";
import { cutsOf, type Cuts } from "./cuts.ts";
import { disjoint, type Domain, domains, type Pair, rangeText } from "./range-pairs.ts";
import { nftRule } from "./rule-text.ts";

/** Is the wire of this attachment pulled: of a subnet's own namespace, or of an instance? */
export const isLinkDown = ({ faults }: Vpc, subnet: string, instance?: string): boolean =>
  faults !== undefined && hasLinkDown(faults, subnet, instance);

/** The parts of the World that decide `faultForwardRules`; none when there is no partition. */
export function faultParts(vpc: Vpc): readonly unknown[] {
  return hasPartition(vpc) ? [vpc.faults, vpc.subnets, vpc.instances, vpc.natGateways] : [];
}

const hasPartition = (vpc: Vpc): boolean => vpc.faults?.some(({ kind }) => kind === "partition") ?? false;

/** For the very top of chain `forward`. */
export function faultForwardRules(vpc: Vpc): readonly NftRule[] {
  if (!hasPartition(vpc)) return [];
  const cuts = cutsOf(vpc);
  return [
    ...cutRule("ether saddr . rt ip nexthop", cuts.hops4, domains.mac, domains.ipv4),
    ...cutRule("ether saddr . rt ip6 nexthop", cuts.hops6, domains.mac, domains.ipv6),
    ...cutRule("ip saddr . ip daddr", cuts.ends4, domains.ipv4, domains.ipv4),
    ...cutRule("ip6 saddr . ip6 daddr", cuts.ends6, domains.ipv6, domains.ipv6),
    ...cutRule("ct direction reply ct reply ip daddr . ip daddr", cuts.natAnswers, domains.ipv4, domains.ipv4),
    ...isolatedGateways(cuts),
  ];
}

const because = "a fault, made on purpose: no packet between these";

function cutRule(key: string, pairs: readonly Pair[], from: Domain, to: Domain): NftRule[] {
  const elements = disjoint(pairs).map((pair) => `${rangeText(from, pair.from)} . ${rangeText(to, pair.to)}`);
  return elements.length === 0 ? [] : [nftRule(`${key} { ${elements.join(", ")} } drop`, because)];
}

/** A NAT gateway sends to the internet what it got inside its subnet: that is a way out too. */
function isolatedGateways({ natGateways }: Cuts): NftRule[] {
  if (natGateways.length === 0) return [];
  return [nftRule(`oifname "${gatewayRouterLink}" rt ip nexthop { ${natGateways.join(", ")} } drop`, because)];
}
