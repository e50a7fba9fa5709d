// Kernel settings (sysctls) of a router's namespace: what the compiler wants and what observation reads back.
export interface Setting {
  /** Path below /proc/sys. */
  readonly key: string;
  readonly value: string;
  /** The file exists only where the kernel has the feature. */
  readonly optional?: boolean;
}

// A new namespace takes over some of these from the host, so each is set whatever its usual default.
export const namespaceSettings: readonly Setting[] = [
  // IPv6 first: no link of ours may as much as speak it before it is switched off.
  { key: "net/ipv6/conf/default/disable_ipv6", value: "1", optional: true },
  { key: "net/ipv6/conf/all/disable_ipv6", value: "1", optional: true },
  // Frames that a bridge switches must not run through the IP hooks a second time (where br_netfilter is loaded).
  { key: "net/bridge/bridge-nf-call-arptables", value: "0", optional: true },
  { key: "net/bridge/bridge-nf-call-ip6tables", value: "0", optional: true },
  { key: "net/bridge/bridge-nf-call-iptables", value: "0", optional: true },
  // Senders are checked at the port, exactly; the kernel's own check would see only the bridge.
  { key: "net/ipv4/conf/all/rp_filter", value: "0" },
  { key: "net/ipv4/conf/default/rp_filter", value: "0" },
  // `default` is what the bridge takes over when it is made.
  { key: "net/ipv4/conf/all/send_redirects", value: "0" },
  { key: "net/ipv4/conf/default/send_redirects", value: "0" },
  { key: "net/ipv4/ip_forward", value: "1" },
];

/** `isOne`: the VPC has no other bridge. */
export function bridgeSettings(link: string, isOne: boolean): readonly Setting[] {
  return [
    // Neighbours inside one subnet ask for each other's MAC; the router answers with its own, and all traffic comes to it.
    { key: `net/ipv4/conf/${link}/proxy_arp_pvlan`, value: "1" },
    // And for neighbours on another bridge. Only where there is one: it answers for whatever the router has a way to.
    { key: `net/ipv4/conf/${link}/proxy_arp`, value: isOne ? "0" : "1" },
    // The default holds such an answer back for up to 0.8 s.
    { key: `net/ipv4/neigh/${link}/proxy_delay`, value: "0" },
    // Once a namespace has rules, the kernel asks for each packet whether its source is one of its own addresses: a second full route
    // look-up. The map at the ports has answered that already, for every frame, so the bridge may skip it (the gateway's link does not).
    { key: `net/ipv4/conf/${link}/accept_local`, value: "1" },
  ];
}

export const routerSettings = (bridges: readonly string[]): readonly Setting[] => [...namespaceSettings, ...bridges.flatMap((link) => bridgeSettings(link, bridges.length === 1))];
