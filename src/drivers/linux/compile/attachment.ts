// An attachment (a subnet's own namespace, or an instance): a namespace behind a veth pair, whose other end is an isolated port of the
// VPC's bridge. Everybody's place is known in advance, so nothing is learnt or asked: MACs, neighbours and forwarding entries are written
// down on both sides.
import { macOf, routerAddress, routerMac } from "../../../model/addresses.ts";
import { findInstanceAttachment, subnetAttachment, type Attachment } from "../../../model/attachment.ts";
import { changedNames } from "../../../model/changed-names.ts";
import { cidrRange, type Cidr4 } from "../../../model/cidr.ts";
import { publicPoolOf } from "../../../model/public-pool.ts";
import { findSubnet, routeTableOf, type Vpc, type World } from "../../../model/world.ts";
import { attachmentLink, attachmentNamespace, bridgeName, namespaceMark, portName, routerNamespace } from "../names.ts";
import { adoptedIndex, attachmentIndex, bridgeIndex, bridgeOfSlot, mainTable, portIndex } from "../numbers.ts";
import type { SpecObject } from "../objects/object.ts";
import type { Unit } from "../spec.ts";
import { attachmentObjects6 } from "./attachment6.ts";
import { isLinkDown } from "./faults.ts";
import { publicAddressObjects } from "./public-address.ts";
import { egressMap, forwardersMap, identitiesMap, ingressMap, sourcesMap } from "./router-lists.ts";
import { egressChain, identityOf, ingressChain } from "./security-groups.ts";

const why = {
  namespace: "Each subnet and each instance is a namespace of its own; programs run in it see nothing but their subnet.",
  pair: "A veth pair is a wire: one end is eth0 inside, the other a port of the VPC's bridge. The port is isolated: frames go to the router only.",
  gateway: "The router has the first address of every subnet.",
  adopted: "The namespace is somebody else's, a container's for example. It gets a name here, and a mark on its loopback that goes with the name.",
  elsewhere: "It hangs on another bridge than its subnet, which had no port left; the router knows, and nobody else can tell.",
  neighbour: "The router knows who is where without asking: no ARP crosses it.",
  inside: "Inside: its own address, and everything else by way of the router.",
  list: "Who is on the router's lists may send, under the mark of its route table, and may be reached, by the rules of its security groups.",
};

/** What decides the objects of all attachments of a VPC, besides the attachment itself. */
interface Place {
  readonly vpc: Vpc;
  /** Where public addresses come from. */
  readonly pool: Cidr4;
}

/**
 * All attachments of a VPC. The World before a command and the one after share those that it leaves alone, so the comparison of two such
 * units is a walk over pointers, and only for an attachment that differs anything is made.
 */
export function attachmentsUnit(world: World, vpc: Vpc): Unit {
  const place: Place = { vpc, pool: publicPoolOf(world) };
  return {
    vpc: vpc.name,
    madeFrom: [vpc.name, vpc.subnets, vpc.instances, vpc.routeTables, vpc.mainRouteTable, vpc.internetGateway, place.pool, vpc.faults],
    objects: () => [...each(vpc, () => true)].flatMap((attachment) => attachmentObjects(place, attachment)),
    parts: { of: place, unlike: (other) => unlikeAttachments(place, other?.of as Place | undefined) },
  };
}

function* unlikeAttachments(place: Place, other: Place | undefined): Generator<Unit> {
  const before = other !== undefined && sameSurroundings(place, other) ? other.vpc : undefined;
  for (const attachment of differingFrom(before, place.vpc)) yield attachmentUnit(place, attachment);
}

function differingFrom(before: Vpc | undefined, vpc: Vpc): Iterable<Attachment> {
  if (before !== undefined && haveSameTables(before, vpc) && before.faults === vpc.faults) {
    const subnets = changedNames(before.subnets, vpc.subnets).changed;
    // In a new subnet are only new instances. In one that was there, and is another now, may be any.
    if (!subnets.some((name) => Object.hasOwn(before.subnets, name))) {
      const instances = changedNames(before.instances, vpc.instances).changed;
      return [...subnets.flatMap((name) => findSubnet(vpc, name) ?? []).map(subnetAttachment), ...instances.flatMap((name) => findInstanceAttachment(vpc, name) ?? [])];
    }
  }
  return each(vpc, (kind, name, subnet) => {
    if (before === undefined || before[kind]?.[name] !== vpc[kind]?.[name]) return true;
    if (before.subnets[subnet] !== vpc.subnets[subnet] || markOf(before, subnet) !== markOf(vpc, subnet)) return true;
    const instance = kind === "instances" ? name : undefined;
    return before.faults !== vpc.faults && isLinkDown(before, subnet, instance) !== isLinkDown(vpc, subnet, instance);
  });
}

const sameSurroundings = (a: Place, b: Place): boolean =>
  a.pool === b.pool && a.vpc.name === b.vpc.name && a.vpc.number === b.vpc.number && a.vpc.internetGateway === b.vpc.internetGateway;

const haveSameTables = (a: Vpc, b: Vpc): boolean => a.routeTables === b.routeTables && a.mainRouteTable === b.mainRouteTable;

/** Those that are asked for, by kind and name. */
function* each(vpc: Vpc, isWanted: (kind: "subnets" | "instances", name: string, subnet: string) => boolean): Generator<Attachment> {
  for (const name in vpc.subnets) {
    const subnet = vpc.subnets[name];
    if (subnet !== undefined && isWanted("subnets", name, name)) yield subnetAttachment(subnet);
  }
  for (const name in vpc.instances) {
    const instance = vpc.instances[name];
    if (instance === undefined || !isWanted("instances", name, instance.subnet)) continue;
    const attachment = findInstanceAttachment(vpc, name);
    if (attachment !== undefined) yield attachment;
  }
}

function attachmentUnit(place: Place, attachment: Attachment): Unit {
  const { vpc, pool } = place;
  return {
    vpc: vpc.name,
    subnet: attachment.path,
    madeFrom: [vpc.name, attachment.subnet, attachment.instance, markOf(vpc, attachment.subnet.name), vpc.internetGateway, pool, vpc.faults],
    objects: () => attachmentObjects(place, attachment),
  };
}

/** The number of the subnet's route table: what packets from it are marked with. */
function markOf(vpc: Vpc, name: string): number {
  const subnet = findSubnet(vpc, name);
  return (subnet && routeTableOf(vpc, subnet)?.number) ?? 0;
}

function attachmentObjects(place: Place, attachment: Attachment): SpecObject[] {
  return [...wireObjects(place.vpc, attachment), ...listObjects(place.vpc, attachment), ...publicSide(place, attachment)];
}

/** Namespace, wire, and who is where. */
function wireObjects(inVpc: Vpc, { path, subnet, slot, address, instance }: Attachment): SpecObject[] {
  const vpc = inVpc.name;
  const router = routerNamespace(vpc);
  const namespace = attachmentNamespace(vpc, path);
  const bridge = bridgeOfSlot(slot);
  const onBridge = { namespace: router, link: bridgeName(vpc, bridge), index: bridgeIndex(bridge) };
  const port = { namespace: router, link: portName(path), index: portIndex(slot) };
  const adopted = instance?.attachedTo;
  const inside = { namespace, link: attachmentLink, index: adopted === undefined ? attachmentIndex : adoptedIndex };
  const gateway = routerAddress(subnet.cidr);
  const { prefix } = cidrRange(subnet.cidr);
  const mac = macOf(address);
  // An odd last digit pair no attachment's MAC has: its first byte differs.
  const portMac = mac.replace("02:76", "06:76");
  const up = instance?.state !== "stopped" && !isLinkDown(inVpc, subnet.name, instance?.name);
  return [
    adopted === undefined
      ? { kind: "namespace", namespace, mark: namespaceMark(vpc, path), why: why.namespace }
      : { kind: "namespace", namespace, mark: namespaceMark(vpc, path, true), adopted, why: why.adopted },
    { kind: "veth", end: "near", ...port, mac: portMac, peer: { ...inside, mac }, bridge: { link: onBridge.link, index: onBridge.index }, up, why: why.pair },
    { kind: "veth", end: "far", ...inside, mac, peer: { ...port, mac: portMac }, up: true, why: why.pair },
    { kind: "address", ...inside, address, prefix, why: why.inside },
    { kind: "neighbour", ...inside, address: gateway, mac: routerMac, why: why.inside },
    { kind: "route", namespace, table: mainTable, destination: "0.0.0.0/0", type: "unicast", via: gateway, link: attachmentLink, index: inside.index, why: why.inside },
    ...(instance === undefined ? [{ kind: "address", ...onBridge, address: gateway, prefix, why: why.gateway } as const] : []),
    ...(bridge === bridgeOfSlot(subnet.slot)
      ? []
      : [{ kind: "route", ...onBridge, table: mainTable, destination: `${address}/32`, type: "unicast", why: why.elsewhere } as const]),
    { kind: "neighbour", ...onBridge, address, mac, why: why.neighbour },
    { kind: "fdb", ...port, mac, why: why.neighbour },
  ];
}

/** The lists by which the router's firewall knows it. */
function listObjects(vpc: Vpc, attachment: Attachment): SpecObject[] {
  const { path, subnet, address, instance, securityGroups } = attachment;
  const port = portName(path);
  const mac = macOf(address);
  const mark = String(markOf(vpc, subnet.name));
  const element = { kind: "nft-element", namespace: routerNamespace(vpc.name), family: "inet", why: why.list } as const;
  const atPort = { ...element, family: "bridge" } as const;
  const identity = String(identityOf(vpc.name, securityGroups));
  const ingress = `goto ${ingressChain(vpc, attachment)}`;
  return [
    { ...atPort, set: sourcesMap, key: `${port} . ${mac} . ${address}`, value: mark },
    ...(instance?.sourceDestCheck === false ? [{ ...atPort, set: forwardersMap, key: `${port} . ${mac}`, value: mark }] : []),
    { ...element, set: identitiesMap, key: address, value: identity },
    { ...element, set: egressMap, key: mac, value: `goto ${egressChain(vpc, attachment)}` },
    { ...element, set: ingressMap, key: address, value: ingress },
    ...attachmentObjects6(vpc.name, attachment, { mark, identity, ingress }),
  ];
}

function publicSide({ vpc, pool }: Place, { address, publicAddress }: Attachment): SpecObject[] {
  return publicAddress === undefined || !vpc.internetGateway ? [] : publicAddressObjects(vpc, pool, { address, publicAddress });
}
