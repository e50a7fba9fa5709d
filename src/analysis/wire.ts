// What a packet meets between two attachments of a VPC, or between one and a gateway of it: broken wires, and the edges of subnets.
import type { Attachment } from "../model/attachment.ts";
import type { Ip } from "../model/cidr-any.ts";
import { sayPlace, type Fault, type FaultPlace } from "../model/fault.ts";
import { findSubnet, type Subnet, type Vpc } from "../model/world.ts";
import { passAcl } from "./acl-gate.ts";
import { anyOwner } from "./addresses-of.ts";
import type { Packet } from "./packet.ts";
import type { Trail } from "./trail.ts";

/** Either end of a hop: an attachment, a NAT gateway standing in a subnet, or something at the edge of the VPC. */
export interface End {
  readonly attachment?: Attachment;
  /** The subnet it is in; absent for what is in none: an internet gateway, a peering. */
  readonly subnet?: Subnet;
}

export const endOf = (attachment: Attachment): End => ({ attachment, subnet: attachment.subnet });

/** The far end of a gateway. */
export const edge: End = {};

/** Asks all that lies between two ends, in the order a packet meets it. */
export function passBetween(trail: Trail, vpc: Vpc, from: End, to: End, packet: Packet): void {
  passFaults(trail, vpc, from, to, packet);
  if (from.subnet !== undefined && from.subnet === to.subnet) return;
  if (from.subnet !== undefined) passAcl(trail, vpc, from.subnet, packet, "egress");
  if (to.subnet !== undefined) passAcl(trail, vpc, to.subnet, packet, "ingress");
}

function passFaults(trail: Trail, vpc: Vpc, from: End, to: End, packet: Packet): void {
  if (vpc.faults === undefined) return;
  const ends = [whoHas(vpc, packet.source), whoHas(vpc, packet.destination)] as const;
  for (const fault of vpc.faults) {
    const hit = fault.kind === "link-down" ? hasWire(fault.a, from) || hasWire(fault.a, to) : separates(fault, from, to) || parts(fault, ...ends);
    if (hit) trail.stop(vpc.name, "wire", sayFault(vpc, fault), `A fault is in the way, ${sayFault(vpc, fault)}: heal it.`);
  }
}

function separates({ a, b }: Partition, from: End, to: End): boolean {
  if (b === undefined) return isAt(a, from) !== isAt(a, to);
  return (isAt(a, from) && isAt(b, to)) || (isAt(b, from) && isAt(a, to));
}

/** Two places that are cut off from each other do not reach each other by a detour either. */
const parts = (fault: Partition, source: End, destination: End): boolean => fault.b !== undefined && separates(fault, source, destination);

type Partition = Extract<Fault, { kind: "partition" }>;

/** By any of its addresses. */
function whoHas(vpc: Vpc, address: Ip): End {
  const owner = anyOwner(vpc, address);
  if (owner === undefined) return edge;
  if ("path" in owner) return endOf(owner);
  const subnet = findSubnet(vpc, owner.subnet);
  return subnet === undefined ? edge : { subnet };
}

const isAt = (place: FaultPlace, { attachment, subnet }: End): boolean =>
  "subnet" in place ? subnet?.name === place.subnet : attachment?.instance?.name === place.instance;

/** A NAT gateway has no wire that could be pulled. */
const hasWire = (place: FaultPlace, end: End): boolean => end.attachment !== undefined && isAt(place, end);

function sayFault({ name }: Vpc, fault: Fault): string {
  if (fault.kind === "link-down") return `the link of ${sayPlace(name, fault.a)} is down`;
  return `a partition between ${sayPlace(name, fault.a)} and ${fault.b === undefined ? "everything else" : sayPlace(name, fault.b)}`;
}
