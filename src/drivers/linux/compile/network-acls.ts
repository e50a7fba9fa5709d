// Network ACLs: stateless, so they stand before conntrack lets the packets of known flows pass, and each packet is judged by itself. Only
// where it crosses a subnet's edge: the sender is known by its MAC, whose last four bytes are its address, and the receiver by the next
// hop, which is an attachment, a router instance or a NAT gateway. When both are of one subnet, the packet stays inside.
//
//   chain acl, at the hook before `forward`:
//     ether saddr vmap @acl-out      { MACs of the subnet : jump edge.web.out }
//     rt ip nexthop vmap @acl-in4    { the subnet's block : jump edge.web.in }     and @acl-in6
//   chain edge.web.out               does the next hop belong to web too? return. Else goto acl.strict.out
//   chain acl.strict.out             the entries in order; `return` allows, `drop` denies; the last line denies the rest
//
// A subnet has two elements however many attachments it holds, and an ACL two chains however many subnets use it. A subnet whose ACL
// allows everything anyway is not there at all, and where none is left, nothing of this is.
//
// The chain `acl` accepts by policy what no ACL denied: `forward`, which comes after it, decides. It is a chain of its own because nft
// (1.0.6) sends the elements of a new interval map along with the map, so the chains they lead to must come before the map, which in turn
// comes before the chain that asks it; `forward` is there long before.
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
  edge: "The edge of a subnet: what stays inside passes it by, everything else is judged by the subnet's network ACL.",
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
  const set = { kind: "nft-set", ...inRouter(vpc), map: true, why: why.set } as const;
  const rules = [
    nftRule("ether saddr vmap @acl-out", "out of a subnet: its network ACL, for each packet anew"),
    nftRule("rt ip nexthop vmap @acl-in4", "into a subnet: its network ACL, for each packet anew"),
    nftRule("rt ip6 nexthop vmap @acl-in6", "the same for IPv6"),
  ];
  // A NAT gateway is in its subnet as an instance is: what it sends and receives outside crosses the edge once more.
  const natRules = [
    nftRule("rt ip nexthop vmap @acl-nat-out", "a NAT gateway sends it on, out of its own subnet"),
    nftRule(
      `iifname "${gatewayRouterLink}" ct direction reply ct reply ip daddr vmap @acl-nat-in`,
      "an answer comes into a NAT gateway's subnet, and out of it",
    ),
  ];
  return [
    { ...set, set: "acl-out", type: "type ether_addr : verdict; flags interval" },
    { ...set, set: "acl-in4", type: "type ipv4_addr : verdict; flags interval" },
    { ...set, set: "acl-in6", type: "type ipv6_addr : verdict; flags interval" },
    ...(hasNat ? ["acl-nat-out", "acl-nat-in"].map((name): SpecObject => ({ ...set, set: name, type: "type ipv4_addr : verdict" })) : []),
    {
      kind: "nft-chain",
      ...inRouter(vpc),
      chain: "acl",
      hook: { type: "filter", hook: "forward", priority: -10, policy: "accept" },
      rules: hasNat ? [...rules, ...natRules] : rules,
      why: why.gate,
    },
  ];
}

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
const edgeChain = (subnet: string, way: Way): string => `edge.${subnet}.${way}`;

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
  const { name, cidr, ipv6Cidr } = subnet;
  const macs = `${macOf(nthAddress(cidr, 0))}-${macOf(broadcast(cidr))}`;
  const chain = { kind: "nft-chain", ...inRouter(vpc.name), why: why.edge } as const;
  const element = { kind: "nft-element", ...inRouter(vpc.name), why: why.set } as const;
  const stays = [
    nftRule(`rt ip nexthop ${cidr} return`, "stays in the subnet"),
    ...(ipv6Cidr === undefined ? [] : [nftRule(`rt ip6 nexthop ${ipv6Cidr} return`, "stays in the subnet")]),
  ];
  const into = { interval: true, value: `jump ${edgeChain(name, "in")}` } as const;
  return [
    { ...chain, chain: edgeChain(name, "out"), rules: [...stays, nftRule(`goto ${aclChain(acl, "out")}`, "leaves it")] },
    {
      ...chain,
      chain: edgeChain(name, "in"),
      rules: [nftRule(`ether saddr ${macs} return`, "stays in the subnet"), nftRule(`goto ${aclChain(acl, "in")}`, "enters it")],
    },
    { ...element, set: "acl-out", key: macs, interval: true, value: `jump ${edgeChain(name, "out")}` },
    { ...element, set: "acl-in4", key: cidr, ...into },
    ...(ipv6Cidr === undefined ? [] : [{ ...element, set: "acl-in6", key: ipv6Cidr, ...into }]),
  ];
}

const natChainName = (gateway: string): string => `edge-nat.${gateway}`;

function natChain(vpc: Vpc, gateway: NatGateway): SpecObject[] {
  const acl = natEdge(vpc, gateway)?.name;
  if (acl === undefined) return [];
  const rules = [
    nftRule(`jump ${aclChain(acl, "in")}`, "into the subnet of the NAT gateway"),
    nftRule(`goto ${edgeChain(gateway.subnet, "out")}`, "and out of it"),
  ];
  return [{ kind: "nft-chain", ...inRouter(vpc.name), chain: natChainName(gateway.name), rules, why: why.edge }];
}

function natElements(vpc: Vpc, gateway: NatGateway): SpecObject[] {
  const acl = natEdge(vpc, gateway)?.name;
  if (acl === undefined) return [];
  const element = { kind: "nft-element", ...inRouter(vpc.name), why: why.edge } as const;
  return [
    { ...element, set: "acl-nat-out", key: gateway.address, value: `jump ${aclChain(acl, "out")}` },
    { ...element, set: "acl-nat-in", key: gateway.publicAddress, value: `jump ${natChainName(gateway.name)}` },
  ];
}
