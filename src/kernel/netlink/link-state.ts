// Links as the kernel reports them.
import { ENODEV } from "../errno.ts";
import { KernelError } from "../errors.ts";
import type { Attributes } from "./attributes.ts";
import {
  AF_INET, AF_INET6, IFF_UP, IFLA_ADDRESS, IFLA_AF_SPEC, IFLA_EXT_MASK, IFLA_IFALIAS, IFLA_IFNAME, IFLA_INET6_ADDR_GEN_MODE, IFLA_INET_CONF,
  IFLA_INFO_DATA, IFLA_INFO_KIND, IFLA_INFO_SLAVE_DATA, IFLA_INFO_SLAVE_KIND, IFLA_LINK, IFLA_LINKINFO, IFLA_LINK_NETNSID, IFLA_MASTER,
  IFLA_MTU, RTM_GETLINK, RTM_NEWLINK, bridgeFields, ipv4ConfNumbers, portFields, type BridgeSettings, type Ipv4Conf, type PortSettings,
} from "./link-attributes.ts";
import type { LinkTarget } from "./link.ts";
import { optional } from "./optional.ts";
import type { Message } from "./receive-buffer.ts";
import type { Request } from "./request.ts";
import type { RouteSocket } from "./route-socket.ts";

export interface LinkState {
  readonly index: number;
  readonly name: string;
  /** `veth`, `bridge`, ...; empty for hardware and the loopback. */
  readonly kind: string;
  /** Empty when the link has no six-byte address. */
  readonly mac: string;
  readonly up: boolean;
  readonly mtu: number;
  /** Empty when none is set. */
  readonly alias: string;
  /** Index of the bridge it is a port of. */
  readonly master?: number;
  /** Index of a veth's other end, in the namespace `peerNamespaceId` (in this one when that is absent). */
  readonly peerIndex?: number;
  /** This namespace's own number for the peer's namespace; not an inode. */
  readonly peerNamespaceId?: number;
  readonly ipv6AddressGeneration?: "eui64" | "none" | "stable-privacy" | "random";
  readonly ipv4Conf: Required<Ipv4Conf>;
  /** Of a bridge. */
  readonly bridge?: Required<BridgeSettings>;
  /** Of a bridge's port. */
  readonly port?: Required<PortSettings>;
}

// Leaves out the traffic counters, most of a reply otherwise.
const RTEXT_FILTER_SKIP_STATS = 8;
const GENERATION_MODES = ["eui64", "none", "stable-privacy", "random"] as const;

function linkRequest(describe: string, target?: LinkTarget): Request {
  return {
    type: RTM_GETLINK,
    flags: 0,
    describe,
    write(into) {
      into.word(0);
      into.word(target !== undefined && "index" in target ? target.index : 0);
      into.word(0);
      into.word(0);
      into.u32(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
      if (target !== undefined && "name" in target) into.string(IFLA_IFNAME, target.name);
    },
  };
}

/** Every link of the socket's namespace. */
export function dumpLinks(socket: RouteSocket): LinkState[] {
  return socket.dump(linkRequest("list links"), parseLink);
}

/** One link; undefined when there is none. Costs the same however many there are. */
export function getLink(socket: RouteSocket, target: LinkTarget): LinkState | undefined {
  return socket.get(linkRequest("look up a link", target), parseLink);
}

/** Index of a link; undefined when there is none with this name. */
export function linkIndex(socket: RouteSocket, name: string): number | undefined {
  return socket.get(linkRequest(`look up link ${name}`, { name }), (message) => message.view.getInt32(message.start + 4, true));
}

function parseLink(message: Message): LinkState | undefined {
  const { type, view, start } = message;
  if (type !== RTM_NEWLINK) return undefined;
  const all = message.attributes(16);
  const info = all.nested(IFLA_LINKINFO);
  const families = all.nested(IFLA_AF_SPEC);
  const mode = GENERATION_MODES[families?.nested(AF_INET6)?.u8(IFLA_INET6_ADDR_GEN_MODE) ?? -1];
  const kind = info?.string(IFLA_INFO_KIND) ?? "";
  const data = kind === "bridge" ? info?.nested(IFLA_INFO_DATA) : undefined;
  const slave = info?.string(IFLA_INFO_SLAVE_KIND) === "bridge" ? info.nested(IFLA_INFO_SLAVE_DATA) : undefined;
  return {
    index: view.getInt32(start + 4, true),
    name: all.string(IFLA_IFNAME) ?? "",
    kind,
    mac: all.mac(IFLA_ADDRESS) ?? "",
    up: (view.getUint32(start + 8, true) & IFF_UP) !== 0,
    mtu: all.u32(IFLA_MTU) ?? 0,
    alias: all.string(IFLA_IFALIAS) ?? "",
    ...optional("master", all.u32(IFLA_MASTER)),
    ...optional("peerIndex", kind === "veth" ? all.u32(IFLA_LINK) : undefined),
    ...optional("peerNamespaceId", kind === "veth" ? all.i32(IFLA_LINK_NETNSID) : undefined),
    ...optional("ipv6AddressGeneration", mode),
    ipv4Conf: parseIpv4Conf(families?.nested(AF_INET)),
    ...optional("bridge", data && parseBridge(data)),
    ...optional("port", slave && parsePort(slave)),
  };
}

function parseIpv4Conf(inet: Attributes | undefined): Required<Ipv4Conf> {
  const entries = ipv4ConfNumbers.map(({ key, number, isFlag }) => {
    const value = inet?.wordAt(IFLA_INET_CONF, number - 1) ?? 0;
    return [key, isFlag ? value !== 0 : value] as const;
  });
  return Object.fromEntries(entries) as unknown as Required<Ipv4Conf>;
}

function parseBridge(data: Attributes): Required<BridgeSettings> {
  return {
    multicastSnooping: data.u8(bridgeFields[0].type) === 1,
    stp: data.u32(bridgeFields[1].type) === 1,
    vlanFiltering: data.u8(bridgeFields[2].type) === 1,
    ageingTime: data.u32(bridgeFields[3].type) ?? 0,
    forwardDelay: data.u32(bridgeFields[4].type) ?? 0,
  };
}

function parsePort(data: Attributes): Required<PortSettings> {
  const entries = portFields.map(({ key, type }) => [key, data.u8(type) === 1] as const);
  return Object.fromEntries(entries) as unknown as Required<PortSettings>;
}

/** As `linkIndex`. Throws a KernelError (ENODEV) when there is no such link. */
export function requireLinkIndex(socket: RouteSocket, name: string): number {
  const index = linkIndex(socket, name);
  if (index === undefined) throw new KernelError(`find link ${name}`, socket.namespace, ENODEV);
  return index;
}
