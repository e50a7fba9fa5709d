// Links: requests that make, change and delete them. Reading them is in link-state.ts.
//
// A link is named by its name or by its index. Never both to the kernel: it would take that as a wish to rename.
// Callers that choose indices themselves can send the whole set-up of a namespace as one batch, without asking in between.
import type { MessageBuilder } from "./message-builder.ts";
import { NLM_F_CREATE, NLM_F_EXCL, type Request } from "./request.ts";
import {
  AF_INET, AF_INET6, IFF_UP, IFLA_ADDRESS, IFLA_AF_SPEC, IFLA_IFALIAS, IFLA_IFNAME, IFLA_INET6_ADDR_GEN_MODE, IFLA_INET_CONF,
  IFLA_INFO_DATA, IFLA_INFO_KIND, IFLA_INFO_SLAVE_DATA, IFLA_INFO_SLAVE_KIND, IFLA_LINKINFO, IFLA_MASTER, IFLA_MTU, IFLA_NET_NS_FD,
  RTM_DELLINK, RTM_NEWLINK, VETH_INFO_PEER, bridgeFields, ipv4ConfNumbers, portFields, type BridgeSettings, type Ipv4Conf, type PortSettings,
} from "./link-attributes.ts";

/** A link in the namespace of the socket. */
export type LinkTarget = { readonly name: string } | { readonly index: number };

export interface NewLink {
  readonly name: string;
  readonly mac?: string;
  readonly mtu?: number;
  /** Wanted interface index; must be free. The kernel chooses when absent. */
  readonly index?: number;
}

export interface NewVeth extends NewLink {
  /** Index of the bridge to become a port of. Many at a time are faster when `setLink` does it. */
  readonly master?: number;
  /** The kernel honours the peer's `index` only when this end asks for one too. */
  readonly peer: NewLink & { readonly namespaceFd?: number };
}

/**
 * Both ends are made down: making them up in the same call makes the kernel look for a peer that is not there yet (ENOTCONN, and
 * waits of 15 ms).
 */
export function newVeth(veth: NewVeth): Request {
  const { peer } = veth;
  return {
    type: RTM_NEWLINK,
    flags: NLM_F_CREATE | NLM_F_EXCL,
    describe: `create veth ${veth.name} with peer ${peer.name}`,
    write(into) {
      header(into, veth.index ?? 0);
      writeNewLink(into, veth);
      if (veth.master !== undefined) into.u32(IFLA_MASTER, veth.master);
      const info = into.nest(IFLA_LINKINFO);
      into.string(IFLA_INFO_KIND, "veth");
      const data = into.nest(IFLA_INFO_DATA);
      const end = into.nest(VETH_INFO_PEER);
      header(into, peer.index ?? 0);
      writeNewLink(into, peer);
      if (peer.namespaceFd !== undefined) into.u32(IFLA_NET_NS_FD, peer.namespaceFd);
      into.endNest(end);
      into.endNest(data);
      into.endNest(info);
    },
  };
}

export interface NewBridge extends NewLink, BridgeSettings {}

/** Made down. Fastest when it stays down until its ports are up: each port then costs a fifth. */
export function newBridge(bridge: NewBridge): Request {
  return {
    type: RTM_NEWLINK,
    flags: NLM_F_CREATE | NLM_F_EXCL,
    describe: `create bridge ${bridge.name}`,
    write(into) {
      header(into, bridge.index ?? 0);
      writeNewLink(into, bridge);
      const info = into.nest(IFLA_LINKINFO);
      into.string(IFLA_INFO_KIND, "bridge");
      const data = into.nest(IFLA_INFO_DATA);
      for (const field of bridgeFields) {
        const value = bridge[field.key];
        if (value !== undefined) into[field.size](field.type, Number(value));
      }
      into.endNest(data);
      into.endNest(info);
    },
  };
}

/** An intermediate functional block: what is sent to it comes back to where it came from, after it has waited in the block's qdisc. Made down. */
export function newIfb(link: NewLink): Request {
  return {
    type: RTM_NEWLINK,
    flags: NLM_F_CREATE | NLM_F_EXCL,
    describe: `create ifb ${link.name}`,
    write(into) {
      header(into, link.index ?? 0);
      writeNewLink(into, link);
      const info = into.nest(IFLA_LINKINFO);
      into.string(IFLA_INFO_KIND, "ifb");
      into.endNest(info);
    },
  };
}

export interface LinkChange {
  readonly up?: boolean;
  /** Index of the bridge to become a port of; 0 leaves the bridge. */
  readonly master?: number;
  readonly alias?: string;
  readonly mac?: string;
  readonly mtu?: number;
  /** `none` keeps the link from giving itself an IPv6 address. Has no effect on a link that goes up in the same request. */
  readonly ipv6AddressGeneration?: "none" | "eui64";
  readonly ipv4Conf?: Ipv4Conf;
  /** Takes effect only on a link that was a port before this request: enslave it in an earlier one (or when it is made). */
  readonly port?: PortSettings;
}

/** Changes a link; the kernel does master, up and address generation in this order, and port settings before all of them. */
export function setLink(link: LinkTarget & LinkChange): Request {
  return {
    type: RTM_NEWLINK,
    flags: 0,
    describe: `change link ${label(link)}`,
    write(into) {
      target(into, link, link.up);
      if (link.master !== undefined) into.u32(IFLA_MASTER, link.master);
      if (link.alias !== undefined) into.string(IFLA_IFALIAS, link.alias);
      if (link.mac !== undefined) into.mac(IFLA_ADDRESS, link.mac);
      if (link.mtu !== undefined) into.u32(IFLA_MTU, link.mtu);
      if (link.port !== undefined) writePort(into, link.port);
      if (link.ipv6AddressGeneration !== undefined || link.ipv4Conf !== undefined) writeFamilies(into, link);
    },
  };
}

/** Settings of a bridge port; the link must be one already. Costs nothing extra as part of a `setLink`. */
export function setBridgePort(port: LinkTarget & PortSettings): Request {
  const { describe } = setLink(port);
  return { ...setLink({ ...port, port }), describe: `${describe} as a bridge port` };
}

/** Deletes a link, and its peer when it is a veth. */
export function deleteLink(link: LinkTarget): Request {
  return { type: RTM_DELLINK, flags: 0, describe: `delete link ${label(link)}`, write: (into) => target(into, link) };
}

/** What an error calls a link. */
function label(link: LinkTarget): string {
  return "name" in link ? link.name : `number ${link.index}`;
}

/** struct ifinfomsg: family, padding, type, index, flags, and a mask of the flags to change. */
function header(into: MessageBuilder, index: number, flags = 0, change = 0): void {
  into.word(0);
  into.word(index);
  into.word(flags);
  into.word(change);
}

function target(into: MessageBuilder, link: LinkTarget, up?: boolean): void {
  header(into, "index" in link ? link.index : 0, up === true ? IFF_UP : 0, up === undefined ? 0 : IFF_UP);
  if ("name" in link) into.string(IFLA_IFNAME, link.name);
}

function writeNewLink(into: MessageBuilder, link: NewLink): void {
  into.string(IFLA_IFNAME, link.name);
  if (link.mac !== undefined) into.mac(IFLA_ADDRESS, link.mac);
  if (link.mtu !== undefined) into.u32(IFLA_MTU, link.mtu);
}

function writePort(into: MessageBuilder, port: PortSettings): void {
  const info = into.nest(IFLA_LINKINFO);
  into.string(IFLA_INFO_SLAVE_KIND, "bridge");
  const data = into.nest(IFLA_INFO_SLAVE_DATA);
  for (const field of portFields) {
    const value = port[field.key];
    if (value !== undefined) into.u8(field.type, Number(value));
  }
  into.endNest(data);
  into.endNest(info);
}

function writeFamilies(into: MessageBuilder, link: LinkChange): void {
  const families = into.nest(IFLA_AF_SPEC);
  if (link.ipv4Conf !== undefined) {
    const family = into.nest(AF_INET);
    const conf = into.nest(IFLA_INET_CONF);
    for (const { key, number } of ipv4ConfNumbers) {
      const value = link.ipv4Conf[key];
      if (value !== undefined) into.u32(number, Number(value));
    }
    into.endNest(conf);
    into.endNest(family);
  }
  if (link.ipv6AddressGeneration !== undefined) {
    const family = into.nest(AF_INET6);
    into.u8(IFLA_INET6_ADDR_GEN_MODE, link.ipv6AddressGeneration === "none" ? 1 : 0);
    into.endNest(family);
  }
  into.endNest(families);
}
