/** What the compiler must know of the host besides the World. Read by observe/, never remembered. */
export interface HostFacts {
  /** Links with a default route, through which gateways reach the world. */
  readonly uplinks: readonly Uplink[];
  /** Chains of other programs that would drop what our gateways forward. */
  readonly barriers: readonly ForwardBarrier[];
  /** Links with an IPv6 default route; none when absent. */
  readonly uplinks6?: readonly Uplink6[];
}

/** The IPv6 side of an uplink. */
export interface Uplink6 {
  readonly link: string;
  /** Its `force_forwarding` is ours to switch on, and off again: neither it nor the host forwarded IPv6 before. */
  readonly forced: boolean;
}

export interface Uplink {
  readonly link: string;
  readonly forwardingWas: ForwardingWas;
}

/** `net.ipv4.conf.<link>.forwarding` before vpcctl first touched it; `off-alone`: it was 0 although ip_forward was 1. */
export type ForwardingWas = "0" | "1" | "off-alone";

/** A base chain at the forward hook that is not ours and would not let a new flow through. */
export interface ForwardBarrier {
  /**
   * `legacy`: the old iptables, which nftables cannot see; then table and chain are `filter` and `FORWARD`. `ip6`: of interest only to VPCs
   * that go out by IPv6.
   */
  readonly family: "ip" | "ip6" | "inet" | "legacy";
  readonly table: string;
  readonly chain: string;
  /** Handle of the final rule that drops everything (`legacy`: its number); absent when it is the chain's policy that does. */
  readonly before?: number;
}
