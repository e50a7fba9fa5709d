// Network ACLs: stateless, so they stand before conntrack lets the packets of known flows pass, and each packet is judged by itself. Only
// where it crosses a subnet's edge: the sender is known by its MAC, whose last four bytes are its address, and the receiver by the next
// hop, which is an attachment, a router instance or a NAT gateway. When both are of one subnet, the packet stays inside.
//
//   chain acl, at the hook before `forward`:
//     ether saddr . rt ip nexthop @acl-inside4   { MACs of the subnet . the subnet's block }     accept; for IPv6 @acl-inside6
//     ether saddr vmap @acl-out                  { MACs of the subnet : jump acl.strict.out }
//     rt ip nexthop vmap @acl-in4                { the subnet's block : jump acl.strict.in }     for IPv6 @acl-in6
//   chain acl.strict.out                         the entries in order; `return` allows, `drop` denies; the last line denies the rest
//
// A subnet has three elements however many attachments it holds, and an ACL two chains however many subnets use it. A subnet whose ACL
// allows everything anyway is not there at all, and where none is left, nothing of this is.
//
// The chain `acl` accepts what no ACL denied: `forward`, which comes after it, decides. It is a chain of its own because nft (1.0.6) sends
// the elements of a new interval map along with the map, so the chains they lead to must come before the map, which in turn comes before
// the chain that asks it; `forward` is there long before.
import { macOf } from "../../../model/addresses.ts";
import { broadcast, nthAddress } from "../../../model/cidr.ts";
import type { NatGateway } from "../../../model/gateways.ts";
import { aclOf, allowsEverything, type AclEntry, type NetworkAcl } from "../../../model/network-acl.ts";
import type { Subnet, Vpc } from "../../../model/world.ts";
import { gatewayRouterLink, routerNamespace } from "../names.ts";
import type { NftRule, SpecObject } from "../objects/object.ts";
import type { Unit } from "../spec.ts";
import { nftRule } from "./rule-text.ts";
import { trafficMatch } from "./traffic-match.ts";

const why = {
  set: "Whose packets a network ACL judges: one element for each subnet with an ACL that denies anything.",
  acl: "A network ACL: its entries in order, and who meets none of them is denied.",
  gate: "Before the router's own rules, for each packet anew: does it cross the edge of a subnet with a network ACL?",
  nat: "A NAT gateway is in its subnet as an instance is: what it sends and receives outside crosses the subnet's edge once more.",
};

/** The chains of the ACLs in use, the edges of the subnets that use them, and the chain that leads there. */
export function* aclUnits(vpc: Vpc): Generator<[string, Unit]> {
  if (!hasEdges(vpc)) return;
  const acls = new Set(Object.values(vpc.subnets).flatMap((subnet) => edgeAcl(vpc, subnet) ?? []));
  for (const acl of acls) {
    yield [`network ACL ${vpc.name} ${acl.name}`, { vpc: vpc.name, madeFrom: [vpc.name, acl], objects: () => aclChains(vpc.name, acl) }];
  }
  yield [
    `edges ${vpc.name}`,
    {
      vpc: vpc.name,
      madeFrom: [vpc.name, vpc.subnets, vpc.networkAcls],
      objects: () => Object.values(vpc.subnets).flatMap((subnet) => edgeObjects(vpc, subnet)),
      parts: { of: vpc, unlike: (other) => unlikeEdges(vpc, other?.of as Vpc | undefined) },
    },
  ];
  const gateways = natGatewaysOf(vpc);
  yield [
    `network ACLs ${vpc.name}`,
    {
      vpc: vpc.name,
      madeFrom: [vpc.name, ...gateways, ...gateways.map((gateway) => natEdge(vpc, gateway)?.name)],
      objects: () => [
        ...gateways.flatMap((gateway) => natChain(vpc, gateway)),
        ...gateObjects(vpc.name, gateways.length > 0),
        ...gateways.flatMap((gateway) => natElements(vpc, gateway)),
      ],
    },
  ];
}

function gateObjects(vpc: string, hasNat: boolean): SpecObject[] {
  const set = { kind: "nft-set", ...inRouter(vpc), why: why.set } as const;
  const map = { ...set, map: true } as const;
  return [
    { ...set, map: false, set: "acl-inside4", type: "type ether_addr . ipv4_addr; flags interval" },
    { ...set, map: false, set: "acl-inside6", type: "type ether_addr . ipv6_addr; flags interval" },
    { ...map, set: "acl-out", type: "type ether_addr : verdict; flags interval" },
    { ...map, set: "acl-in4", type: "type ipv4_addr : verdict; flags interval" },
    { ...map, set: "acl-in6", type: "type ipv6_addr : verdict; flags interval" },
    ...(hasNat ? ["acl-nat-out", "acl-nat-in"].map((name): SpecObject => ({ ...map, set: name, type: "type ipv4_addr : verdict" })) : []),
    {
      kind: "nft-chain",
      ...inRouter(vpc),
      chain: "acl",
      hook: { type: "filter", hook: "forward", priority: -10, policy: "accept" },
      rules: hasNat ? [...natRules, ...edgeRules] : edgeRules,
      why: why.gate,
    },
  ];
}

const edgeRules: readonly NftRule[] = [
  nftRule("ether saddr . rt ip nexthop @acl-inside4 accept", "stays in its subnet: no network ACL has a say"),
  nftRule("ether saddr . rt ip6 nexthop @acl-inside6 accept", "the same for IPv6"),
  nftRule("ether saddr vmap @acl-out", "out of a subnet: its network ACL, for each packet anew"),
  nftRule("rt ip nexthop vmap @acl-in4", "into a subnet: its network ACL, for each packet anew"),
  nftRule("rt ip6 nexthop vmap @acl-in6", "the same for IPv6"),
];

/** First, because the way from an instance to a NAT gateway in its own subnet stays inside, and that from there on does not. */
const natRules: readonly NftRule[] = [
  nftRule("rt ip nexthop vmap @acl-nat-out", "a NAT gateway sends it on, out of its own subnet"),
  nftRule(
    `iifname "${gatewayRouterLink}" ct direction reply ct reply ip daddr vmap @acl-nat-in`,
    "an answer comes into a NAT gateway's subnet, and out of it",
  ),
];

function* unlikeEdges(vpc: Vpc, other: Vpc | undefined): Generator<Unit> {
  for (const name in vpc.subnets) {
    const subnet = vpc.subnets[name];
    if (subnet === undefined) continue;
    const acl = edgeAcl(vpc, subnet)?.name;
    if (acl === undefined) continue;
    const isSame = other !== undefined && other.subnets[name] === subnet && edgeAcl(other, subnet)?.name === acl;
    if (!isSame) yield { vpc: vpc.name, subnet: name, madeFrom: [vpc.name, subnet, acl], objects: () => edgeObjects(vpc, subnet) };
  }
}

/** The ACL that judges what crosses the edge of a subnet; `undefined` when everything may. */
function edgeAcl(vpc: Vpc, subnet: Subnet): NetworkAcl | undefined {
  // As good as every VPC: only the default ACL, untouched.
  if (vpc.networkAcls === undefined) return undefined;
  const acl = aclOf(vpc, subnet);
  return allowsEverything(acl, subnet.ipv6Cidr !== undefined) ? undefined : acl;
}

const hasEdges = (vpc: Vpc): boolean => vpc.networkAcls !== undefined && Object.values(vpc.subnets).some((subnet) => edgeAcl(vpc, subnet) !== undefined);

const natGatewaysOf = (vpc: Vpc): NatGateway[] =>
  vpc.natGateways === undefined ? [] : Object.values(vpc.natGateways).filter((gateway) => natEdge(vpc, gateway) !== undefined);

function natEdge(vpc: Vpc, gateway: NatGateway): NetworkAcl | undefined {
  const subnet = vpc.subnets[gateway.subnet];
  return subnet && edgeAcl(vpc, subnet);
}

type Way = "in" | "out";
const aclChain = (acl: string, way: Way): string => `acl.${acl}.${way}`;

const inRouter = (vpc: string) => ({ namespace: routerNamespace(vpc), family: "inet" }) as const;

function aclChains(vpc: string, acl: NetworkAcl): SpecObject[] {
  const chain = (way: Way, entries: readonly AclEntry[]): SpecObject => ({
    kind: "nft-chain",
    ...inRouter(vpc),
    chain: aclChain(acl.name, way),
    rules: [...entries.map((entry) => entryRule(entry, way)), nftRule("drop", "no entry fits: denied")],
    why: why.acl,
  });
  return [chain("in", acl.ingress), chain("out", acl.egress)];
}

function entryRule(entry: AclEntry, way: Way): NftRule {
  const side = way === "in" ? "saddr" : "daddr";
  return nftRule(`${trafficMatch(entry, side, entry.cidr)} ${entry.action === "allow" ? "return" : "drop"}`, `entry ${entry.number}: ${entry.action}`);
}

function edgeObjects(vpc: Vpc, subnet: Subnet): SpecObject[] {
  const acl = edgeAcl(vpc, subnet)?.name;
  if (acl === undefined) return [];
  const { cidr, ipv6Cidr } = subnet;
  const macs = `${macOf(nthAddress(cidr, 0))}-${macOf(broadcast(cidr))}`;
  const element = { kind: "nft-element", ...inRouter(vpc.name), interval: true, why: why.set } as const;
  const into = `jump ${aclChain(acl, "in")}`;
  return [
    { ...element, set: "acl-inside4", key: `${macs} . ${cidr}` },
    { ...element, set: "acl-out", key: macs, value: `jump ${aclChain(acl, "out")}` },
    { ...element, set: "acl-in4", key: cidr, value: into },
    ...(ipv6Cidr === undefined
      ? []
      : [{ ...element, set: "acl-inside6", key: `${macs} . ${ipv6Cidr}` }, { ...element, set: "acl-in6", key: ipv6Cidr, value: into }]),
  ];
}

const natChainName = (gateway: string): string => `acl-nat.${gateway}`;

function natChain(vpc: Vpc, gateway: NatGateway): SpecObject[] {
  const subnet = vpc.subnets[gateway.subnet];
  const acl = natEdge(vpc, gateway)?.name;
  if (subnet === undefined || acl === undefined) return [];
  const rules = [
    nftRule(`jump ${aclChain(acl, "in")}`, "into the subnet of the NAT gateway"),
    nftRule(`rt ip nexthop ${subnet.cidr} return`, "and stays there"),
    nftRule(`goto ${aclChain(acl, "out")}`, "or out of it again"),
  ];
  return [{ kind: "nft-chain", ...inRouter(vpc.name), chain: natChainName(gateway.name), rules, why: why.nat }];
}

function natElements(vpc: Vpc, gateway: NatGateway): SpecObject[] {
  const acl = natEdge(vpc, gateway)?.name;
  if (acl === undefined) return [];
  const element = { kind: "nft-element", ...inRouter(vpc.name), why: why.nat } as const;
  return [
    { ...element, set: "acl-nat-out", key: gateway.address, value: `jump ${aclChain(acl, "out")}` },
    { ...element, set: "acl-nat-in", key: gateway.publicAddress, value: `jump ${natChainName(gateway.name)}` },
  ];
}
