import type { LinkState } from "../../../kernel/netlink/link-state.ts";
import { readSysctl } from "../../../kernel/sysctl.ts";
import { parseGatewayAlias } from "../gateway-alias.ts";
import type { Uplink } from "../host-facts.ts";
import { hostNamespace } from "../names.ts";
import { guardedUplinks } from "../uplink-guard.ts";
import type { NftItem } from "./json.ts";

export const hostForwards = (): boolean => readSysctl(hostNamespace, "net/ipv4/ip_forward") === "1";

/**
 * Uplinks whose forwarding we have switched on and have to switch off again, from the aliases of the gateways and from our rules. A record
 * of "off, like the whole host" holds no longer when the whole host forwards now: whoever switched that on (Docker does, when it starts)
 * meant the uplink as well, and would lose its network if we put back what was before.
 */
export function switchedUplinks(items: readonly NftItem[], links: readonly LinkState[]): ReadonlyMap<string, Uplink> {
  const written = [...guardedUplinks(items), ...links.flatMap(({ alias }) => parseGatewayAlias(alias)?.uplinks ?? [])];
  const overruled = hostForwards();
  const standing = written.filter(({ forwardingWas }) => forwardingWas === "off-alone" || (forwardingWas === "0" && !overruled));
  return new Map(standing.map((uplink) => [uplink.link, uplink]));
}
