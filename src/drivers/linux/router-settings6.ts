// Switches of a router that are turned for IPv6: what the compiler wants on, and what observation tells when it is not off.
export interface Switch6 {
  /** Path below /proc/sys. */
  readonly key: string;
  readonly on: string;
  /** As router-settings.ts and the kernel leave it. */
  readonly off: string;
}

export const forwarding6: Switch6 = { key: "net/ipv6/conf/all/forwarding", on: "1", off: "0" };

/** First no address of its own making (1 is IN6_ADDR_GEN_MODE_NONE): else it would speak up as soon as it is switched on. */
export const linkSettings6 = (link: string): readonly Switch6[] => [
  { key: `net/ipv6/conf/${link}/addr_gen_mode`, on: "1", off: "0" },
  { key: `net/ipv6/conf/${link}/disable_ipv6`, on: "0", off: "1" },
];
