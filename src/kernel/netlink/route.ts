import { isKernelError } from "../errors.ts";
import { familyOf } from "./address-text.ts";
import type { MessageBuilder } from "./message-builder.ts";
import { optional } from "./optional.ts";
import type { Message } from "./receive-buffer.ts";
import { NLM_F_CREATE, NLM_F_EXCL, type Request } from "./request.ts";
import type { RouteSocket } from "./route-socket.ts";

/** Kinds of route: forward, drop silently, refuse with an ICMP error, deliver here, and what the kernel adds by itself. */
export type RouteType = (typeof ROUTE_TYPES)[number];
const ROUTE_TYPES = ["unspec", "unicast", "local", "broadcast", "anycast", "multicast", "blackhole", "unreachable", "prohibit", "throw"] as const;

export interface Route {
  /** `10.0.1.0/24`; `0.0.0.0/0` or `::/0` for the default route. */
  readonly destination: string;
  readonly type: RouteType;
  /** Number of the routing table; 254 is main. May be above 255. */
  readonly table: number;
  /** Next router. */
  readonly gateway?: string;
  /** Index of the outgoing link. */
  readonly link?: number;
  /** Smaller wins among routes to one destination. */
  readonly metric?: number;
  /** Source address to prefer. */
  readonly source?: string;
  /** The gateway is on the link although no route says so. */
  readonly onLink?: boolean;
  /** Who made it: 2 kernel, 4 administrator. */
  readonly protocol: number;
  /** 0 universe, 253 link, 254 host. */
  readonly scope: number;
}

export type NewRoute = Omit<Route, "type" | "table" | "protocol" | "scope"> & Partial<Pick<Route, "type" | "table" | "protocol" | "scope">>;

const RTM_NEWROUTE = 24;
const RTM_DELROUTE = 25;
const RTM_GETROUTE = 26;
const RTA_DST = 1;
const RTA_OIF = 4;
const RTA_GATEWAY = 5;
const RTA_PRIORITY = 6;
const RTA_PREFSRC = 7;
const RTA_TABLE = 15;
const RTNH_F_ONLINK = 4;
export const RT_TABLE_MAIN = 254;
const RTPROT_BOOT = 3;
const RT_SCOPE_UNIVERSE = 0;
const RT_SCOPE_LINK = 253;
const RT_SCOPE_HOST = 254;
// In a delete: whatever the scope.
const RT_SCOPE_NOWHERE = 255;
const RTM_F_CLONED = 0x200;

/** Fails with EEXIST when the table has a route to the destination with the same metric. */
export function newRoute(route: NewRoute): Request {
  return request(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, "add", route, route.scope ?? defaultScope(route));
}

/** Deletes the first route of the table that has the given destination and every other given property. */
export function deleteRoute(route: NewRoute): Request {
  return request(RTM_DELROUTE, 0, "delete", route, route.scope ?? RT_SCOPE_NOWHERE);
}

/** As `ip route` does: a destination on the link itself has link scope. */
function defaultScope(route: NewRoute): number {
  const type = route.type ?? "unicast";
  if (type === "local") return RT_SCOPE_HOST;
  const direct = route.gateway === undefined && !route.destination.includes(":");
  return (type === "unicast" && direct) || type === "broadcast" ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
}

function request(type: number, flags: number, verb: string, route: NewRoute, scope: number): Request {
  const table = route.table ?? RT_TABLE_MAIN;
  return {
    type,
    flags,
    describe: `${verb} route ${route.destination}${table === RT_TABLE_MAIN ? "" : ` in table ${table}`}`,
    write(into) {
      const [address, length] = splitPrefix(route.destination);
      const isDelete = type === RTM_DELROUTE;
      header(into, {
        family: familyOf(address),
        length,
        table,
        protocol: route.protocol ?? (isDelete ? 0 : RTPROT_BOOT),
        scope,
        type: isDelete && route.type === undefined ? 0 : ROUTE_TYPES.indexOf(route.type ?? "unicast"),
        flags: route.onLink === true ? RTNH_F_ONLINK : 0,
      });
      if (length > 0) into.address(RTA_DST, address);
      into.u32(RTA_TABLE, table);
      if (route.gateway !== undefined) into.address(RTA_GATEWAY, route.gateway);
      if (route.link !== undefined) into.u32(RTA_OIF, route.link);
      if (route.metric !== undefined) into.u32(RTA_PRIORITY, route.metric);
      if (route.source !== undefined) into.address(RTA_PREFSRC, route.source);
    },
  };
}

interface RouteHeader {
  readonly family: number;
  readonly length: number;
  readonly table: number;
  readonly protocol: number;
  readonly scope: number;
  readonly type: number;
  readonly flags: number;
}

/** struct rtmsg. Its table field has one byte; larger numbers stand in RTA_TABLE alone. */
function header(into: MessageBuilder, route: RouteHeader): void {
  into.byte(route.family);
  into.byte(route.length);
  into.byte(0);
  into.byte(0);
  into.byte(route.table > 255 ? 0 : route.table);
  into.byte(route.protocol);
  into.byte(route.scope);
  into.byte(route.type);
  into.word(route.flags);
}

/** `10.0.1.0/24` as address and length; an address alone has its full length. */
export function splitPrefix(prefix: string): [address: string, length: number] {
  const slash = prefix.indexOf("/");
  if (slash < 0) return [prefix, prefix.includes(":") ? 128 : 32];
  return [prefix.slice(0, slash), Number(prefix.slice(slash + 1))];
}

export interface RouteFilter {
  /** 2 for IPv4, 10 for IPv6; both when absent. */
  readonly family?: number;
  readonly table?: number;
  readonly protocol?: number;
}

/** Routes of all tables, or those that match; the kernel does the choosing. A table that does not exist has no routes. */
export function dumpRoutes(socket: RouteSocket, filter: RouteFilter = {}): Route[] {
  // A choice by table or protocol needs a family: without one the kernel asks each in turn and stumbles over those it lacks.
  const families = filter.family === undefined ? [2, 10] : [filter.family];
  return families.flatMap((family) => dumpFamily(socket, { ...filter, family }));
}

function dumpFamily(socket: RouteSocket, filter: RouteFilter & { readonly family: number }): Route[] {
  const list: Request = {
    type: RTM_GETROUTE,
    flags: 0,
    describe: filter.table === undefined ? "list routes" : `list routes of table ${filter.table}`,
    write(into) {
      header(into, { family: filter.family, length: 0, table: 0, protocol: filter.protocol ?? 0, scope: 0, type: 0, flags: 0 });
      if (filter.table !== undefined) into.u32(RTA_TABLE, filter.table);
    },
  };
  try {
    return socket.dump(list, parseRoute);
  } catch (error) {
    if (filter.table !== undefined && isKernelError(error, "ENOENT")) return [];
    throw error;
  }
}

function parseRoute(message: Message): Route | undefined {
  const { type, view, start } = message;
  const flags = view.getUint32(start + 8, true);
  if (type !== RTM_NEWROUTE || (flags & RTM_F_CLONED) !== 0) return undefined;
  const all = message.attributes(12);
  const family = view.getUint8(start);
  const gateway = all.address(RTA_GATEWAY);
  const link = all.u32(RTA_OIF);
  const metric = all.u32(RTA_PRIORITY);
  const source = all.address(RTA_PREFSRC);
  return {
    destination: `${all.address(RTA_DST) ?? (family === 2 ? "0.0.0.0" : "::")}/${view.getUint8(start + 1)}`,
    type: ROUTE_TYPES[view.getUint8(start + 7)] ?? "unspec",
    table: all.u32(RTA_TABLE) ?? view.getUint8(start + 4),
    ...optional("gateway", gateway),
    ...optional("link", link),
    ...optional("metric", metric),
    ...optional("source", source),
    ...optional("onLink", (flags & RTNH_F_ONLINK) === 0 ? undefined : true),
    protocol: view.getUint8(start + 5),
    scope: view.getUint8(start + 6),
  };
}
