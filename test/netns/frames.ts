// Ethernet frames made by hand, for senders that lie.
import { join } from "node:path";
import { writeAddress } from "../../src/kernel/netlink/address-text.ts";
import type { FakeHost } from "../support/fake-host.ts";

export interface Ethernet {
  readonly from: string;
  readonly to: string;
}

const IPV4 = 0x0800;
const ARP = 0x0806;
const IPV6 = 0x86dd;

/** An IPv4 packet in a frame. `protocol` is ICMP (1), TCP (6) or UDP (17); `payload` is what follows the IPv4 header. */
export function ipv4Frame(ethernet: Ethernet, packet: { readonly from: string; readonly to: string; readonly protocol: number; readonly payload: Uint8Array }): Uint8Array {
  const header = Buffer.alloc(20);
  header.writeUInt8(0x45, 0);
  header.writeUInt16BE(20 + packet.payload.length, 2);
  // Time to live.
  header.writeUInt8(64, 8);
  header.writeUInt8(packet.protocol, 9);
  header.set(ipBytes(packet.from), 12);
  header.set(ipBytes(packet.to), 16);
  header.writeUInt16BE(checksum(header), 10);
  return frame(ethernet, IPV4, Buffer.concat([header, packet.payload]));
}

/** An IPv6 packet in a frame. `protocol` is ICMPv6 (58), TCP (6) or UDP (17); `payload` is what follows the IPv6 header. */
export function ipv6Frame(ethernet: Ethernet, packet: { readonly from: string; readonly to: string; readonly protocol: number; readonly payload: Uint8Array }): Uint8Array {
  const header = Buffer.alloc(40);
  header.writeUInt8(0x60, 0);
  header.writeUInt16BE(packet.payload.length, 4);
  header.writeUInt8(packet.protocol, 6);
  // Hop limit: neighbour discovery is heard only with the highest, which no router leaves.
  header.writeUInt8(255, 7);
  header.set(ip6Bytes(packet.from), 8);
  header.set(ip6Bytes(packet.to), 24);
  return frame(ethernet, IPV6, Buffer.concat([header, packet.payload]));
}

/** An ICMPv6 message with its checksum, which covers the addresses. 128 is an echo request, 134 a router advertisement, 136 a neighbour's. */
export function icmpv6(type: number, from: string, to: string, content: Uint8Array = Buffer.alloc(4)): Uint8Array {
  const message = Buffer.concat([Buffer.from([type, 0, 0, 0]), content]);
  const pseudo = Buffer.alloc(8);
  pseudo.writeUInt32BE(message.length, 0);
  pseudo.writeUInt8(58, 7);
  message.writeUInt16BE(checksum(Buffer.concat([ip6Bytes(from), ip6Bytes(to), pseudo, message])), 2);
  return message;
}

/** An ICMP message without content. 8 is an echo request, 0 a reply to one, 3 "unreachable". */
export function icmp(type: number): Uint8Array {
  const message = Buffer.alloc(36);
  message.writeUInt8(type, 0);
  message.writeUInt16BE(checksum(message), 2);
  return message;
}

/** A TCP header from port 4000 to port 80. Its checksum is wrong: only the flags matter here. */
export function tcp(flags: number): Uint8Array {
  const header = Buffer.alloc(20);
  header.writeUInt16BE(4000, 0);
  header.writeUInt16BE(80, 2);
  header.writeUInt8(0x50, 12);
  header.writeUInt8(flags, 13);
  return header;
}

/** An empty UDP datagram to a port, from port 0 and without a checksum: senders of many fill in their ports. */
export function udp(port: number): Uint8Array {
  const header = Buffer.alloc(8);
  header.writeUInt16BE(port, 2);
  header.writeUInt16BE(header.length, 4);
  return header;
}

/** What somebody says of himself in ARP. */
interface ArpSender {
  readonly ip: string;
  readonly mac: string;
}

/** A question for `target`, asked in the name of `ip` and `mac`. */
export const arpFrame = (ethernet: Ethernet, sender: ArpSender, target: string): Uint8Array => arp(1, ethernet, sender, target);

/** An answer for `target`: `ip` is at `mac`. */
export const arpAnswer = (ethernet: Ethernet, sender: ArpSender, target: string): Uint8Array => arp(2, ethernet, sender, target);

function arp(operation: 1 | 2, ethernet: Ethernet, { ip, mac }: ArpSender, target: string): Uint8Array {
  const message = Buffer.from([0, 1, 8, 0, 6, 4, 0, operation, ...macBytes(mac), ...ipBytes(ip), 0, 0, 0, 0, 0, 0, ...ipBytes(target)]);
  return frame(ethernet, ARP, message);
}

/** Sends frames out of a namespace's `eth0`. */
export const sendFrames = (host: FakeHost, namespace: string, ...frames: readonly Uint8Array[]): Promise<void> => send(host, namespace, frames);

/** Sends a frame once from each of these ports: as many flows. */
export const sendFlows = (host: FakeHost, namespace: string, frame: Uint8Array, [first, last]: readonly [number, number]): Promise<void> =>
  send(host, namespace, [frame], "--ports", `${first}`, `${last}`);

async function send(host: FakeHost, namespace: string, frames: readonly Uint8Array[], ...words: readonly string[]): Promise<void> {
  const program = join(import.meta.dir, "send-frames.ts");
  await host.sh(["ip", "netns", "exec", namespace, process.execPath, program, ...words, ...frames.map((bytes) => Buffer.from(bytes).toString("hex"))]);
}

function frame({ from, to }: Ethernet, type: number, payload: Uint8Array): Uint8Array {
  return Buffer.concat([macBytes(to), macBytes(from), Buffer.from([type >> 8, type & 255]), payload]);
}

const ipBytes = (address: string): Uint8Array => Uint8Array.from(address.split("."), Number);

function ip6Bytes(address: string): Uint8Array {
  const bytes = new Uint8Array(16);
  writeAddress(address, bytes, 0);
  return bytes;
}

const macBytes = (mac: string): Uint8Array => Uint8Array.from(mac.split(":"), (part) => Number.parseInt(part, 16));

/** RFC 1071; the field itself is still zero. */
function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += bytes.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return ~sum & 0xffff;
}
