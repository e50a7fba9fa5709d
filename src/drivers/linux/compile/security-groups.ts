// Security groups as sets. Each group has six: what it lets in and out by IPv4 block, by IPv6 block, and by the groups of the other side.
// Attachments with the same groups share one chain per direction, with a fixed handful of look-ups per group: a rule more is an element
// more, and a packet costs the same with ten rules and with ten thousand.
//
// A rule that names a group finds the other side by its identity: a number for each combination of groups that somebody has. The maps
// `identities` give it for an address; the forward chain puts it into the packet's mark just before the gate.
import { attachmentsOf, type Attachment } from "../../../model/attachment.ts";
import { VpcctlError } from "../../../model/errors.ts";
import { findSecurityGroup, securityGroupsOf, type SecurityGroup } from "../../../model/security-group.ts";
import type { Vpc, World } from "../../../model/world.ts";
import { groupChain, groupSet, routerNamespace } from "../names.ts";
import type { NftRule, SpecObject } from "../objects/object.ts";
import type { Unit } from "../spec.ts";
import { nftRule } from "./rule-text.ts";
import { toReceiverChain } from "./router-firewall.ts";
import { ruleElements, setTypes, type Direction, type SetKind } from "./security-rules.ts";

const why = {
  sets: "The rules of a security group, as sets: one look-up, however many rules.",
  chain: "Everything with these security groups shares this chain: a look-up in the sets of each group, and no further than that.",
};

/** The chain that judges what an attachment sends. */
export const egressChain = (_vpc: Vpc, { securityGroups }: Attachment): string => groupChain("out", securityGroups);
/** The chain that judges what it receives. */
export const ingressChain = (_vpc: Vpc, { securityGroups }: Attachment): string => groupChain("in", securityGroups);

/** Number of a combination of groups: 31 bits of a hash, and the highest set, so that it is never the mark of a route table. */
export function identityOf(vpc: string, groups: readonly string[]): number {
  const name = `${vpc} ${groups.toSorted().join(" ")}`;
  return (0x80000000 | new DataView(new Bun.CryptoHasher("sha256").update(name).digest().buffer).getUint32(0)) >>> 0;
}

/** The combinations that somebody has, each once. */
function combinationsOf(vpc: Vpc): readonly (readonly string[])[] {
  const combinations = new Map<string, readonly string[]>();
  for (const { securityGroups } of attachmentsOf(vpc)) combinations.set(securityGroups.toSorted().join(" "), securityGroups.toSorted());
  const all = [...combinations.values()];
  const identities = new Set(all.map((groups) => identityOf(vpc.name, groups)));
  if (identities.size === all.length) return all;
  throw new VpcctlError({
    code: "HostConflict",
    message: `Two combinations of security groups of VPC ${vpc.name} have the same number.`,
    hint: "Give one of the groups another name.",
  });
}

export function* securityGroupUnits(_world: World, vpc: Vpc): Generator<[string, Unit]> {
  const combinations = combinationsOf(vpc);
  for (const group of Object.values(securityGroupsOf(vpc))) {
    yield [`security group ${vpc.name} ${group.name}`, { vpc: vpc.name, madeFrom: [group, combinations.join(";")], objects: () => groupObjects(vpc, group, combinations) }];
  }
  for (const groups of combinations) {
    yield [`security groups ${vpc.name} ${groups.join(" ")}`, { vpc: vpc.name, madeFrom: [groups.join(" ")], objects: () => combinationChains(vpc, groups) }];
  }
}

const directions: readonly Direction[] = ["in", "out"];
const kinds = Object.keys(setTypes) as readonly SetKind[];

function groupObjects(vpc: Vpc, group: SecurityGroup, combinations: readonly (readonly string[])[]): SpecObject[] {
  const common = { namespace: routerNamespace(vpc.name), family: "inet", why: why.sets } as const;
  const identities = (name: string): number[] => combinations.filter((groups) => groups.includes(name)).map((groups) => identityOf(vpc.name, groups));
  return directions.flatMap((direction) => {
    const rules = direction === "in" ? group.ingress : group.egress;
    const elements = ruleElements(rules, identities);
    return kinds.flatMap((kind): SpecObject[] => {
      const set = groupSet(group.name, direction, kind);
      return [
        { kind: "nft-set", ...common, set, map: false, type: `type ${setTypes[kind]}; flags interval` },
        ...elements[kind].map((key): SpecObject => ({ kind: "nft-element", ...common, set, key })),
      ];
    });
  });
}

function combinationChains(vpc: Vpc, groups: readonly string[]): SpecObject[] {
  const common = { kind: "nft-chain", namespace: routerNamespace(vpc.name), family: "inet", why: why.chain } as const;
  const known = groups.filter((group) => findSecurityGroup(vpc, group) !== undefined);
  return directions.map((direction) => ({ ...common, chain: groupChain(direction, groups), rules: [...known.flatMap((group) => lookUps(group, direction)), last] }));
}

const last = nftRule("drop", "no rule of any of these groups allows it");

/** The type and code of an ICMP message stand where TCP and UDP have their source port. */
const icmp = "{ icmp, ipv6-icmp }";

function lookUps(group: string, direction: Direction): NftRule[] {
  const side = direction === "in" ? "saddr" : "daddr";
  const verdict = direction === "in" ? "accept" : `goto ${toReceiverChain}`;
  const keys: Readonly<Record<SetKind, string>> = { "4": `ip ${side}`, "6": `ip6 ${side}`, id: "meta mark" };
  return kinds.flatMap((kind) => {
    const set = groupSet(group, direction, kind);
    return [
      nftRule(`meta l4proto != ${icmp} ${keys[kind]} . meta l4proto . th dport @${set} ${verdict}`, `rules of group ${group}`),
      nftRule(`meta l4proto ${icmp} ${keys[kind]} . meta l4proto . th sport @${set} ${verdict}`, `rules of group ${group}: ICMP type and code`),
    ];
  });
}
