import type { Traffic } from "./security-group.ts";

/** The packets a rule speaks of, in words: `tcp 80`, `udp 5000-5010`, `icmp 3/4`, `all`. */
export function sayTraffic({ protocol, ports, icmp }: Traffic): string {
  if (ports !== undefined) return `${protocol} ${ports.from === ports.to ? ports.from : `${ports.from}-${ports.to}`}`;
  if (icmp !== undefined) return `${protocol} ${icmp.type}${icmp.code === undefined ? "" : `/${icmp.code}`}`;
  return protocol;
}
