import { cidrContainsAddress, type Cidr, type Ip } from "../model/cidr-any.ts";
import { blocksOf } from "../model/vpc-cidrs.ts";
import type { RouteTable, RouteTarget, Vpc } from "../model/world.ts";

/** The route that decides, `local` standing for the ones that every table has for the VPC's own addresses. */
export interface RouteMatch {
  readonly destination: Cidr;
  readonly target: RouteTarget | { readonly kind: "local" };
}

const prefixOf = (block: Cidr): number => Number(block.slice(block.indexOf("/") + 1));

/** Longest prefix wins, as in EC2 and in the kernel; `undefined` when no route fits. A local route wins a tie: nobody can take it away. */
export function lookupRoute(vpc: Vpc, table: RouteTable, address: Ip): RouteMatch | undefined {
  const local = blocksOf(vpc).map((destination): RouteMatch => ({ destination, target: { kind: "local" } }));
  let best: RouteMatch | undefined;
  for (const route of [...local, ...table.routes]) {
    const longer = best === undefined || prefixOf(route.destination) > prefixOf(best.destination);
    if (longer && cidrContainsAddress(route.destination, address)) best = route;
  }
  return best;
}
