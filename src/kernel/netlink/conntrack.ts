// The kernel's memory of flows (connection tracking, by ctnetlink). What it remembers of an address outlives the rule that translated it:
// packets of a flow that is known are translated as its first one was, whatever the rules say now.
import type { Attributes } from "./attributes.ts";
import { AF_INET6 } from "./link-attributes.ts";
import { writeGenericHeader } from "./nfnetlink.ts";
import type { Request } from "./request.ts";
import type { RouteSocket } from "./route-socket.ts";

const NFNL_SUBSYS_CTNETLINK = 1 << 8;
const IPCTNL_MSG_CT_GET = NFNL_SUBSYS_CTNETLINK | 1;
const IPCTNL_MSG_CT_DELETE = NFNL_SUBSYS_CTNETLINK | 2;
const IPCTNL_MSG_CT_GET_STATS = NFNL_SUBSYS_CTNETLINK | 5;
/** Length of `struct nfgenmsg`. */
const HEADER = 4;
const AF_UNSPEC = 0;
const AF_INET = 2;

const CTA_STATS_GLOBAL_ENTRIES = 1;
const CTA_TUPLE_ORIG = 1;
const CTA_TUPLE_REPLY = 2;
const CTA_ID = 12;
const CTA_TUPLE_IP = 1;
const CTA_TUPLE_PROTO = 2;
const CTA_TUPLE_ZONE = 3;
const CTA_IP_V4_SRC = 1;
const CTA_IP_V4_DST = 2;
const CTA_IP_V6_SRC = 3;
const CTA_IP_V6_DST = 4;
const CTA_PROTO_NUM = 1;
const CTA_PROTO_SRC_PORT = 2;
const CTA_PROTO_DST_PORT = 3;
const CTA_PROTO_ICMP_ID = 4;
const CTA_PROTO_ICMP_TYPE = 5;
const CTA_PROTO_ICMP_CODE = 6;
const CTA_PROTO_ICMPV6_ID = 7;
const CTA_PROTO_ICMPV6_TYPE = 8;
const CTA_PROTO_ICMPV6_CODE = 9;

/** A flow as the kernel names it: by its first packet. Ports and the like are kept as they came, in network byte order. */
export interface Flow {
  readonly family: "ipv4" | "ipv6";
  readonly source: string;
  readonly destination: string;
  readonly protocol: number;
  /** Attributes of the protocol by number: 16 bits (ports, ICMP id) and 8 bits (ICMP type, code). */
  readonly shorts: readonly (readonly [attribute: number, value: number])[];
  readonly bytes: readonly (readonly [attribute: number, value: number])[];
  /** Of the first packet's direction; absent for zone 0. */
  readonly zone?: number;
  readonly id: number;
  /** As whom the answers are expected: differs from the first packet's where an address was translated. */
  readonly answers: { readonly source: string; readonly destination: string };
}

/** False when the namespace of the socket remembers no flow; those count too whose first packet is still on its way. */
export function hasFlows(socket: RouteSocket): boolean {
  const ask: Request = { type: IPCTNL_MSG_CT_GET_STATS, flags: 0, describe: "count flows", write: (into) => writeGenericHeader(into, AF_UNSPEC) };
  // In network byte order, in which 0 is 0 as well.
  return socket.get(ask, (message) => message.attributes(HEADER).u32(CTA_STATS_GLOBAL_ENTRIES)) !== 0;
}

/**
 * All flows that the namespace of the socket remembers. All namespaces have one table, which is walked from end to end: some 10 ms on a machine of
 * 16 GiB, also for a namespace that remembers none.
 */
export function dumpFlows(socket: RouteSocket): Flow[] {
  if (!hasFlows(socket)) return [];
  const list: Request = { type: IPCTNL_MSG_CT_GET, flags: 0, describe: "list flows", write: (into) => writeGenericHeader(into, AF_UNSPEC) };
  return socket.dump(list, (message) => parseFlow(message.attributes(HEADER)));
}

/** Makes the kernel forget a flow; its next packet is as the first of a new one. ENOENT when it has ended meanwhile. */
export function deleteFlow(flow: Flow): Request {
  return {
    type: IPCTNL_MSG_CT_DELETE,
    flags: 0,
    describe: `forget the flow from ${flow.source} to ${flow.destination}`,
    write(into) {
      const isIpv6 = flow.family === "ipv6";
      writeGenericHeader(into, isIpv6 ? AF_INET6 : AF_INET);
      const tuple = into.nest(CTA_TUPLE_ORIG);
      const ip = into.nest(CTA_TUPLE_IP);
      into.address(isIpv6 ? CTA_IP_V6_SRC : CTA_IP_V4_SRC, flow.source);
      into.address(isIpv6 ? CTA_IP_V6_DST : CTA_IP_V4_DST, flow.destination);
      into.endNest(ip);
      const proto = into.nest(CTA_TUPLE_PROTO);
      into.u8(CTA_PROTO_NUM, flow.protocol);
      for (const [attribute, value] of flow.shorts) into.u16(attribute, value);
      for (const [attribute, value] of flow.bytes) into.u8(attribute, value);
      into.endNest(proto);
      // Without it the kernel looks in zone 0.
      if (flow.zone !== undefined) into.u16(CTA_TUPLE_ZONE, flow.zone);
      into.endNest(tuple);
      // Another flow may have taken the place of this one.
      into.u32(CTA_ID, flow.id);
    },
  };
}

function parseFlow(all: Attributes): Flow | undefined {
  const tuple = all.nested(CTA_TUPLE_ORIG);
  const first = addressesOf(tuple);
  const answers = addressesOf(all.nested(CTA_TUPLE_REPLY));
  const proto = tuple?.nested(CTA_TUPLE_PROTO);
  const protocol = proto?.u8(CTA_PROTO_NUM);
  if (first === undefined || answers === undefined || proto === undefined || protocol === undefined) return undefined;
  const zone = tuple?.u16(CTA_TUPLE_ZONE);
  return {
    ...first,
    protocol,
    shorts: present([CTA_PROTO_SRC_PORT, CTA_PROTO_DST_PORT, CTA_PROTO_ICMP_ID, CTA_PROTO_ICMPV6_ID], (attribute) => proto.u16(attribute)),
    bytes: present([CTA_PROTO_ICMP_TYPE, CTA_PROTO_ICMP_CODE, CTA_PROTO_ICMPV6_TYPE, CTA_PROTO_ICMPV6_CODE], (attribute) => proto.u8(attribute)),
    ...(zone === undefined ? {} : { zone }),
    id: all.u32(CTA_ID) ?? 0,
    answers,
  };
}

function addressesOf(tuple: Attributes | undefined): Pick<Flow, "family" | "source" | "destination"> | undefined {
  const ip = tuple?.nested(CTA_TUPLE_IP);
  const ipv4 = ip?.address(CTA_IP_V4_SRC);
  const source = ipv4 ?? ip?.address(CTA_IP_V6_SRC);
  const destination = ip?.address(ipv4 === undefined ? CTA_IP_V6_DST : CTA_IP_V4_DST);
  return source === undefined || destination === undefined ? undefined : { family: ipv4 === undefined ? "ipv6" : "ipv4", source, destination };
}

function present(attributes: readonly number[], read: (attribute: number) => number | undefined): (readonly [number, number])[] {
  return attributes.flatMap((attribute) => {
    const value = read(attribute);
    return value === undefined ? [] : [[attribute, value] as const];
  });
}
