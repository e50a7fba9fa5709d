import { cidrContainsAddress, type Cidr, type Ip } from "../model/cidr-any.ts";
import { routesInForce } from "../model/routes-in-force.ts";
import { blocksOf } from "../model/vpc-cidrs.ts";
import type { RouteTable, RouteTarget, Vpc, World } from "../model/world.ts";

/** The route that decides, `local` standing for the ones that every table has for the VPC's own addresses. */
export interface RouteMatch {
  readonly destination: Cidr;
  readonly target: RouteTarget | { readonly kind: "local" };
  /** The prefix list that the destination is of. */
  readonly list?: string;
}

const prefixOf = (block: Cidr): number => Number(block.slice(block.indexOf("/") + 1));

/** Longest prefix wins, as in EC2 and in the kernel; `undefined` when no route fits. A local route wins a tie: nobody can take it away. */
export function lookupRoute(world: World, vpc: Vpc, table: RouteTable, address: Ip): RouteMatch | undefined {
  const local = blocksOf(vpc).map((destination): RouteMatch => ({ destination, target: { kind: "local" } }));
  let best: RouteMatch | undefined;
  for (const route of [...local, ...routesInForce(world, vpc, table)]) {
    const longer = best === undefined || prefixOf(route.destination) > prefixOf(best.destination);
    if (longer && cidrContainsAddress(route.destination, address)) best = route;
  }
  return best;
}

/** The destination, and the list it is of. */
export const sayDestination = ({ destination, list }: RouteMatch): string => (list === undefined ? destination : `${destination} (prefix list ${list})`);
