// Where the VPC's resolver is reached; the server itself is a program, which src/dns keeps running in the router's namespace.
//
// It has addresses of the router's own: base plus two of the VPC, .2 of every subnet, and the well-known link-local one. So a question
// never passes chain `forward`, where groups and ACLs are, and nobody can lock himself out of it; chain `input` lets it in from the bridge
// and from nowhere else. A question from somebody who may ask outside (set `outside-askers`) is turned to the part of the server that
// forwards, at another port; nobody else gets there.
//
//   web1 -> 10.0.0.2:53 -> prerouting: may it ask outside? -> 169.254.169.253:5300   forwards by the internet gateway
//                                      else                -> 10.0.0.2:53           knows the names of the VPC, and has no way out
//
// What that server asks outside starts in the router, so it has no mark and no route table: it has a way out of its own.
import { macOf, resolverAddress, transitAddresses } from "../../../model/addresses.ts";
import type { Ipv4 } from "../../../model/cidr.ts";
import { linkLocalResolver, linkLocalResolver6, outsideResolverPort, resolves, vpcResolver } from "../../../model/dns.ts";
import { leadsOutside } from "../../../model/gateways.ts";
import { outsideAskers } from "../../../model/outside-askers.ts";
import { listsInTables } from "../../../model/routes-in-force.ts";
import type { Subnet, Vpc, World } from "../../../model/world.ts";
import { bridgeName, gatewayRouterLink, routerNamespace } from "../names.ts";
import { bridgeIndex, bridgeOfSlot, gatewayRouterIndex, kernelTable, ownRulePriority } from "../numbers.ts";
import type { NftRule, SpecObject } from "../objects/object.ts";
import type { Unit } from "../spec.ts";
import { nftRule } from "./rule-text.ts";

/** Every address at which the resolver answers. */
const resolversSet = "resolvers";
/** MACs, which were checked at the ports, of those who may ask for names outside. */
const askersSet = "outside-askers";
/** No route table has this number. */
const ownWayOut = 0;

const why = {
  table: "Names: who asks at the resolver's addresses, and who of them may ask for names outside.",
  address: "The VPC's resolver answers here: at the base of the VPC plus two, at .2 of each subnet, and at a well-known link-local address.",
  list: "At the addresses on this list the resolver may be asked.",
  asker: "It can go to the internet, so it may ask for names there.",
  way: "The resolver's own questions go out by the internet gateway; no workload's packet is ever looked up in this table.",
};

/** For table inet, before chain `input`, whose rules name the set. */
export function dnsTables(vpc: Vpc, bridges: string): SpecObject[] {
  if (!resolves(vpc)) return [];
  const table = { namespace: routerNamespace(vpc.name), family: "inet", why: why.table } as const;
  const set = { kind: "nft-set", ...table, map: false, type: "type ipv4_addr" } as const;
  const hook = { type: "nat", hook: "prerouting", priority: -100, policy: "accept" } as const;
  return [
    { ...set, set: resolversSet },
    { ...set, set: askersSet, type: "type ether_addr" },
    { kind: "nft-chain", ...table, chain: "resolve", hook, rules: askerRules(vpc, bridges) },
  ];
}

const questions = "meta l4proto { tcp, udp } th dport";

function askerRules({ ipv6Cidr }: Vpc, bridges: string): NftRule[] {
  const because = "who can go outside may ask for names there";
  const ask = `ether saddr @${askersSet} ${questions} 53`;
  const rule = nftRule(`iifname ${bridges} ip daddr @${resolversSet} ${ask} dnat ip to ${linkLocalResolver}:${outsideResolverPort}`, because);
  if (ipv6Cidr === undefined) return [rule];
  return [rule, nftRule(`iifname ${bridges} ip6 daddr ${linkLocalResolver6} ${ask} dnat ip6 to [${linkLocalResolver6}]:${outsideResolverPort}`, because)];
}

/** For chain `input`. */
export function dnsInputRules(vpc: Vpc, bridges: string): NftRule[] {
  if (!resolves(vpc)) return [];
  const because = "the resolver answers, whatever groups and ACLs say";
  return [
    nftRule(`iifname ${bridges} ip daddr @${resolversSet} ${questions} 53 accept`, because),
    ...(vpc.ipv6Cidr === undefined ? [] : [nftRule(`iifname ${bridges} ip6 daddr ${linkLocalResolver6} ${questions} 53 accept`, because)]),
    nftRule(`iifname ${bridges} ct status dnat ${questions} ${outsideResolverPort} accept`, "and asks outside for those who were led to it"),
  ];
}

/** What the World needs besides: addresses, lists, and the resolver's own way out. */
export function* dnsUnits(world: World, vpc: Vpc): Generator<[string, Unit]> {
  if (!resolves(vpc)) return;
  const objects = (): SpecObject[] => [vpcResolver(vpc), linkLocalResolver].flatMap((at) => resolverAt(vpc.name, at, 0)).concat(resolver6(vpc));
  yield [`resolver ${vpc.name}`, { vpc: vpc.name, madeFrom: [vpc.name, vpc.cidr, vpc.ipv6Cidr], objects }];
  if (leadsOutside(vpc)) yield [`resolver's way out ${vpc.name}`, { vpc: vpc.name, madeFrom: [vpc.name, vpc.number], objects: () => wayOut(vpc) }];
  const place: Place = { vpc, askers: outsideAskers(world, vpc) };
  yield [
    `resolver in subnets ${vpc.name}`,
    {
      vpc: vpc.name,
      madeFrom: [
        vpc.name, vpc.subnets, vpc.instances, vpc.routeTables, vpc.mainRouteTable, vpc.natGateways, vpc.internetGateway, vpc.egressOnlyInternetGateway, vpc.ipv6Cidr,
        ...listsInTables(world, vpc),
      ],
      objects: () => Object.values(vpc.subnets).flatMap((subnet) => subnetObjects(place, subnet)),
      parts: { of: place, unlike: (other) => unlikeSubnets(place, other?.of as Place | undefined) },
    },
  ];
}

interface Place {
  readonly vpc: Vpc;
  /** By subnet. */
  readonly askers: ReadonlyMap<string, readonly Ipv4[]>;
}

function* unlikeSubnets(place: Place, other: Place | undefined): Generator<Unit> {
  const { vpc } = place;
  for (const subnet of Object.values(vpc.subnets)) {
    const { name } = subnet;
    const askers = askersIn(place, name);
    if (other !== undefined && other.vpc.name === vpc.name && other.vpc.subnets[name] === subnet && askersIn(other, name) === askers) continue;
    yield { vpc: vpc.name, subnet: name, madeFrom: [vpc.name, subnet, askers], objects: () => subnetObjects(place, subnet) };
  }
}

const askersIn = ({ askers }: Place, subnet: string): string => askers.get(subnet)?.join(" ") ?? "";

function subnetObjects({ vpc, askers }: Place, { name, cidr, slot }: Subnet): SpecObject[] {
  const address = resolverAddress(cidr);
  const element = { kind: "nft-element", namespace: routerNamespace(vpc.name), family: "inet", set: askersSet, why: why.asker } as const;
  return [
    // The first subnet of a VPC has the VPC's own resolver.
    ...(address === vpcResolver(vpc) ? [] : resolverAt(vpc.name, address, bridgeOfSlot(slot))),
    ...(askers.get(name) ?? []).map((asker): SpecObject => ({ ...element, key: macOf(asker) })),
  ];
}

function resolver6({ name, ipv6Cidr }: Vpc): SpecObject[] {
  if (ipv6Cidr === undefined) return [];
  const onBridge = { namespace: routerNamespace(name), link: bridgeName(name, 0), index: bridgeIndex(0) };
  return [{ kind: "address", ...onBridge, address: linkLocalResolver6, prefix: 128, why: why.address }];
}

function resolverAt(vpc: string, address: Ipv4, bridge: number): SpecObject[] {
  const namespace = routerNamespace(vpc);
  return [
    { kind: "address", namespace, link: bridgeName(vpc, bridge), index: bridgeIndex(bridge), address, prefix: 32, why: why.address },
    { kind: "nft-element", namespace, family: "inet", set: resolversSet, key: address, why: why.list },
  ];
}

function wayOut(vpc: Vpc): SpecObject[] {
  const namespace = routerNamespace(vpc.name);
  const table = kernelTable(ownWayOut);
  const by = { via: transitAddresses(vpc.number).host, link: gatewayRouterLink, index: gatewayRouterIndex, onlink: true } as const;
  return [
    { kind: "route", namespace, table, destination: "0.0.0.0/0", type: "unicast", ...by, why: why.way },
    { kind: "rule", namespace, priority: ownRulePriority, table, ownPackets: true, why: why.way },
  ];
}
