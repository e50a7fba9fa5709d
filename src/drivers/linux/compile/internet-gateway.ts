// A VPC's internet gateway: a veth pair between its router and the host. The router translates to public addresses, so the host never
// sees an address of the VPC and VPCs may overlap; the host masquerades public addresses out of its uplink.
import { transitAddresses } from "../../../model/addresses.ts";
import type { Cidr4 } from "../../../model/cidr.ts";
import { leadsOutside6 } from "../../../model/gateways.ts";
import { hostPublicAddress } from "../../../model/public-pool.ts";
import type { Vpc } from "../../../model/world.ts";
import type { HostFacts } from "../host-facts.ts";
import { foreignRuleComment, gatewayHostLink, gatewayRouterLink, hostNamespace, routerNamespace } from "../names.ts";
import { gatewayRouterIndex, mainTable, transitHostMac, transitRouterMac } from "../numbers.ts";
import type { SpecObject } from "../objects/object.ts";
import type { Unit } from "../spec.ts";
import { gatewayAlias } from "../gateway-alias.ts";
import { gatewayLinkSet, publicsSet } from "./host.ts";
import { gatewayLists6, gatewayObjects6, uplinks6Of } from "./internet6.ts";
import { ingressMap } from "./router-lists.ts";

const why = {
  pair: "The internet gateway is a wire between the router and the host.",
  address: "Link-local transit addresses: no LAN uses them, and nobody but the two ends needs to know.",
  public: "As this address the host is seen by whoever has a public address.",
  outward: "Whoever's route table leads here may go out; the translation lets only those through that have a public address.",
  forward: "The host forwards what comes in here. Only this link of ours is told to; the host's own setting stays as it is.",
  list: "vpcctl's table on the host knows this gateway, and guards it, before it is there.",
  foreign: "Another program's firewall drops what is forwarded. An accept in our own table would not overrule it, so it gets two rules, tagged as ours.",
};

export function gatewayUnit(vpc: Vpc, pool: Cidr4, facts: () => HostFacts): Unit {
  const madeFrom = [vpc.name, vpc.number, vpc.ipv6Cidr, leadsOutside6(vpc), vpc.egressOnlyInternetGateway, pool];
  return { vpc: vpc.name, madeFrom, objects: () => gatewayObjects(vpc, pool, facts()) };
}

function gatewayObjects(vpc: Vpc, pool: Cidr4, facts: HostFacts): SpecObject[] {
  const transit = transitAddresses(vpc.number);
  const router = { namespace: routerNamespace(vpc.name), link: gatewayRouterLink, index: gatewayRouterIndex };
  const host = { namespace: hostNamespace, link: gatewayHostLink(vpc.name) };
  const common = { up: true, why: why.pair } as const;
  const alias = gatewayAlias(vpc.name, facts.uplinks, uplinks6Of(vpc, facts));
  const barriers = facts.barriers.filter(({ family }) => family !== "ip6" || leadsOutside6(vpc));
  return [
    // First: a gateway that is made anew has senders already, and the host must not meet it unguarded.
    { kind: "nft-element", namespace: hostNamespace, family: "inet", set: gatewayLinkSet, key: host.link, why: why.list },
    { kind: "nft-element", namespace: hostNamespace, family: "inet", set: publicsSet, key: `${host.link} . ${transit.router}`, why: why.list },
    { kind: "nft-element", namespace: router.namespace, family: "inet", set: ingressMap, key: transit.host, value: "accept", why: why.outward },
    ...gatewayLists6(vpc),
    { kind: "veth", end: "near", ...router, mac: transitRouterMac, peer: { ...host, mac: transitHostMac }, ...common },
    { kind: "veth", end: "far", ...host, mac: transitHostMac, peer: { ...router, mac: transitRouterMac }, alias, ...common },
    { kind: "address", ...router, address: transit.router, prefix: 32, why: why.address },
    { kind: "address", ...host, address: transit.host, prefix: 32, why: why.address },
    { kind: "address", ...host, address: hostPublicAddress(pool), prefix: 32, why: why.public },
    { kind: "neighbour", ...router, address: transit.host, mac: transitHostMac, why: why.address },
    { kind: "neighbour", ...host, address: transit.router, mac: transitRouterMac, why: why.address },
    { kind: "route", ...host, table: mainTable, destination: `${transit.router}/32`, type: "unicast", why: why.address },
    ...barriers.flatMap((barrier) => foreignRules(vpc.name, host.link, barrier)),
    ...gatewayObjects6(vpc),
    // Last, when our own table stands guard: from now on the host forwards what comes from this gateway.
    { kind: "sysctl", namespace: hostNamespace, key: `net/ipv4/conf/${host.link}/forwarding`, value: "1", why: why.forward },
  ];
}

function foreignRules(vpc: string, link: string, barrier: HostFacts["barriers"][number]): SpecObject[] {
  const common = { kind: "foreign-rule", ...barrier, link, comment: foreignRuleComment(vpc), why: why.foreign } as const;
  return [
    { ...common, direction: "iifname" },
    { ...common, direction: "oifname" },
  ];
}
