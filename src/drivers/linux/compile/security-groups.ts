// Security groups as sets. Each group has six: what it lets in and out by IPv4 block, by IPv6 block, and by the groups of the other side.
// Attachments with the same groups share one chain per direction, with a fixed handful of look-ups per group: a rule more is an element
// more, and a packet costs the same with ten rules and with ten thousand.
//
// A rule that names a group finds the other side by its identity: a number for each combination of groups that somebody has. The maps
// `identities` give it for an address; the forward chain puts it into the packet's mark just before the gate. What is in a VPC that is
// peered with this one is in the map too, as soon as a rule names its group.
//
// A group that nothing is in has no objects.
import type { Attachment } from "../../../model/attachment.ts";
import { peeringsOf } from "../../../model/peering.ts";
import { findSecurityGroup, type SecurityGroup } from "../../../model/security-group.ts";
import { findNamed, findVpc, type Vpc, type World } from "../../../model/world.ts";
import { groupChain, groupSet, policyChain, routerNamespace } from "../names.ts";
import type { NftRule, SpecObject } from "../objects/object.ts";
import { sameParts, type Unit } from "../spec.ts";
import { combinationsOf, combinationsWith, identityOf } from "./group-combinations.ts";
import { peerIdentityUnits, reachablePeers } from "./peer-identities.ts";
import { nftRule } from "./rule-text.ts";
import { toReceiverChain } from "./router-lists.ts";
import { ruleElements, setTypes, type Direction, type Meanings, type SetKind } from "./security-rules.ts";
import { policyUnits } from "./subnet-policies.ts";

export { identityOf } from "./group-combinations.ts";

const why = {
  sets: "The rules of a security group, as sets: one look-up, however many rules.",
  chain: "Everything with these security groups shares this chain: a look-up in the sets of each group, and no further than that.",
};

/** The chain that judges what an attachment sends. */
export const egressChain = (_vpc: Vpc, attachment: Attachment): string => chainOf("out", attachment);
/** The chain that judges what it receives. */
export const ingressChain = (_vpc: Vpc, attachment: Attachment): string => chainOf("in", attachment);

const chainOf = (direction: Direction, { subnet, securityGroups }: Attachment): string =>
  subnet.policy === undefined ? groupChain(direction, securityGroups) : policyChain(direction, subnet.name);

/** The sets of each group, then the chains that look them up, and those of the policies: all that `ingressChain` and `egressChain` name. */
export function securityGroupUnits(world: World, vpc: Vpc): readonly (readonly [string, Unit])[] {
  const madeFrom = [world.prefixLists, ...peeringsOf(world, vpc.name).flatMap(({ peering, other }) => [peering, findVpc(world, other.vpc)])];
  const before = known.get(vpc);
  if (before !== undefined && before.madeFrom.length === madeFrom.length && before.madeFrom.every((part, at) => part === madeFrom[at])) return before.units;
  const units = [...unitsOf(world, vpc)];
  known.set(vpc, { madeFrom, units });
  return units;
}

// A command compiles two Worlds that share nearly all of their VPCs.
const known = new WeakMap<Vpc, { readonly madeFrom: readonly unknown[]; readonly units: readonly (readonly [string, Unit])[] }>();

function* unitsOf(world: World, vpc: Vpc): Generator<[string, Unit]> {
  const combinations = combinationsOf(vpc);
  const groups = [...new Set(combinations.flat())].flatMap((name) => findSecurityGroup(vpc, name) ?? []);
  for (const group of groups) yield [`security group ${vpc.name} ${group.name}`, groupUnit(world, vpc, group)];
  for (const names of combinations) {
    yield [`security groups ${vpc.name} ${names.join(" ")}`, { vpc: vpc.name, madeFrom: [vpc.name, names.join(" ")], objects: () => combinationChains(vpc.name, names) }];
  }
  yield* policyUnits(vpc);
  yield* peerIdentityUnits(world, vpc, groups);
}

/** A rule that comes or goes has to do with one direction, so a group has a half for each. */
function groupUnit(world: World, vpc: Vpc, group: SecurityGroup): Unit {
  const halves = directions.map((direction) => halfOf(world, vpc, group, direction));
  return {
    vpc: vpc.name,
    madeFrom: halves.flatMap(({ madeFrom }) => madeFrom),
    objects: () => halves.flatMap((half) => half.objects()),
    parts: { of: halves, unlike: (other) => unlikeHalves(halves, other?.of as readonly Unit[] | undefined) },
  };
}

function unlikeHalves(halves: readonly Unit[], others: readonly Unit[] | undefined): readonly Unit[] {
  return halves.filter((half, at) => {
    const other = others?.[at];
    return other === undefined || !sameParts(half, other);
  });
}

function halfOf(world: World, vpc: Vpc, group: SecurityGroup, direction: Direction): Unit {
  const homeOf = (other: string): Vpc | undefined => (other === vpc.name ? vpc : reachablePeers(world, vpc.name).has(other) ? findVpc(world, other) : undefined);
  const combinations = (name: string, other = vpc.name): readonly (readonly string[])[] => {
    const home = homeOf(other);
    return home === undefined ? [] : combinationsWith(home, name);
  };
  const meanings: Meanings = {
    identities: (name, other = vpc.name) => combinations(name, other).map((groups) => identityOf(other, groups)),
    prefixList: (name) => findNamed(world.prefixLists, name)?.cidrs ?? [],
  };
  const rules = direction === "in" ? group.ingress : group.egress;
  const meant = rules.map(({ peer }): unknown => {
    if (peer.kind === "prefix-list") return findNamed(world.prefixLists, peer.name);
    return peer.kind === "group" ? `${peer.vpc ?? ""} ${combinations(peer.group, peer.vpc).join(" ")}` : "";
  });
  const madeFrom = [vpc.name, group.name, rules, ...new Set(meant)];
  return { vpc: vpc.name, madeFrom, objects: () => setsOf(vpc.name, group.name, direction, ruleElements(rules, meanings)) };
}

const directions: readonly Direction[] = ["in", "out"];
const kinds = Object.keys(setTypes) as readonly SetKind[];

function setsOf(vpc: string, group: string, direction: Direction, keys: ReturnType<typeof ruleElements>): SpecObject[] {
  const common = { namespace: routerNamespace(vpc), family: "inet", why: why.sets } as const;
  return kinds.flatMap((kind): SpecObject[] => {
    const set = groupSet(group, direction, kind);
    return [
      { kind: "nft-set", ...common, set, map: false, type: `type ${setTypes[kind]}; flags interval` },
      ...keys[kind].map((key): SpecObject => ({ kind: "nft-element", ...common, set, key, interval: true })),
    ];
  });
}

function combinationChains(vpc: string, groups: readonly string[]): SpecObject[] {
  const common = { kind: "nft-chain", namespace: routerNamespace(vpc), family: "inet", why: why.chain } as const;
  return directions.map((direction) => ({ ...common, chain: groupChain(direction, groups), rules: [...groups.flatMap((group) => lookUps(group, direction)), last] }));
}

const last = nftRule("drop", "no rule of any of these groups allows it");

/** ICMP and ICMPv6. By number: the names of protocols are in a file that not every machine has. */
const icmp = "{ 1, 58 }";

function lookUps(group: string, direction: Direction): NftRule[] {
  const side = direction === "in" ? "saddr" : "daddr";
  const verdict = direction === "in" ? "accept" : `goto ${toReceiverChain}`;
  const keys: Readonly<Record<SetKind, string>> = { "4": `ip ${side}`, "6": `ip6 ${side}`, id: "meta mark" };
  return kinds.flatMap((kind) => {
    const set = groupSet(group, direction, kind);
    return [
      nftRule(`meta l4proto != ${icmp} ${keys[kind]} . meta l4proto . th dport @${set} ${verdict}`, `rules of group ${group}`),
      // The type and code of an ICMP message stand where TCP and UDP have their source port.
      nftRule(`meta l4proto ${icmp} ${keys[kind]} . meta l4proto . th sport @${set} ${verdict}`, `rules of group ${group}: ICMP type and code`),
    ];
  });
}
