// The packets that an analysis follows, and whether a rule speaks of them.
import type { Ip } from "../model/cidr-any.ts";
import type { IcmpType, PortRange, Traffic } from "../model/security-group.ts";

export type Protocol = "tcp" | "udp" | "icmp" | "icmpv6";

export interface Packet {
  readonly source: Ip;
  readonly destination: Ip;
  readonly protocol: Protocol;
  /** tcp and udp: the destination port, or, of an answer, every port that it may have to go to. */
  readonly ports?: PortRange;
  /** icmp and icmpv6. */
  readonly icmp?: Required<IcmpType>;
}

/** Where clients of Linux take their ports from (net.ipv4.ip_local_port_range). */
export const clientPorts: PortRange = { from: 32768, to: 60999 };

/** Where a NAT gateway takes its ports from, in EC2. */
export const natPorts: PortRange = { from: 1024, to: 65535 };

/** Types that ask for an answer, and the type of it: echo, timestamp; echo of IPv6. */
const answers: Readonly<Record<string, number>> = { "icmp 8": 0, "icmp 13": 14, "icmpv6 128": 129 };

/** The ICMP type that answers this one; `undefined` when nobody answers it. */
export const answerType = (protocol: Protocol, type: number): number | undefined => answers[`${protocol} ${type}`];

/** What an answer to the packet looks like, when it comes from whoever got it under this destination; `undefined` when none is due. */
export function answerTo(packet: Packet, ports: PortRange): Packet | undefined {
  const { source, destination, protocol, icmp } = packet;
  const back = { source: destination, destination: source, protocol };
  if (icmp === undefined) return { ...back, ports };
  const type = answerType(protocol, icmp.type);
  return type === undefined ? undefined : { ...back, icmp: { type, code: 0 } };
}

/** Does a rule for this traffic speak of the packet, when its destination port is `port`? Addresses are another matter. */
export function speaksOf(traffic: Traffic, packet: Packet, port: number | undefined): boolean {
  if (traffic.protocol === "all") return true;
  if (traffic.protocol !== packet.protocol) return false;
  if (packet.icmp !== undefined) {
    const { icmp } = traffic;
    return icmp === undefined || (icmp.type === packet.icmp.type && (icmp.code === undefined || icmp.code === packet.icmp.code));
  }
  const { ports } = traffic;
  return ports === undefined || port === undefined || (ports.from <= port && port <= ports.to);
}

/**
 * Ports of the packet that stand for all of them: no rule of the list tells two ports between neighbours of these apart. One, `undefined`,
 * for a protocol without ports.
 */
export function tellingPorts(rules: readonly Traffic[], { ports }: Packet): readonly (number | undefined)[] {
  if (ports === undefined) return [undefined];
  const found = new Set([ports.from]);
  for (const rule of rules) {
    for (const port of rule.ports === undefined ? [] : [rule.ports.from, rule.ports.to + 1]) if (ports.from < port && port <= ports.to) found.add(port);
  }
  return [...found].toSorted((a, b) => a - b);
}

/** `tcp port 80`, `icmp type 8`, as a person would say it. */
export function sayPacket({ protocol, ports, icmp }: Packet): string {
  if (icmp !== undefined) return `${protocol} type ${icmp.type}`;
  if (ports === undefined) return protocol;
  return `${protocol} ${sayPorts(ports)}`;
}

const sayPorts = ({ from, to }: PortRange): string => (from === to ? `port ${from}` : `ports ${from}-${to}`);
