import type { Cidr4 } from "../../../model/cidr.ts";
import { isIpv6, type Cidr6 } from "../../../model/cidr6.ts";
import type { Traffic } from "../../../model/security-group.ts";

/** The words by which an nftables rule knows packets of this kind whose source or destination is in the block, if one is given. */
export function trafficMatch({ protocol, ports, icmp }: Traffic, side: "saddr" | "daddr", block?: Cidr4 | Cidr6): string {
  const words = block === undefined ? [] : [blockMatch(side, block)];
  if (protocol !== "all" && ports === undefined && icmp === undefined) words.push(`meta l4proto ${protocol}`);
  if (ports !== undefined) words.push(`${protocol} dport ${ports.from === ports.to ? ports.from : `${ports.from}-${ports.to}`}`);
  if (icmp !== undefined) words.push(`${protocol} type ${icmp.type}`);
  if (icmp?.code !== undefined) words.push(`${protocol} code ${icmp.code}`);
  return words.join(" ");
}

/** A block of all addresses still means only one of the two families. */
function blockMatch(side: "saddr" | "daddr", block: Cidr4 | Cidr6): string {
  const is6 = isIpv6(block);
  return block.endsWith("/0") ? `meta nfproto ${is6 ? "ipv6" : "ipv4"}` : `${is6 ? "ip6" : "ip"} ${side} ${block}`;
}
