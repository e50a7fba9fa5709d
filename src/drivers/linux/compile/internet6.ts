// IPv6 outside a VPC. Nothing is translated at its gateway: the address inside is the address outside, and what a subnet may do with the
// world is said by its route table. A route to the internet gateway lets out and in; one to the egress-only internet gateway lets out,
// and in only answers. Both lead over the one wire to the host.
//
//   out: route table -> the wire -> the host: does the source belong to this VPC? -> the uplink; a private block (RFC 4193) means
//        nothing in the world, so there it goes under the address of the host. The egress-only gateway is a next hop of its own, for an
//        answer must not leave by it: it does not know flows that came in another way
//   in:  the host routes the VPC's block to the wire -> the router: is the subnet open? -> the receiver's gate
import { hostAddress6, isUniqueLocal } from "../../../model/addresses6.ts";
import { isCidr6 } from "../../../model/cidr-any.ts";
import { leadsOutside6 } from "../../../model/gateways.ts";
import { listsInTables, routesInForce } from "../../../model/routes-in-force.ts";
import { routeTableOf, type Vpc, type World } from "../../../model/world.ts";
import type { HostFacts, Uplink6 } from "../host-facts.ts";
import { gatewayHostLink, gatewayRouterLink, hostNamespace, routerNamespace } from "../names.ts";
import { gatewayRouterIndex, mainTable, transitEgressOnly6, transitHost6, transitHostMac, transitRouter6, transitRouterMac } from "../numbers.ts";
import type { NftRule, SpecObject } from "../objects/object.ts";
import type { Unit } from "../spec.ts";
import { forceKey, uplinkGuard6 } from "../uplink-guard6.ts";
import { ingress6Map, linkObjects6 } from "./ipv6.ts";
import { nftRule } from "./rule-text.ts";
import { spreadPorts } from "./spread-ports.ts";

/** Each gateway with the IPv6 block that may be sent from it and is reached by it. */
const prefixes6Set = "prefixes6";
/** Private blocks of VPCs. */
const private6Set = "private6";
/** In the router: subnets that may be reached from outside. */
export const open6Set = "open6";

const why = {
  list: "vpcctl's table on the host knows the VPC's IPv6 block, and guards it, before anything can come from there.",
  hop: "By IPv6 too the two ends of the gateway's wire know each other without asking.",
  own: "IPv6 is on at this link of ours, whatever the host does elsewhere.",
  address: "As this address the host is seen by IPv6.",
  route: "The host sends what is for the VPC's IPv6 block to its gateway; the router decides who may be reached.",
  forward: "The host forwards IPv6 that comes in here. Only this link of ours is told to; where the host forwards anyway, it makes no difference.",
  uplink: "IPv6 answers arrive on the uplink and must be forwarded to the gateway. Only it is switched; that it was is kept in the gateway's alias.",
  open: "Subnets whose route table leads to the internet gateway by IPv6 may be reached from outside; their security groups decide about the rest.",
};

/** Has any VPC a way out by IPv6? Then the host needs its part. */
export const hasOutside6 = (world: World): boolean => Object.values(world.vpcs).some(leadsOutside6);

/** For the host's table, before its chains. */
export function hostSets6(table: { readonly namespace: string; readonly family: "inet" }): SpecObject[] {
  return [
    { kind: "nft-set", ...table, set: prefixes6Set, map: false, type: "type ifname . ipv6_addr; flags interval", why: why.list },
    { kind: "nft-set", ...table, set: private6Set, map: false, type: "type ipv6_addr; flags interval", why: why.list },
  ];
}

/** Chain `forward` of the host, before what it says of gateways in general. */
export const hostForwardRules6 = (gateways: string): NftRule[] => [
  nftRule(`iifname @${gateways} iifname . ip6 saddr != @${prefixes6Set} drop`, "by IPv6 nothing leaves a VPC that is not its own"),
  nftRule(`oifname @${gateways} oifname . ip6 daddr @${prefixes6Set} accept`, "by IPv6 everybody may knock; the router of the VPC decides"),
];

/** At the end of it. */
export const uplinkGuards6 = (uplinks: readonly Uplink6[], gateways: string): NftRule[] =>
  uplinks.flatMap(({ link, forced }) => (forced ? [uplinkGuard6(link, gateways)] : []));

export const hostNatRules6 = (gateways: string): NftRule[] => [
  nftRule(`ip6 saddr @${private6Set} oifname != @${gateways} masquerade ${spreadPorts}`, "private IPv6 addresses mean nothing outside this machine"),
];

/** After everything that guards. */
export const uplinkSwitches6 = (uplinks: readonly Uplink6[]): SpecObject[] =>
  uplinks.flatMap(({ link, forced }): SpecObject[] =>
    forced ? [{ kind: "sysctl", namespace: hostNamespace, key: forceKey(link), value: "1", was: "0", why: why.uplink }] : [],
  );

/** Before the gateway's link. */
export function gatewayLists6(vpc: Vpc): SpecObject[] {
  const { name, ipv6Cidr } = vpc;
  if (ipv6Cidr === undefined) return [];
  const element = { kind: "nft-element", namespace: hostNamespace, family: "inet", why: why.list } as const;
  return [
    { ...element, set: prefixes6Set, key: `${gatewayHostLink(name)} . ${ipv6Cidr}` },
    ...(isUniqueLocal(ipv6Cidr) ? [{ ...element, set: private6Set, key: ipv6Cidr } as const] : []),
    ...hopsOf(vpc).map((key) => ({ ...element, namespace: routerNamespace(name), set: ingress6Map, key, value: "accept", why: why.hop })),
  ];
}

/** Next hops that stand for the gateways; both lead to the host. */
const hopsOf = ({ egressOnlyInternetGateway }: Vpc): readonly string[] => (egressOnlyInternetGateway === true ? [transitHost6, transitEgressOnly6] : [transitHost6]);

/** After the gateway's link. */
export function gatewayObjects6(vpc: Vpc): SpecObject[] {
  const { name, ipv6Cidr } = vpc;
  if (ipv6Cidr === undefined) return [];
  const router = { namespace: routerNamespace(name), link: gatewayRouterLink, index: gatewayRouterIndex };
  const host = { namespace: hostNamespace, link: gatewayHostLink(name) };
  return [
    ...linkObjects6(router.namespace, router.link),
    ...hopsOf(vpc).map((address) => ({ kind: "neighbour", ...router, address, mac: transitHostMac, why: why.hop }) as const),
    { kind: "sysctl", namespace: hostNamespace, key: `net/ipv6/conf/${host.link}/disable_ipv6`, value: "0", why: why.own },
    { kind: "address", ...host, address: hostAddress6, prefix: 128, why: why.address },
    { kind: "neighbour", ...host, address: transitRouter6, mac: transitRouterMac, why: why.hop },
    { kind: "route", ...host, table: mainTable, destination: ipv6Cidr, type: "unicast", via: transitRouter6, source: hostAddress6, why: why.route },
    { kind: "sysctl", namespace: hostNamespace, key: forceKey(host.link), value: "1", optional: true, why: why.forward },
  ];
}

/** Which uplinks matter to a VPC. */
export const uplinks6Of = (vpc: Vpc, { uplinks6 = [] }: HostFacts): readonly Uplink6[] => (leadsOutside6(vpc) ? uplinks6 : []);

/** In the router, before chain `forward`. */
export const openSet6 = (vpc: Vpc, table: { readonly namespace: string; readonly family: "inet" | "bridge" }): SpecObject[] =>
  isOpenable(vpc) ? [{ kind: "nft-set", ...table, set: open6Set, map: false, type: "type ipv6_addr; flags interval", why: why.open }] : [];

/** In chain `forward`, before flows that are known go their way. */
export const outwardRules6 = ({ ipv6Cidr, egressOnlyInternetGateway }: Vpc): NftRule[] =>
  ipv6Cidr === undefined || egressOnlyInternetGateway !== true
    ? []
    : [nftRule(`ct direction reply rt ip6 nexthop ${transitEgressOnly6} drop`, "the egress-only internet gateway knows no flow that came in another way")];

/** At the end of chain `forward`. */
export const inwardRules6 = (vpc: Vpc, toReceiver: string): NftRule[] =>
  isOpenable(vpc) ? [nftRule(`iifname "${gatewayRouterLink}" ip6 daddr @${open6Set} goto ${toReceiver}`, openRule)] : [];

const openRule = "in by the internet gateway, to a subnet whose routes lead to it";

const isOpenable = ({ ipv6Cidr, internetGateway }: Vpc): boolean => ipv6Cidr !== undefined && internetGateway;

/** Which subnets are open. A unit of its own: it follows the routes, which the subnets' own objects do not. */
export function openSubnets6Unit(world: World, vpc: Vpc): Unit {
  return {
    vpc: vpc.name,
    madeFrom: [vpc.name, vpc.ipv6Cidr, vpc.internetGateway, vpc.subnets, vpc.routeTables, vpc.mainRouteTable, ...listsInTables(world, vpc)],
    objects: () => (isOpenable(vpc) ? openElements(world, vpc) : []),
  };
}

function openElements(world: World, vpc: Vpc): SpecObject[] {
  const common = { kind: "nft-element", namespace: routerNamespace(vpc.name), family: "inet", set: open6Set, why: why.open } as const;
  return Object.values(vpc.subnets).flatMap((subnet): SpecObject[] => {
    const { ipv6Cidr } = subnet;
    if (ipv6Cidr === undefined) return [];
    const table = routeTableOf(vpc, subnet);
    const isOpen = table !== undefined && routesInForce(world, vpc, table).some(({ destination, target }) => isCidr6(destination) && target.kind === "internet-gateway");
    return isOpen ? [{ ...common, key: ipv6Cidr }] : [];
  });
}
