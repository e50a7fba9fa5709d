// May A reach B? The question and its answer, both ways, from the World alone. test-connectivity and the tests hold real packets against
// this, so nothing here asks the machine, and nothing follows from what a driver compiles: it is EC2's rules, said once more.
import { isIpv6 } from "../model/cidr6.ts";
import type { Ip } from "../model/cidr-any.ts";
import { VpcctlError } from "../model/errors.ts";
import type { PortRange } from "../model/security-group.ts";
import type { World } from "../model/world.ts";
import { addressesOf } from "./addresses-of.ts";
import { answerNearby } from "./answer-nearby.ts";
import type { Arrival, Walk } from "./deliver.ts";
import { answerTo, clientPorts, natPorts, type Packet, type Protocol } from "./packet.ts";
import { findPlace, findTarget, sayPlace, type Place, type Target } from "./place.ts";
import { arriveFromInternet, enter } from "./public-side.ts";
import { refuseNonsense } from "./refuse-nonsense.ts";
import { routerAt, walkToRouter } from "./to-router.ts";
import { Trail, type Hop } from "./trail.ts";
import { walkFrom } from "./walk.ts";
import { whyNobody } from "./why-nobody.ts";

export interface Question extends Asked {
  /** VPC/SUBNET, VPC/SUBNET/INSTANCE, VPC/INSTANCE, `internet` or `host`. */
  readonly from: string;
  /** The same, or an IP address. */
  readonly to: string;
}

type Inside = Extract<Place, { kind: "attachment" }>;

/** What is sent. */
export interface Asked {
  readonly protocol: Protocol;
  /** tcp and udp. */
  readonly port?: number;
  /** tcp and udp: the port the answer goes to; all that a client may be given when absent. */
  readonly sourcePort?: number;
  /** icmp and icmpv6; echo when absent. */
  readonly icmpType?: number;
  readonly icmpCode?: number;
  /** Take the IPv6 address of what is named. */
  readonly ipv6?: true;
}

export interface Analysis {
  readonly from: string;
  readonly to: string;
  /** The destination, as the sender writes it. */
  readonly address: Ip;
  readonly reachable: boolean;
  /** The way of the question. */
  readonly forward: readonly Hop[];
  /** The way of the answer; empty when there is none, when nothing on it has a say, or when it is not known where it would come from. */
  readonly answer: readonly Hop[];
  /** Every setting that would have to change; empty when it is reachable. */
  readonly changes: readonly string[];
}

/** Throws when something that is named does not exist. */
export function analyze(world: World, question: Question): Analysis {
  const from = findPlace(world, question.from);
  const wantsIpv6 = question.protocol === "icmpv6" || question.ipv6 === true;
  const target = findTarget(world, from, question.to, wantsIpv6);
  // In a VPC with the same blocks, an attachment may have the address that the sender's router has.
  const isAttached = target.places.some(({ kind }) => kind === "attachment");
  const router = from.kind === "attachment" && !isAttached ? routerAt(from.vpc, target.address) : undefined;
  if (router !== undefined && from.kind === "attachment") return analyzeRouter(world, from, router, target.address, question);
  refuseNonsense(from, target, question);
  return analyzePlaces(world, from, target, question);
}

function analyzeRouter(world: World, from: Inside, router: "router" | "resolver", address: Ip, question: Asked): Analysis {
  const { isClear: reachable, hops: forward, changes } = walkToRouter(from.vpc, from.attachment, router, firstPacket(world, from, address, question));
  return { from: sayPlace(from), to: `${router} of ${from.vpc.name}`, address, reachable, forward, answer: [], changes };
}

/** The same for ends that are known already. */
export function analyzePlaces(world: World, from: Place, { places, address }: Target, question: Asked): Analysis {
  if (from.kind === "attachment") {
    const nearby = answerNearby(from, { places, address });
    if (nearby !== undefined) return nearby;
  }
  const all = places.map((place) => analyzePlace(world, from, place, address, question));
  const nobody = { from: sayPlace(from), to: address, address, reachable: false, forward: [], answer: [], changes: [whyNobody(world, from, address)] };
  return all.find(({ reachable }) => reachable) ?? all[0] ?? nobody;
}

function analyzePlace(world: World, from: Place, place: Place, address: Ip, question: Asked): Analysis {
  const packet = firstPacket(world, from, address, question);
  const { sourcePort } = question;
  const ports: PortRange = sourcePort === undefined ? clientPorts : { from: sourcePort, to: sourcePort };
  const trail = new Trail();
  const arrival = send({ world, trail, target: place, clientPorts: ports }, from, packet);
  const back = new Trail();
  if (arrival !== undefined) answer({ world, trail: back, target: from, clientPorts: ports, answers: arrival }, place, packet);
  const changes = [...new Set([...trail.changes, ...back.changes])];
  const reachable = trail.isClear && back.isClear;
  return { from: sayPlace(from), to: sayPlace(place), address, reachable, forward: trail.hops, answer: back.hops, changes };
}

function firstPacket(world: World, from: Place, destination: Ip, { protocol, port, icmpType, icmpCode = 0 }: Asked): Packet {
  const source = sourceFor(world, from, destination);
  if (protocol === "tcp" || protocol === "udp") {
    if (port === undefined) {
      throw new VpcctlError({ code: "MissingParameter", message: `A question about ${protocol} needs a port.`, hint: "Say which: --port 80" });
    }
    return { source, destination, protocol, ports: { from: port, to: port } };
  }
  return { source, destination, protocol, icmp: { type: icmpType ?? (protocol === "icmp" ? 8 : 128), code: icmpCode } };
}

function sourceFor(world: World, from: Place, destination: Ip): Ip {
  const wantsIpv6 = isIpv6(destination);
  if (from.kind === "outside") return findTarget(world, from, from.name, wantsIpv6).address;
  return addressesOf(from.attachment).find((address) => isIpv6(address) === wantsIpv6) ?? from.attachment.address;
}

function send(walk: Walk, from: Place, packet: Packet): Arrival | undefined {
  if (from.kind === "outside") return from.name === "internet" && walk.answers === undefined ? arriveFromInternet(walk, packet) : enter(walk, packet);
  return walkFrom(walk, from.vpc, from.attachment, packet);
}

function answer(walk: Walk, from: Place, question: Packet): void {
  const { source, destination, translated }: Pick<Arrival, "source" | "destination" | "translated"> = walk.answers ?? question;
  const packet = answerTo({ ...question, source, destination }, translated === undefined ? walk.clientPorts : natPorts);
  if (packet !== undefined) send(walk, from, packet);
}
