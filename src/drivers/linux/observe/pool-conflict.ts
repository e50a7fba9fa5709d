// Is the public pool free on this machine? Its addresses are routed to gateways one by one, and such a route would take the place of any
// other to them: a network that the host reaches already would lose hosts.
import { dumpLinks } from "../../../kernel/netlink/link-state.ts";
import { dumpRoutes } from "../../../kernel/netlink/route.ts";
import { RouteSocket } from "../../../kernel/netlink/route-socket.ts";
import { cidrRange, overlaps, tryParseCidr4, type Cidr4 } from "../../../model/cidr.ts";
import type { Problem } from "../../../model/errors.ts";
import { publicPoolOf } from "../../../model/public-pool.ts";
import type { World } from "../../../model/world.ts";
import { routeProtocol } from "../names.ts";
import { mainTable } from "../numbers.ts";

/** A route of somebody else on the host. */
export interface HostRoute {
  readonly destination: string;
  /** Name of the link it leads over, when it has one. */
  readonly link?: string;
}

/** What stands against the pool of the later World, if the earlier one did not use it. Changes nothing. */
export function poolObjections(before: World, after: World): Problem[] {
  const pool = publicPoolOf(after);
  if (!isPoolInUse(after) || (isPoolInUse(before) && publicPoolOf(before) === pool)) return [];
  return poolProblems(pool, hostRoutes());
}

/** As soon as there is an internet gateway, the host has an address of the pool. */
const isPoolInUse = ({ vpcs }: World): boolean => Object.values(vpcs).some((vpc) => vpc.internetGateway);

/** A VPN that takes everything has routes like 0.0.0.0/1: these are default routes in two halves, not networks. */
const shortestNetwork = 8;

/** The networks that share addresses with the pool. Pure. */
export function poolProblems(pool: Cidr4, routes: readonly HostRoute[]): Problem[] {
  const taken = routes.filter(({ destination }) => {
    const block = tryParseCidr4(destination);
    return "value" in block && cidrRange(block.value).prefix >= shortestNetwork && overlaps(pool, block.value);
  });
  if (taken.length === 0) return [];
  const list = taken.map(({ destination, link }) => (link === undefined ? destination : `${destination} on ${link}`));
  const message = `The host has routes of its own to addresses of the public pool ${pool}: ${list.join(", ")}.`;
  return [{ code: "HostConflict", message, hint: "Choose a block that is free here: vpcctl set-public-pool CIDR" }];
}

function hostRoutes(): HostRoute[] {
  using socket = RouteSocket.open();
  const names = new Map(dumpLinks(socket).map(({ index, name }) => [index, name]));
  return dumpRoutes(socket, { family: 2, table: mainTable }).flatMap(({ destination, protocol, link }) => {
    if (protocol === routeProtocol) return [];
    const name = link === undefined ? undefined : names.get(link);
    return [name === undefined ? { destination } : { destination, link: name }];
  });
}
