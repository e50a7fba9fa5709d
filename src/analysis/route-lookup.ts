import { cidrRange, containsAddress, isCidr4, type Cidr4, type Ipv4 } from "../model/cidr.ts";
import type { RouteTable, RouteTarget, Vpc } from "../model/world.ts";

/** The route that decides, `local` standing for the one that every table has for the VPC's own addresses. */
export interface RouteMatch {
  readonly destination: Cidr4;
  readonly target: RouteTarget | { readonly kind: "local" };
}

/** Longest prefix wins, as in EC2 and in the kernel; `undefined` when no route fits. The local route wins a tie: nobody can take it away. */
export function lookupRoute(vpc: Vpc, table: RouteTable, address: Ipv4): RouteMatch | undefined {
  let best: RouteMatch | undefined = containsAddress(vpc.cidr, address) ? { destination: vpc.cidr, target: { kind: "local" } } : undefined;
  for (const { destination, target } of table.routes) {
    if (!isCidr4(destination)) continue;
    const longer = best === undefined || cidrRange(destination).prefix > cidrRange(best.destination).prefix;
    if (longer && containsAddress(destination, address)) best = { destination, target };
  }
  return best;
}
