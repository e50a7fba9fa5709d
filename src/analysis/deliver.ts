// The last hop to an attachment, from within its VPC or from the edge of it.
import type { Attachment } from "../model/attachment.ts";
import type { Ip } from "../model/cidr-any.ts";
import type { NatGateway } from "../model/gateways.ts";
import type { PortRange } from "../model/security-group.ts";
import type { Vpc, World } from "../model/world.ts";
import { attachmentAt } from "./addresses-of.ts";
import { passGroups } from "./groups-gate.ts";
import type { Packet } from "./packet.ts";
import type { Place } from "./place.ts";
import type { Trail } from "./trail.ts";
import { endOf, passBetween, type End } from "./wire.ts";

/** What stays the same on one packet's way. */
export interface Walk {
  readonly world: World;
  readonly trail: Trail;
  /** Whom it is meant for. */
  readonly target: Place;
  /** Where the client takes its ports from; a NAT gateway gives others. */
  readonly clientPorts: PortRange;
  /** Of an answer: what the question left behind on its way. */
  readonly answers?: Arrival;
}

/** How the packet looks to whoever got it. */
export interface Arrival {
  readonly source: Ip;
  readonly destination: Ip;
  /** It was addressed to a public IPv4 address, which the internet gateway translated. */
  readonly calledFromOutside?: true;
  /** The NAT gateway it came through, which remembers whom it belongs to. */
  readonly translated?: { readonly vpc: Vpc; readonly gateway: NatGateway; readonly client: Attachment };
}

/** Stopped, it is off the wire. */
export function askRunning(trail: Trail, vpc: Vpc, { path, instance }: Attachment, check: "sender" | "receiver"): void {
  if (instance === undefined || instance.state === "running") return;
  trail.stop(`${vpc.name}/${path}`, check, `it is ${instance.state}`, `Instance ${instance.name} of ${vpc.name} is ${instance.state}: start it.`);
}

/** To the attachment of this VPC that has the destination. `from`: the last hop before it; `peer`: the VPC it comes from by a peering. */
export function deliver(walk: Walk, vpc: Vpc, from: End, packet: Packet, peer?: string): Arrival | undefined {
  const { world, trail, answers } = walk;
  const receiver = attachmentAt(vpc, packet.destination);
  if (receiver === undefined) {
    trail.stop(vpc.name, "receiver", `nobody has ${packet.destination}`, `Nothing in VPC ${vpc.name} has the address ${packet.destination}.`);
    return undefined;
  }
  passBetween(trail, vpc, from, endOf(receiver), packet);
  if (answers === undefined) passGroups(trail, world, vpc, receiver, packet, "ingress", peer);
  askRunning(trail, vpc, receiver, "receiver");
  return { source: packet.source, destination: packet.destination };
}

