// Out of a VPC by a gateway, and in by one. Outside there are only public addresses, for IPv4; IPv6 addresses are the same on both sides.
import type { Attachment } from "../model/attachment.ts";
import type { Ip } from "../model/cidr-any.ts";
import { isUniqueLocalAddress } from "../model/addresses6.ts";
import { isIpv6 } from "../model/cidr6.ts";
import { cidrRange, nthAddress } from "../model/cidr.ts";
import type { NatGateway } from "../model/gateways.ts";
import { publicPoolOf } from "../model/public-pool.ts";
import { routesInForce } from "../model/routes-in-force.ts";
import { findSubnet, routeTableOf, tableNameOf, type Vpc } from "../model/world.ts";
import { attachmentAt } from "./addresses-of.ts";
import { deliver, type Arrival, type Walk } from "./deliver.ts";
import type { NextHop } from "./next-hop.ts";
import type { Packet } from "./packet.ts";
import { sayPlace, type Place } from "./place.ts";
import { lookupRoute } from "./route-lookup.ts";
import { edge, endOf, passBetween, type End } from "./wire.ts";

type WayOut = Extract<NextHop, { readonly kind: "local" | "internet-gateway" | "egress-only-internet-gateway" | "nowhere" | "nat-gateway" }>;

/** By the gateway that a route led to, to whom it is meant for. */
export function leave(walk: Walk, vpc: Vpc, sender: Attachment, hop: WayOut, packet: Packet): Arrival | undefined {
  const { trail, answers } = walk;
  if (hop.kind === "nat-gateway" && answers === undefined && !isIpv6(packet.destination)) return leaveByNat(walk, vpc, sender, hop.gateway, packet);
  if (hop.kind === "nat-gateway") refuseNat(walk, vpc, hop.gateway, packet);
  passBetween(trail, vpc, endOf(sender), edge, packet);
  if (hop.kind === "egress-only-internet-gateway") askEgressOnly(walk, vpc, packet);
  else askGateway(walk, vpc);
  return enter(walk, { ...packet, source: publicSource(walk, vpc, packet.source) });
}

function askGateway({ trail }: Walk, vpc: Vpc): void {
  if (vpc.internetGateway) trail.pass(vpc.name, "internet gateway", `that of ${vpc.name}`);
  else trail.stop(vpc.name, "internet gateway", "there is none", `VPC ${vpc.name} has no internet gateway.`);
}

function askEgressOnly({ trail, answers }: Walk, vpc: Vpc, packet: Packet): void {
  const check = "internet gateway";
  if (vpc.egressOnlyInternetGateway !== true) {
    trail.stop(vpc.name, check, "there is no egress-only one", `VPC ${vpc.name} has no egress-only internet gateway.`);
  } else if (!isIpv6(packet.destination)) {
    trail.stop(vpc.name, check, "the egress-only one knows no IPv4", `The egress-only internet gateway of ${vpc.name} is for IPv6 only.`);
  } else if (answers !== undefined) {
    const change = `An answer of ${vpc.name} cannot leave by the egress-only internet gateway: the flow came in by another.`;
    trail.stop(vpc.name, check, "the egress-only one does not know the flow", change);
  } else {
    trail.pass(vpc.name, check, "the egress-only one lets it out");
  }
}

/** The address under which it is seen outside. */
function publicSource({ world, trail }: Walk, vpc: Vpc, source: Ip): Ip {
  if (isIpv6(source)) return source;
  const owner = attachmentAt(vpc, source);
  const name = owner === undefined ? source : `${vpc.name}/${owner.path}`;
  if (owner?.publicAddress !== undefined) {
    trail.pass(vpc.name, "internet gateway", `${source} is ${owner.publicAddress} outside`);
    return owner.publicAddress;
  }
  trail.stop(vpc.name, "internet gateway", `${source} has no public address`, needsPublic(name));
  // Any other would do as well to find out what else is in the way.
  const pool = publicPoolOf(world);
  return nthAddress(pool, cidrRange(pool).size - 2);
}

const needsPublic = (name: string): string => `${name} has no public address, without which nobody passes the internet gateway.`;

function publicNeeded({ vpc, attachment }: Extract<Place, { kind: "attachment" }>): string {
  const name = `${vpc.name}/${attachment.path}`;
  if (attachment.publicAddress === undefined) return needsPublic(name);
  return `From outside, ${name} is reached at its public address: ask for ${attachment.publicAddress}.`;
}

function refuseNat({ trail, answers }: Walk, vpc: Vpc, { name }: NatGateway, packet: Packet): void {
  const at = `${vpc.name}/${name}`;
  if (isIpv6(packet.destination)) {
    trail.stop(at, "NAT gateway", "it knows no IPv6", `NAT gateway ${name} of ${vpc.name} carries IPv4 only.`);
  } else if (answers !== undefined) {
    const change = `The answer cannot leave by NAT gateway ${name} of ${vpc.name}: the flow did not come by it.`;
    trail.stop(at, "NAT gateway", "it does not know the flow", change);
  }
}

function leaveByNat(walk: Walk, vpc: Vpc, sender: Attachment, gateway: NatGateway, packet: Packet): Arrival | undefined {
  const { world, trail } = walk;
  const at = `${vpc.name}/${gateway.name}`;
  const standing = standingOf(vpc, gateway);
  passBetween(trail, vpc, endOf(sender), standing, packet);
  const table = standing.subnet && routeTableOf(vpc, standing.subnet);
  const match = table && lookupRoute(world, vpc, table, packet.destination);
  if (match?.target.kind !== "internet-gateway") {
    const place = `NAT gateway ${gateway.name} of ${vpc.name} stands in subnet ${gateway.subnet}`;
    const change = `${place}, whose route table ${table?.name} does not send ${packet.destination} to the internet gateway.`;
    trail.stop(at, "NAT gateway", `no route to the internet gateway in ${gateway.subnet}`, change);
  }
  passBetween(trail, vpc, standing, edge, { ...packet, source: gateway.address });
  trail.pass(at, "NAT gateway", `${packet.source} is ${gateway.publicAddress} outside`);
  askGateway(walk, vpc);
  const arrival = enter(walk, { ...packet, source: gateway.publicAddress });
  const client = attachmentAt(vpc, packet.source);
  return arrival === undefined || client === undefined ? undefined : { ...arrival, translated: { vpc, gateway, client } };
}

function standingOf(vpc: Vpc, { subnet: name }: NatGateway): End {
  const subnet = findSubnet(vpc, name);
  return subnet === undefined ? edge : { subnet };
}

/**
 * From beyond the host's uplink. Public IPv4 addresses mean something on this machine only, and so do private blocks of IPv6: outside, the
 * host itself stands for all of them.
 */
export function arriveFromInternet(walk: Walk, packet: Packet): Arrival | undefined {
  const { destination } = packet;
  if (isIpv6(destination) && !isUniqueLocalAddress(destination)) walk.trail.pass("host", "uplink", `${destination} is routed to this machine, if its block is`);
  else {
    const change = `${destination} is known on this machine only, so nobody beyond its uplink reaches it; no setting changes that. For the machine itself, ask from host.`;
    walk.trail.stop("host", "uplink", `${destination} is known on this machine only`, change);
  }
  return enter(walk, packet);
}

/** From outside to whom it is meant for, by the internet gateway of its VPC where it is in one. */
export function enter(walk: Walk, packet: Packet): Arrival | undefined {
  const { trail, target, answers } = walk;
  const { source, destination } = packet;
  if (target.kind === "outside") {
    if (target.name === "host" && answers === undefined) {
      trail.stop("host", "receiver", "it takes nothing from its VPCs", "The host takes no packets from its VPCs; no setting changes that.");
    } else trail.pass(sayPlace(target), "receiver", `${destination} is outside`);
    return { source, destination };
  }
  const { vpc, attachment } = target;
  if (answers?.translated !== undefined) return enterByNat(walk, answers.translated, packet);
  askWayIn(walk, vpc, packet);
  if (isIpv6(destination)) {
    askOpen(walk, vpc, attachment);
    return deliver(walk, vpc, edge, packet);
  }
  if (attachment.publicAddress === destination) trail.pass(vpc.name, "internet gateway", `${destination} is ${attachment.address} inside`);
  else if (answers === undefined) trail.stop(vpc.name, "internet gateway", `${destination} is not a public address`, publicNeeded(target));
  const arrival = deliver(walk, vpc, edge, { ...packet, destination: attachment.address });
  return arrival && { ...arrival, calledFromOutside: true };
}

/** New flows come in by an internet gateway only; answers also by the egress-only one they left by. */
function askWayIn(walk: Walk, vpc: Vpc, packet: Packet): void {
  if (isIpv6(packet.destination) && walk.answers !== undefined && vpc.egressOnlyInternetGateway === true) {
    walk.trail.pass(vpc.name, "internet gateway", "the egress-only one knows the flow");
  } else askGateway(walk, vpc);
}

/** By IPv6 every address is known outside. Called from there is only who could call: a subnet whose routes lead to the gateway. */
function askOpen({ world, trail, answers }: Walk, vpc: Vpc, { subnet }: Attachment): void {
  const [name, tableName, table] = [subnet.name, tableNameOf(vpc, subnet), routeTableOf(vpc, subnet)];
  const routes = table === undefined ? [] : routesInForce(world, vpc, table);
  if (answers !== undefined || routes.some(({ destination, target }) => isIpv6(destination) && target.kind === "internet-gateway")) return;
  const change = `Route table ${tableName} of ${vpc.name} has no IPv6 route to the internet gateway, so nobody outside reaches subnet ${name} by IPv6.`;
  trail.stop(`${vpc.name}/${name}`, "internet gateway", `route table ${tableName}: no IPv6 route to it`, change);
}

/** The gateway remembers whose flow it is. Its subnet's ACL sees the answer twice: coming in, and going on to another subnet. */
function enterByNat(walk: Walk, { vpc, gateway, client }: NonNullable<Arrival["translated"]>, packet: Packet): Arrival | undefined {
  const standing = standingOf(vpc, gateway);
  askGateway(walk, vpc);
  passBetween(walk.trail, vpc, edge, standing, { ...packet, destination: gateway.address });
  walk.trail.pass(`${vpc.name}/${gateway.name}`, "NAT gateway", `the flow is that of ${client.address}`);
  const ports = packet.ports === undefined ? {} : { ports: walk.clientPorts };
  return deliver(walk, vpc, standing, { ...packet, destination: client.address, ...ports });
}
