// Rules -> set elements `address . protocol . ports`. Intervals of one set must not overlap, and rules may.
import type { SecurityRule } from "../../../model/security-group.ts";

export type Direction = "in" | "out";
export type SetKind = "4" | "6" | "id";

/** By whom the other side is known: its IPv4 block, its IPv6 block, or its identity. */
export const setTypes: Readonly<Record<SetKind, string>> = {
  "4": "ipv4_addr . inet_proto . inet_service",
  "6": "ipv6_addr . inet_proto . inet_service",
  id: "mark . inet_proto . inet_service",
};

/** The keys of a group's three sets of one direction. `identities`: of the combinations that hold a group. */
export function ruleElements(rules: readonly SecurityRule[], identities: (group: string) => readonly number[]): Readonly<Record<SetKind, readonly string[]>> {
  const keys: Record<SetKind, string[]> = { "4": [], "6": [], id: [] };
  for (const { peer } of rules) {
    if (peer.kind === "cidr") keys[peer.cidr.includes(":") ? "6" : "4"].push(`${peer.cidr} . 0-255 . 0-65535`);
    if (peer.kind === "group") keys.id.push(...identities(peer.group).map((identity) => `${identity} . 0-255 . 0-65535`));
  }
  return keys;
}
