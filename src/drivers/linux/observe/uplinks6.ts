import type { LinkState } from "../../../kernel/netlink/link-state.ts";
import { dumpRoutes } from "../../../kernel/netlink/route.ts";
import type { RouteSocket } from "../../../kernel/netlink/route-socket.ts";
import { readSysctl } from "../../../kernel/sysctl.ts";
import { parseGatewayAlias } from "../gateway-alias.ts";
import type { Uplink6 } from "../host-facts.ts";
import { hostNamespace } from "../names.ts";
import { mainTable } from "../numbers.ts";
import type { SpecObject } from "../objects/object.ts";
import { forceKey, guardedUplinks6 } from "../uplink-guard6.ts";
import type { NftItem } from "./json.ts";

/** Does the host forward IPv6 by itself? */
export const hostForwards6 = (): boolean => readSysctl(hostNamespace, "net/ipv6/conf/all/forwarding") === "1";

/** Can one link alone forward IPv6 (Linux 6.17)? */
export const canForce6 = (): boolean => readSysctl(hostNamespace, forceKey("lo")) !== undefined;

/** Links on record as forced by us: in the aliases of the gateways, or in our rules. */
export const forcedUplinks6 = (items: readonly NftItem[], links: readonly LinkState[]): ReadonlySet<string> =>
  new Set([...guardedUplinks6(items), ...links.flatMap(({ alias }) => parseGatewayAlias(alias)?.forced6 ?? [])]);

/** The links by which the host reaches the world by IPv6, and those that are still forced. */
export function uplinks6(items: readonly NftItem[], links: readonly LinkState[], socket: RouteSocket): Uplink6[] {
  const forced = forcedUplinks6(items, links);
  const routes = dumpRoutes(socket, { family: 10, table: mainTable });
  const leading = new Set(routes.flatMap((route) => (route.destination === "::/0" && route.type === "unicast" ? [route.link] : [])));
  return links
    .filter((link) => leading.has(link.index) || forced.has(link.name))
    .map(({ name }) => ({ link: name, forced: forced.has(name) || (!hostForwards6() && readSysctl(hostNamespace, forceKey(name)) === "0") }))
    .toSorted((a, b) => (a.link < b.link ? -1 : 1));
}

/** What we may have switched on at those links, and have to switch off again. */
export const forcedSwitches6 = (forced: Iterable<string>): SpecObject[] =>
  [...forced].flatMap((link): SpecObject[] => {
    const value = readSysctl(hostNamespace, forceKey(link));
    return value === undefined ? [] : [{ kind: "sysctl", namespace: hostNamespace, key: forceKey(link), value, was: "0" }];
  });

/** IPv6 switches of a gateway's own link; they live and die with it. */
export const gatewaySwitches6 = (link: string): SpecObject[] =>
  gatewayKeys6(link).flatMap((key): SpecObject[] => {
    const value = readSysctl(hostNamespace, key);
    return value === undefined ? [] : [{ kind: "sysctl", namespace: hostNamespace, key, value }];
  });

export const gatewayKeys6 = (link: string): readonly string[] => [`net/ipv6/conf/${link}/disable_ipv6`, forceKey(link)];
