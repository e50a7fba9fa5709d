// A subnet: a namespace behind a veth pair, whose other end is an isolated port of the VPC's bridge. Everybody's place is known in
// advance, so nothing is learnt or asked: MACs, neighbours and forwarding entries are written down on both sides.
import { firstHost, macOf, routerAddress, routerMac } from "../../../model/addresses.ts";
import { cidrRange } from "../../../model/cidr.ts";
import type { Subnet, Vpc } from "../../../model/world.ts";
import { attachmentLink, bridgeName, namespaceMark, portName, routerNamespace, subnetNamespace } from "../names.ts";
import { attachmentIndex, bridgeIndex, bridgeOfSlot, mainTable, portIndex } from "../numbers.ts";
import type { SpecObject } from "../objects/object.ts";
import type { Unit } from "../spec.ts";
import { attachedSet, sourcesMap } from "./router-firewall.ts";

const why = {
  namespace: "The subnet is a namespace of its own; programs run in it see nothing but the subnet.",
  pair: "A veth pair is a wire: one end is eth0 in the subnet, the other a port of the VPC's bridge. The port is isolated: frames go to the router only.",
  gateway: "The router has the first address of every subnet.",
  neighbour: "The router knows who is where without asking: no ARP crosses it.",
  inside: "Inside: the subnet's own address, and everything else by way of the router.",
  list: "Who is on the router's lists may send, under the mark of its route table, and may be reached.",
};

/**
 * All subnets of a VPC. The World before a command and the one after share the subnets that it leaves alone, so the comparison of two such
 * units is a walk over pointers, and only for a subnet that differs anything is made.
 */
export function subnetsUnit(vpc: Vpc): Unit {
  return {
    vpc: vpc.name,
    madeFrom: [vpc.name, vpc.subnets, vpc.routeTables],
    objects: () => Object.values(vpc.subnets).flatMap((subnet) => subnetObjects(vpc.name, subnet, markOf(vpc, subnet))),
    parts: { of: vpc, unlike: (other) => unlikeSubnets(vpc, other?.of as Vpc | undefined) },
  };
}

function* unlikeSubnets(vpc: Vpc, other: Vpc | undefined): Generator<Unit> {
  for (const name in vpc.subnets) {
    const subnet = vpc.subnets[name];
    if (subnet === undefined) continue;
    const isSame = other !== undefined && other.subnets[name] === subnet && markOf(other, subnet) === markOf(vpc, subnet);
    if (!isSame) yield subnetUnit(vpc, subnet);
  }
}

function subnetUnit(vpc: Vpc, subnet: Subnet): Unit {
  const mark = markOf(vpc, subnet);
  return { vpc: vpc.name, subnet: subnet.name, madeFrom: [vpc.name, subnet, mark], objects: () => subnetObjects(vpc.name, subnet, mark) };
}

/** The number of the subnet's route table: what packets from it are marked with. */
const markOf = (vpc: Vpc, subnet: Subnet): number => vpc.routeTables[subnet.routeTable]?.number ?? 0;

function subnetObjects(vpc: string, subnet: Subnet, mark: number): SpecObject[] {
  const router = routerNamespace(vpc);
  const namespace = subnetNamespace(vpc, subnet.name);
  const bridge = bridgeOfSlot(subnet.slot);
  const onBridge = { namespace: router, link: bridgeName(vpc, bridge), index: bridgeIndex(bridge) };
  const port = { namespace: router, link: portName(subnet.name), index: portIndex(subnet.slot) };
  const inside = { namespace, link: attachmentLink, index: attachmentIndex };
  const address = firstHost(subnet.cidr);
  const gateway = routerAddress(subnet.cidr);
  const { prefix } = cidrRange(subnet.cidr);
  const mac = macOf(address);
  // An odd last digit pair no attachment's MAC has: its first byte differs.
  const portMac = mac.replace("02:76", "06:76");
  const common = { up: true, why: why.pair } as const;
  return [
    { kind: "namespace", namespace, mark: namespaceMark(vpc, subnet.name), why: why.namespace },
    { kind: "veth", end: "near", ...port, mac: portMac, peer: { ...inside, mac }, bridge: { link: onBridge.link, index: onBridge.index }, ...common },
    { kind: "veth", end: "far", ...inside, mac, peer: { ...port, mac: portMac }, ...common },
    { kind: "address", ...inside, address, prefix, why: why.inside },
    { kind: "neighbour", ...inside, address: gateway, mac: routerMac, why: why.inside },
    { kind: "route", namespace, table: mainTable, destination: "0.0.0.0/0", type: "unicast", via: gateway, link: attachmentLink, index: attachmentIndex, why: why.inside },
    { kind: "address", ...onBridge, address: gateway, prefix, why: why.gateway },
    { kind: "neighbour", ...onBridge, address, mac, why: why.neighbour },
    { kind: "fdb", ...port, mac, why: why.neighbour },
    { kind: "nft-element", namespace: router, family: "bridge", set: sourcesMap, key: `${port.link} . ${mac} . ${address}`, value: String(mark), why: why.list },
    { kind: "nft-element", namespace: router, family: "inet", set: attachedSet, key: address, why: why.list },
  ];
}
