// Is the public pool free on this machine? Its addresses are routed to gateways one by one, and such a route would take the place of any
// other to them: a network that the host reaches already would lose hosts.
import { cidrRange, contains, overlaps, tryParseCidr4, type Cidr4 } from "../../../model/cidr.ts";
import type { Problem } from "../../../model/errors.ts";
import { publicPoolOf } from "../../../model/public-pool.ts";
import type { World } from "../../../model/world.ts";
import { foreignRoutes, type ForeignRoute } from "./foreign-routes.ts";

/** What stands against the pool of the later World, if the earlier one did not use it. Changes nothing. */
export function poolObjections(before: World, after: World): Problem[] {
  const pool = publicPoolOf(after);
  if (!isPoolInUse(after) || (isPoolInUse(before) && publicPoolOf(before) === pool)) return [];
  return poolProblems(pool, foreignRoutes(2, ["unicast", "local", "blackhole", "unreachable", "prohibit"]));
}

/** As soon as there is an internet gateway, the host has an address of the pool. */
const isPoolInUse = ({ vpcs }: World): boolean => Object.values(vpcs).some((vpc) => vpc.internetGateway);

/** A VPN that takes everything has routes like 0.0.0.0/1: these are default routes in two halves, not networks. */
const shortestNetwork = 8;

/** The networks, and the host's addresses, that are of the pool. Pure. */
export function poolProblems(pool: Cidr4, routes: readonly ForeignRoute[]): Problem[] {
  const taken = routes.flatMap(({ destination, link }) => {
    const block = tryParseCidr4(destination);
    const isTaken = "value" in block && cidrRange(block.value).prefix >= shortestNetwork && overlaps(pool, block.value);
    return isTaken ? [{ block: block.value, link }] : [];
  });
  // The host's own address in a network of the list says nothing new.
  const told = taken.filter(({ block, link }) => !taken.some((other) => other.link === link && other.block !== block && contains(other.block, block)));
  if (told.length === 0) return [];
  const list = new Set(told.map(({ block, link }) => (link === undefined ? block : `${block} on ${link}`)));
  const message = `The host has routes or addresses of its own in the public pool ${pool}: ${[...list].join(", ")}.`;
  return [{ code: "HostConflict", message, hint: "Choose a block that is free here: vpcctl set-public-pool CIDR" }];
}
