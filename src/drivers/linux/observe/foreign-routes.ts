// Where else the host sends packets, or takes them itself. Every table that one of its rules asks counts: VPN programs have tables of their
// own and ask them before the main one. An address of the host that is alone on its link stands in table `local` and nowhere else.
import { dumpLinks } from "../../../kernel/netlink/link-state.ts";
import { dumpRoutes, type RouteType } from "../../../kernel/netlink/route.ts";
import { RouteSocket } from "../../../kernel/netlink/route-socket.ts";
import { dumpRules } from "../../../kernel/netlink/rule.ts";
import { parseGatewayAlias } from "../gateway-alias.ts";
import { routeProtocol } from "../names.ts";

/** A route of somebody else on the host. */
export interface ForeignRoute {
  readonly destination: string;
  /** Name of the link it leads over, when it has one. */
  readonly link?: string;
}

/** The host's routes of these types that are not ours. `family`: 2 for IPv4, 10 for IPv6. */
export function foreignRoutes(family: number, types: readonly RouteType[]): ForeignRoute[] {
  using socket = RouteSocket.open();
  const links = new Map(dumpLinks(socket).map((link) => [link.index, link]));
  const asked = new Set(dumpRules(socket, family).map(({ table }) => table));
  return dumpRoutes(socket, { family }).flatMap(({ destination, type, table, protocol, link }) => {
    const over = link === undefined ? undefined : links.get(link);
    // What the kernel itself adds for the addresses of our links has the kernel's mark, not ours.
    const isOurs = protocol === routeProtocol || (over !== undefined && parseGatewayAlias(over.alias) !== undefined);
    if (isOurs || !asked.has(table) || !types.includes(type)) return [];
    return [over === undefined ? { destination } : { destination, link: over.name }];
  });
}
