// The same for ICMPv6 (RFC 4443). A raw socket gives the message without the IPv6 header before it, and the kernel writes the checksum.
import { ICMP_HEADER, readPayload, writeQuestion, type Answer, type Echo } from "./echo-packet.ts";

const UNREACHABLE = 1;
const TIME_EXCEEDED = 3;
const ECHO_REQUEST = 128;
const ECHO_REPLY = 129;
const IPV6_HEADER = 40;

/** For the socket option ICMP6_FILTER: a bit for each of 256 types, set for those that must not reach us. */
export const UNWANTED_TYPES_6 = new Uint32Array(8).fill(0xffffffff);
for (const type of [UNREACHABLE, TIME_EXCEEDED, ECHO_REPLY]) UNWANTED_TYPES_6[type >>> 5] = (UNWANTED_TYPES_6[type >>> 5] ?? 0) & ~(1 << (type & 31));

export const writeEcho6 = (view: DataView, echo: Echo): void => writeQuestion(view, ECHO_REQUEST, echo);

/** Reads an ICMPv6 message; undefined when it does not answer an echo of this run. */
export function readAnswer6(view: DataView, length: number, run: number): Answer | undefined {
  const type = view.getUint8(0);
  if (type === ECHO_REPLY) return readPayload(view, ICMP_HEADER, length, run);
  // A refusal quotes our packet: its IPv6 header, ICMPv6 header and payload.
  const ours = readPayload(view, ICMP_HEADER + IPV6_HEADER + ICMP_HEADER, length, run);
  return ours && { ...ours, refusal: refusal(type, view.getUint8(1)) };
}

function refusal(type: number, code: number): string {
  if (type === TIME_EXCEEDED) return "hop limit exceeded: a routing loop?";
  const words = { 0: "network", 1: "administratively prohibited,", 3: "host" }[code] ?? "destination";
  return `${words} unreachable (ICMPv6 code ${code})`;
}
