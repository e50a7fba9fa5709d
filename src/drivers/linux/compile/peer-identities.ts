// Rules that name a group of a peered VPC. A router knows who is who in its own VPC only; of the other it is told exactly those that its
// own rules speak of. By link and address, not by address alone: two peers of a VPC may have the same CIDR between themselves.
import { ipv6AddressOf } from "../../../model/addresses6.ts";
import { attachmentsOf } from "../../../model/attachment.ts";
import { cidrContainsAddress } from "../../../model/cidr-any.ts";
import { isIpv6 } from "../../../model/cidr6.ts";
import { allowedCidrs, peeringsOf, type PeeringView } from "../../../model/peering.ts";
import type { SecurityGroup } from "../../../model/security-group.ts";
import { findVpc, type Vpc, type World } from "../../../model/world.ts";
import { peeringLink, routerNamespace } from "../names.ts";
import type { SpecObject } from "../objects/object.ts";
import type { Unit } from "../spec.ts";
import { ipv6Suffix, peerIdentitiesMap } from "./peering-rules.ts";
import { identityOf } from "./group-combinations.ts";

const why = "A rule of this VPC names a group of the peered one; these are its members there.";

/** The VPCs that this one has an accepted peering with. */
export function reachablePeers(world: World, vpc: string): ReadonlySet<string> {
  return new Set(peeringsOf(world, vpc).flatMap(({ peering, other }) => (peering.status === "active" ? [other.vpc] : [])));
}

/** Whom of its peers the router of the VPC must know: `groups` are those whose rules count. */
export function* peerIdentityUnits(world: World, vpc: Vpc, groups: readonly SecurityGroup[]): Generator<[string, Unit]> {
  const views = peeringsOf(world, vpc.name);
  if (views.length === 0) return;
  const named = groupsNamed(groups);
  if (named.size === 0) return;
  for (const view of views) {
    const names = named.get(view.other.vpc);
    const other = findVpc(world, view.other.vpc);
    if (view.peering.status === "active" && names !== undefined && other !== undefined) yield unitOf(view, other, names, vpc.ipv6Cidr !== undefined);
  }
}

function unitOf(view: PeeringView, other: Vpc, groups: ReadonlySet<string>, isDual: boolean): [string, Unit] {
  const { peering, own } = view;
  const unit: Unit = {
    vpc: own.vpc,
    madeFrom: [peering, other.subnets, other.instances, [...groups].toSorted().join(" "), allowedCidrs(other, view.other).join(" "), isDual],
    objects: () => elements(view, other, groups, isDual),
  };
  return [`peer identities ${peering.name} ${own.vpc}`, unit];
}

function elements({ peering, own, other: side }: PeeringView, other: Vpc, groups: ReadonlySet<string>, isDual: boolean): SpecObject[] {
  const common = { kind: "nft-element", namespace: routerNamespace(own.vpc), family: "inet", why } as const;
  const link = peeringLink(peering.name);
  const blocks = allowedCidrs(other, side);
  return attachmentsOf(other).flatMap((attachment): SpecObject[] => {
    const { securityGroups, address: ipv4 } = attachment;
    if (!securityGroups.some((group) => groups.has(group))) return [];
    const ipv6 = isDual ? ipv6AddressOf(attachment) : undefined;
    const addresses = [ipv4, ...(ipv6 === undefined ? [] : [ipv6])].filter((address) => blocks.some((block) => cidrContainsAddress(block, address)));
    const value = String(identityOf(other.name, securityGroups));
    return addresses.map((address) => ({ ...common, set: `${peerIdentitiesMap}${isIpv6(address) ? ipv6Suffix : ""}`, key: `${link} . ${address}`, value }));
  });
}

/** VPC : its groups that these rules name. */
function groupsNamed(groups: readonly SecurityGroup[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { ingress, egress } of groups) {
    for (const { peer } of [...ingress, ...egress]) {
      if (peer.kind !== "group" || peer.vpc === undefined) continue;
      const list = found.get(peer.vpc);
      if (list === undefined) found.set(peer.vpc, new Set([peer.group]));
      else list.add(peer.group);
    }
  }
  return found;
}
