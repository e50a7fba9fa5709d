// Numbers and field tables for links, shared by the writing side (link.ts) and the reading side (link-state.ts).
// From linux/rtnetlink.h, linux/if_link.h and linux/ip.h.

export const RTM_NEWLINK = 16;
export const RTM_DELLINK = 17;
export const RTM_GETLINK = 18;

export const AF_INET = 2;
export const AF_INET6 = 10;

export const IFF_UP = 1;

export const IFLA_ADDRESS = 1;
export const IFLA_IFNAME = 3;
export const IFLA_MTU = 4;
export const IFLA_LINK = 5;
export const IFLA_MASTER = 10;
export const IFLA_LINKINFO = 18;
export const IFLA_IFALIAS = 20;
export const IFLA_AF_SPEC = 26;
export const IFLA_NET_NS_FD = 28;
export const IFLA_EXT_MASK = 29;
export const IFLA_LINK_NETNSID = 37;

export const IFLA_INFO_KIND = 1;
export const IFLA_INFO_DATA = 2;
export const IFLA_INFO_SLAVE_KIND = 4;
export const IFLA_INFO_SLAVE_DATA = 5;
export const VETH_INFO_PEER = 1;

export const IFLA_INET_CONF = 1;
export const IFLA_INET6_ADDR_GEN_MODE = 8;

export interface BridgeSettings {
  readonly multicastSnooping?: boolean;
  readonly stp?: boolean;
  readonly vlanFiltering?: boolean;
  /** Hundredths of a second. */
  readonly ageingTime?: number;
  /** Hundredths of a second. */
  readonly forwardDelay?: number;
}

export const bridgeFields = [
  { key: "multicastSnooping", type: 23, size: "u8" },
  { key: "stp", type: 5, size: "u32" },
  { key: "vlanFiltering", type: 7, size: "u8" },
  { key: "ageingTime", type: 4, size: "u32" },
  { key: "forwardDelay", type: 1, size: "u32" },
] as const;

export interface PortSettings {
  /** Never exchanges frames with another isolated port. */
  readonly isolated?: boolean;
  readonly learning?: boolean;
  /** Unknown unicast, multicast and broadcast frames are sent out of the port. */
  readonly flood?: boolean;
  readonly mcastFlood?: boolean;
  readonly bcastFlood?: boolean;
  /** Frames may leave by the port they came in. */
  readonly hairpin?: boolean;
  /** The bridge answers ARP requests itself when it knows the neighbour. */
  readonly neighSuppress?: boolean;
}

export const portFields = [
  { key: "isolated", type: 33 },
  { key: "learning", type: 8 },
  { key: "flood", type: 9 },
  { key: "mcastFlood", type: 27 },
  { key: "bcastFlood", type: 30 },
  { key: "hairpin", type: 4 },
  { key: "neighSuppress", type: 32 },
] as const;

/** Per-link values of `net/ipv4/conf/<link>/`, settable with the link itself: no file to open, no name to escape. */
export interface Ipv4Conf {
  readonly forwarding?: boolean;
  readonly proxyArp?: boolean;
  readonly proxyArpPvlan?: boolean;
  readonly sendRedirects?: boolean;
  readonly acceptRedirects?: boolean;
  readonly routeLocalnet?: boolean;
  readonly rpFilter?: number;
  readonly arpIgnore?: number;
  readonly arpAnnounce?: number;
  readonly arpNotify?: number;
}

export const ipv4ConfNumbers = [
  { key: "forwarding", number: 1, isFlag: true },
  { key: "proxyArp", number: 3, isFlag: true },
  { key: "proxyArpPvlan", number: 25, isFlag: true },
  { key: "sendRedirects", number: 6, isFlag: true },
  { key: "acceptRedirects", number: 4, isFlag: true },
  { key: "routeLocalnet", number: 26, isFlag: true },
  { key: "rpFilter", number: 8, isFlag: false },
  { key: "arpIgnore", number: 19, isFlag: false },
  { key: "arpAnnounce", number: 18, isFlag: false },
  { key: "arpNotify", number: 22, isFlag: false },
] as const;
