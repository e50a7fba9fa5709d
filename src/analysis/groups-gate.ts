// The gates of security groups: may this packet start a flow out of, or into, an attachment? Answers never ask.
import type { Attachment } from "../model/attachment.ts";
import { cidrContainsAddress, type Ip } from "../model/cidr-any.ts";
import { findSecurityGroup, type PolicyRule, type RulePeer, type SecurityRule } from "../model/security-group.ts";
import { sayPeer } from "../model/say-rule.ts";
import { sayTraffic } from "../model/say-traffic.ts";
import { findNamed, findVpc, type Vpc, type World } from "../model/world.ts";
import { attachmentAt } from "./addresses-of.ts";
import { sayPacket, speaksOf, type Packet } from "./packet.ts";
import type { Trail } from "./trail.ts";

export type Direction = "ingress" | "egress";

/**
 * Asks the groups of the attachment, or the policy of its subnet where it has one, and writes down the answer. `peer`: the VPC that the
 * packet goes to, or comes from, by a peering in this very step. Members of that one's groups are known there, and on no other way.
 */
export function passGroups(trail: Trail, world: World, vpc: Vpc, attachment: Attachment, packet: Packet, direction: Direction, peer?: string): void {
  const at = `${vpc.name}/${attachment.path}`;
  const check = `${direction} groups` as const;
  const { name, policy } = attachment.subnet;
  if (policy !== undefined) {
    const verdict = askPolicy(policy[direction], direction, packet);
    if (verdict.allowed) trail.pass(at, check, `policy of subnet ${name}: ${verdict.because}`);
    else {
      const change = `The policy of subnet ${vpc.name}/${name} denies ${inOrOut(packet, direction)}: ${verdict.because}.`;
      trail.stop(at, check, `policy of subnet ${name}: ${verdict.because}`, change);
    }
    return;
  }
  const groups = attachment.securityGroups;
  for (const group of groups) {
    const rule = (findSecurityGroup(vpc, group)?.[direction] ?? []).find((one) => ruleFits(world, vpc, one, packet, direction, peer));
    if (rule !== undefined) return trail.pass(at, check, `${group}: ${sayTraffic(rule)} ${direction === "egress" ? "to" : "from"} ${sayPeer(rule.peer)}`);
  }
  const named = groups.length === 1 ? `Security group ${groups[0]}` : `None of the security groups ${groups.join(", ")}`;
  const change = `${named} of ${at} ${groups.length === 1 ? "has no" : "has an"} ${direction} rule that allows ${inOrOut(packet, direction)}.`;
  trail.stop(at, check, `no rule of ${groups.join(", ")} allows ${inOrOut(packet, direction)}`, change);
}

function inOrOut(packet: Packet, direction: Direction): string {
  return `${sayPacket(packet)} ${direction === "egress" ? `to ${packet.destination}` : `from ${packet.source}`}`;
}

const otherEnd = (packet: Packet, direction: Direction): Ip => (direction === "egress" ? packet.destination : packet.source);

function ruleFits(world: World, vpc: Vpc, rule: SecurityRule, packet: Packet, direction: Direction, peer: string | undefined): boolean {
  return speaksOf(rule, packet, packet.ports?.from) && isPeer(world, vpc, rule.peer, otherEnd(packet, direction), peer);
}

function isPeer(world: World, vpc: Vpc, peer: RulePeer, address: Ip, neighbour: string | undefined): boolean {
  switch (peer.kind) {
    case "cidr":
      return cidrContainsAddress(peer.cidr, address);
    case "prefix-list":
      return findNamed(world.prefixLists, peer.name)?.cidrs.some((cidr) => cidrContainsAddress(cidr, address)) ?? false;
    case "group": {
      // Members are known by their private addresses: who comes from outside is a member of nothing.
      const isOwn = peer.vpc === undefined || peer.vpc === vpc.name;
      if (!isOwn && peer.vpc !== neighbour) return false;
      const home = isOwn ? vpc : findVpc(world, peer.vpc ?? "");
      return home !== undefined && attachmentAt(home, address)?.securityGroups.includes(peer.group) === true;
    }
  }
}

/** First match decides. Without a match: no ingress; and egress only where the policy says nothing of egress at all. */
function askPolicy(rules: readonly PolicyRule[] | undefined, direction: Direction, packet: Packet): { readonly allowed: boolean; readonly because: string } {
  if (rules === undefined) return { allowed: direction === "egress", because: `says nothing of ${direction}` };
  const address = otherEnd(packet, direction);
  const at = rules.findIndex((rule) => speaksOf(rule, packet, packet.ports?.from) && (rule.cidr === undefined || cidrContainsAddress(rule.cidr, address)));
  const rule = rules[at];
  if (rule === undefined) return { allowed: false, because: "no rule fits" };
  return { allowed: rule.action === "allow", because: `rule ${at + 1} says ${rule.action} ${sayTraffic(rule)}` };
}
