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

interface KeyedUnit {
  readonly key: string;
  readonly mark: number;
  readonly unit: Unit & { readonly vpc: string };
}

/**
 * The World before a command and the one after share the subnets it leaves alone, and so they share the units: the second compilation
 * makes only what is new, and the comparison of the two ends at `===`.
 */
const made = new WeakMap<Subnet, KeyedUnit>();

/** Adds the units of all subnets to a Spec under construction. */
export function addSubnetUnits(vpc: Vpc, spec: Map<string, Unit>): void {
  for (const subnet of Object.values(vpc.subnets)) {
    const mark = vpc.routeTables[subnet.routeTable]?.number ?? 0;
    let known = made.get(subnet);
    if (known?.mark !== mark || known.unit.vpc !== vpc.name) {
      known = makeUnit(vpc.name, subnet, mark);
      made.set(subnet, known);
    }
    spec.set(known.key, known.unit);
  }
}

function makeUnit(vpc: string, subnet: Subnet, mark: number): KeyedUnit {
  const unit = { vpc, subnet: subnet.name, madeFrom: [vpc, subnet, mark], objects: () => subnetObjects(vpc, subnet, mark) };
  return { key: `subnet ${vpc}/${subnet.name}`, mark, unit };
}

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
