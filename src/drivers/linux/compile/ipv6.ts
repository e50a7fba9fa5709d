// IPv6 in a VPC's router: the same path as IPv4 (see router.ts), with lists of its own and without any neighbour discovery.
//
// An attachment has one address (/128) and nobody is on its link: everything goes to the router, whose MAC it knows for good, as the router
// knows everybody's. So no neighbour is ever asked for, and nothing that says who is where (router advertisements, redirects, neighbour
// solicitations and advertisements) passes a port, in either direction: there is nobody to deceive.
//
// A VPC without IPv6 has none of this: IPv6 is switched off on every link of its router, and at the ports each such frame is dropped.
import { serviceRange6 } from "../../../model/addresses6.ts";
import { isCidr6 } from "../../../model/cidr-any.ts";
import { anywhere6, type Cidr6 } from "../../../model/cidr6.ts";
import type { BlockRoute } from "../../../model/routes-in-force.ts";
import type { RouteTable, Vpc } from "../../../model/world.ts";
import { routerNamespace } from "../names.ts";
import { kernelTable, lastRulePriority6, lastTable, localRulePriority, mainTable, rulePriority } from "../numbers.ts";
import type { NftRule, SpecObject } from "../objects/object.ts";
import { forwarding6, linkSettings6, type Switch6 } from "../router-settings6.ts";
import { blackhole } from "./kernel-route.ts";
import { nftRule } from "./rule-text.ts";

/** As `sources`, for IPv6. */
export const sources6Map = "sources6";
/** As `identities`, for IPv6. */
export const identities6Map = "identities6";
/** As `ingress`, for IPv6. */
export const ingress6Map = "ingress6";

const why = {
  on: "The VPC has IPv6: its router speaks it on this link, with no address but those it is given, and forwards it.",
  local: "What is inside the VPC is local, for IPv6 too, before any route table is asked.",
  cidr: "An IPv6 address of the VPC that no subnet has leads nowhere, and certainly not to the internet.",
  silence: "No default route for IPv6 means silence, too.",
  cloud: "Addresses that EC2 keeps for itself are never routed: the metadata service of a cloud host stays out of reach by IPv6, too.",
  rule: "Packets with a route table's mark are looked up in its kernel table, by IPv6 too.",
  unmarked: "What comes from a gateway or a peering has no route table: by IPv6 too it reaches what is local, or nothing, in silence.",
};

type Table = Pick<Extract<SpecObject, { kind: "nft-chain" }>, "namespace" | "family" | "why">;

/** For the bridge table, before its chain. */
export const bridgeTables6 = ({ ipv6Cidr }: Vpc, table: Table): SpecObject[] =>
  ipv6Cidr === undefined ? [] : [{ kind: "nft-set", ...table, set: sources6Map, map: true, type: "typeof iifname . ether saddr . ip6 saddr : meta mark" }];

/** For the inet table, before its chains. */
export function routerTables6({ ipv6Cidr }: Vpc, table: Table): SpecObject[] {
  if (ipv6Cidr === undefined) return [];
  return [
    { kind: "nft-set", ...table, set: identities6Map, map: true, type: "type ipv6_addr : mark" },
    { kind: "nft-set", ...table, set: ingress6Map, map: true, type: "type ipv6_addr : verdict" },
  ];
}

/** Multicast listeners (130 to 132, 143) and neighbour discovery (133 to 137). */
const linkTalk = "icmpv6 type { 130-137, 143 }";

/** At the ports. `forwarders`: the map of the router instances' ports. */
export const senderRules6 = ({ ipv6Cidr }: Vpc, forwarders: string): NftRule[] =>
  ipv6Cidr === undefined ? [] : [
    nftRule(`${linkTalk} drop`, "who is where is written down: nobody has to ask, and nobody to say"),
    nftRule(`meta mark set iifname . ether saddr . ip6 saddr map @${sources6Map} accept`, "by IPv6 too, a sender is who it says"),
    nftRule(`ether type ip6 meta mark set iifname . ether saddr map @${forwarders} accept`, "a router instance sends what others have sent to it"),
  ];

export const inputRules6 = ({ ipv6Cidr }: Vpc, bridges: string): NftRule[] =>
  ipv6Cidr === undefined ? [] : [nftRule(`iifname ${bridges} icmpv6 type echo-request accept`, "the router answers ping from inside, by IPv6 too")];

/** Chain `forward`, beside the line that asks who the IPv4 receiver is. */
export const receiverIdentity6 = ({ ipv6Cidr }: Vpc): NftRule[] =>
  ipv6Cidr === undefined ? [] : [nftRule(`meta mark set ip6 daddr map @${identities6Map}`, "whom it goes to, for rules that name a group")];

/** Chain `to-receiver`, beside the line that asks who the IPv4 sender is. */
export const senderIdentity6 = ({ ipv6Cidr }: Vpc): NftRule[] =>
  ipv6Cidr === undefined ? [] : [nftRule(`meta mark set ip6 saddr map @${identities6Map}`, "who sends it, for rules that name a group")];

/** Chain `to-receiver`, beside the line for the IPv4 receiver. */
export const receiverGate6 = ({ ipv6Cidr }: Vpc): NftRule[] =>
  ipv6Cidr === undefined ? [] : [nftRule(`rt ip6 nexthop vmap @${ingress6Map}`, "the gate of the receiver, by IPv6")];

/** The router's settings, rule and route; after its links. */
export function routerObjects6({ name, ipv6Cidr }: Vpc, links: readonly string[]): SpecObject[] {
  if (ipv6Cidr === undefined) return [];
  const namespace = routerNamespace(name);
  return [
    ...links.flatMap((link) => switchObjects(namespace, linkSettings6(link))),
    ...switchObjects(namespace, [forwarding6]),
    { kind: "rule", namespace, family: 6, priority: localRulePriority, table: mainTable, suppressPrefixLength: 0, why: why.local },
    { kind: "route", namespace, table: mainTable, destination: ipv6Cidr, type: "blackhole", why: why.cidr },
    { kind: "route", namespace, table: lastTable, destination: anywhere6, type: "blackhole", why: why.unmarked },
    { kind: "rule", namespace, family: 6, priority: lastRulePriority6, table: lastTable, why: why.unmarked },
  ];
}

/** Switches IPv6 on at a link of a router; after the link. */
export const linkObjects6 = (namespace: string, link: string): SpecObject[] => switchObjects(namespace, linkSettings6(link));

const switchObjects = (namespace: string, switches: readonly Switch6[]): SpecObject[] =>
  switches.map(({ key, on, off }): SpecObject => ({ kind: "sysctl", namespace, key, value: on, was: off, why: why.on }));

/** What makes a route table one of IPv6 too: silence where no route leads, and the rule by which packets are looked up in it. */
export function routeTableObjects6({ name, ipv6Cidr }: Vpc, { number }: RouteTable, routes: readonly BlockRoute[]): SpecObject[] {
  if (ipv6Cidr === undefined) return [];
  const common = { namespace: routerNamespace(name), table: kernelTable(number) } as const;
  const has = (block: Cidr6): boolean => routes.some(({ destination }) => destination === block);
  const leads = routes.some(({ destination, target }) => isCidr6(destination) && target.kind !== "blackhole");
  return [
    // Older versions took a route to the very range.
    ...(leads && !has(serviceRange6) ? [blackhole(common, serviceRange6, why.cloud)] : []),
    ...(has(anywhere6) ? [] : [{ kind: "route", ...common, destination: anywhere6, type: "blackhole", why: why.silence } as const]),
    { kind: "rule", ...common, family: 6, priority: rulePriority(number), mark: number, why: why.rule },
  ];
}
