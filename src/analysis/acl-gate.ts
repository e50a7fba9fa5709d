// Network ACLs: stateless, first match, and only where a packet crosses the edge of a subnet.
import { cidrContainsAddress } from "../model/cidr-any.ts";
import { aclOf, type AclEntry } from "../model/network-acl.ts";
import { sayTraffic } from "../model/say-traffic.ts";
import type { Subnet, Vpc } from "../model/world.ts";
import { sayPacket, speaksOf, tellingPorts, type Packet } from "./packet.ts";
import type { Trail } from "./trail.ts";

/** Asks the subnet's ACL about a packet that leaves (`egress`) or enters it. */
export function passAcl(trail: Trail, vpc: Vpc, subnet: Subnet, packet: Packet, direction: "ingress" | "egress"): void {
  const { name, [direction]: entries } = aclOf(vpc, subnet);
  const at = `${vpc.name}/${subnet.name}`;
  const check = direction === "egress" ? "ACL out" : "ACL in";
  const decisions = tellingPorts(entries, packet).map((port) => ({ port, entry: firstFit(entries, packet, direction, port) }));
  const against = decisions.find(({ entry }) => entry?.action !== "allow");
  if (against === undefined) return trail.pass(at, check, `${name}: ${decisions[0]?.entry === undefined ? "" : sayEntry(decisions[0].entry)}`);
  const { entry, port } = against;
  const what = `${sayPacket(packet)} from ${packet.source} to ${packet.destination}`;
  const which = entry === undefined ? "no entry allows it, so the last one, *, denies" : `entry ${entry.number} denies`;
  const some = decisions.some((one) => one.entry?.action === "allow") ? ` from port ${port} on` : "";
  const because = `${name}: ${entry === undefined ? "no entry fits" : sayEntry(entry)}${some}`;
  trail.stop(at, check, because, `Network ACL ${name} of ${at}, ${direction}: ${which}${some} (${what}).`);
}

function firstFit(entries: readonly AclEntry[], packet: Packet, direction: "ingress" | "egress", port: number | undefined): AclEntry | undefined {
  const address = direction === "egress" ? packet.destination : packet.source;
  return entries.find((entry) => speaksOf(entry, packet, port) && cidrContainsAddress(entry.cidr, address));
}

const sayEntry = (entry: AclEntry): string => `entry ${entry.number} ${entry.action}s ${sayTraffic(entry)} ${entry.cidr}`.replace("denys", "denies");
