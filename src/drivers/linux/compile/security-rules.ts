// Rules of a security group -> keys of its sets, by how they name the other side.
import { isCidr6, type Cidr } from "../../../model/cidr-any.ts";
import type { SecurityRule, Traffic } from "../../../model/security-group.ts";
import { coverageOf, keysOf, nothing, union, type Coverage } from "./coverage.ts";
import { disjointElements, type BlockTraffic } from "./disjoint-elements.ts";

export type Direction = "in" | "out";
export type SetKind = "4" | "6" | "id";

/** By whom the other side is known: its IPv4 block, its IPv6 block, or its identity. */
export const setTypes: Readonly<Record<SetKind, string>> = {
  "4": "ipv4_addr . inet_proto . inet_service",
  "6": "ipv6_addr . inet_proto . inet_service",
  id: "mark . inet_proto . inet_service",
};

/** What stands behind the names in rules. */
export interface Meanings {
  /** Identities of all combinations that hold the group, of this VPC when no other is named. */
  identities(group: string, vpc?: string): readonly number[];
  prefixList(name: string): readonly Cidr[];
}

/** The keys of a group's three sets of one direction; those of one set do not overlap. */
export function ruleElements(rules: readonly SecurityRule[], meanings: Meanings): Readonly<Record<SetKind, readonly string[]>> {
  const blocks: Record<"4" | "6", BlockTraffic[]> = { "4": [], "6": [] };
  const members = new Map<number, Coverage>();
  for (const rule of rules) {
    const { peer } = rule;
    if (peer.kind === "group") {
      for (const identity of meanings.identities(peer.group, peer.vpc)) members.set(identity, union(members.get(identity) ?? nothing, coverageOf(rule)));
      continue;
    }
    for (const cidr of peer.kind === "cidr" ? [peer.cidr] : meanings.prefixList(peer.name)) {
      const kind = isCidr6(cidr) ? "6" : "4";
      if (isSpokenIn(rule, kind)) blocks[kind].push({ cidr, traffic: rule });
    }
  }
  return {
    "4": disjointElements(blocks["4"]),
    "6": disjointElements(blocks["6"]),
    id: [...members].flatMap(([identity, coverage]) => keysOf(coverage).map((key) => `${identity} . ${key}`)),
  };
}

/** Each IP has an ICMP of its own; a prefix list may hold blocks of both. */
const isSpokenIn = ({ protocol }: Traffic, kind: "4" | "6"): boolean => protocol !== (kind === "4" ? "icmpv6" : "icmp");
