// The virtual router of a VPC: a namespace with a bridge, forwarding on, and two nftables tables.
//
// A packet's path from subnet A to subnet B, all of it in this namespace:
//   port v-a -> bridge prerouting: is the sender who it says it is? its mark becomes its route table, or it is dropped
//            -> bridge (it is addressed to the router's MAC, so it goes up; ports are isolated, nothing goes across)
//            -> rule 500: destinations inside the VPC from the main table; else the table of the mark
//            -> inet forward: replies pass; a new flow passes the sender's gate and then the receiver's (see router-firewall.ts)
//            -> neighbour and forwarding entry are permanent: out of port v-b at once
import { routerMac } from "../../../model/addresses.ts";
import { resolves } from "../../../model/dns.ts";
import { cidrsOf } from "../../../model/vpc-cidrs.ts";
import { anywhere, type Vpc, type World } from "../../../model/world.ts";
import { bridgeName, namespaceMark, routerNamespace } from "../names.ts";
import { bridgeIndex, bridgeOfSlot, emptyRangeMetric, lastTable, localRulePriority, mainTable } from "../numbers.ts";
import type { SpecObject } from "../objects/object.ts";
import type { Unit } from "../spec.ts";
import { bridgeSettings, namespaceSettings } from "../router-settings.ts";
import { faultParts } from "./faults.ts";
import { routerObjects6 } from "./ipv6.ts";
import { attachmentFacts } from "./attachment-facts.ts";
import { isPeered } from "./peering.ts";
import { routerTables } from "./router-firewall.ts";

const why = {
  namespace: "The VPC's router is a network namespace: a network stack of its own, which shares no interface or route with the host.",
  sysctl: "A router forwards packets, speaks IPv4 alone unless the VPC has IPv6, answers for the addresses of its subnets, and tells nobody of a shorter way.",
  bridge: "The VPC's switch. Each subnet hangs on it by a veth pair.",
  bridgeUp: "Now the switch goes on: what guards it is in place.",
  local: "Before any route table is asked: what is inside the VPC is local. This is the `local` route of every route table.",
  unmarked: "What comes from a gateway or a peering has no route table: it reaches what is local, or nothing, in silence.",
  cidr: "An address of the VPC that no subnet has leads nowhere, and certainly not to the internet.",
};

export function routerUnit(world: World, vpc: Vpc): Unit {
  const bridges = bridgeCount(vpc);
  // These decide everything; the subnets' own objects are in their own units.
  return {
    vpc: vpc.name,
    madeFrom: [
      vpc.name, cidrsOf(vpc).join(" "), isPeered(world, vpc), bridges, vpc.internetGateway, vpc.egressOnlyInternetGateway, vpc.number, vpc.ipv6Cidr,
      resolves(vpc), ...faultParts(vpc),
    ],
    objects: () => routerObjects(world, vpc, Array.from({ length: bridges }, (_, i) => i)),
  };
}

/** As many as the highest slot needs, at least one. */
const bridgeCount = (vpc: Vpc): number => bridgeOfSlot(attachmentFacts(vpc).highestSlot) + 1;

function routerObjects(world: World, vpc: Vpc, bridges: readonly number[]): SpecObject[] {
  const namespace = routerNamespace(vpc.name);
  const links = bridges.map((bridge) => bridgeName(vpc.name, bridge));
  return [
    { kind: "namespace", namespace, mark: namespaceMark(vpc.name), why: why.namespace },
    ...namespaceSettings.map((setting): SpecObject => ({ kind: "sysctl", namespace, ...setting, why: why.sysctl })),
    ...routerTables(world, vpc, links),
    ...bridges.flatMap((bridge): SpecObject[] => {
      const link = bridgeName(vpc.name, bridge);
      return [
        { kind: "bridge", namespace, link, index: bridgeIndex(bridge), mac: routerMac, why: why.bridge },
        { kind: "bridge-up", namespace, link, index: bridgeIndex(bridge), why: why.bridgeUp },
        ...bridgeSettings(link, bridges.length === 1).map((setting): SpecObject => ({ kind: "sysctl", namespace, ...setting, why: why.sysctl })),
      ];
    }),
    { kind: "rule", namespace, priority: localRulePriority, table: mainTable, suppressPrefixLength: 0, why: why.local },
    { kind: "route", namespace, table: lastTable, destination: anywhere, type: "blackhole", why: why.unmarked },
    ...routerObjects6(vpc, links),
    ...cidrsOf(vpc).map((destination): SpecObject => ({ kind: "route", namespace, table: mainTable, destination, type: "blackhole", metric: emptyRangeMetric, why: why.cidr })),
  ];
}
