// A route table as the oracle reads it: in the place of a prefix list stand its blocks.
import type { RouteTarget, Subnet, Vpc, World } from "../../../src/model/world.ts";
import { isIn, lengthOf } from "./blocks.ts";

interface Line {
  readonly destination: string;
  readonly target: RouteTarget;
}

/** Of the subnet's own table, or else the main one. What is inside the VPC is local, whatever a list says of it. Lists come last. */
export function writtenOut(world: World, vpc: Vpc, subnet: Subnet): Line[] {
  const routes: readonly Line[] = vpc.routeTables[subnet.routeTable ?? vpc.mainRouteTable ?? "main"]?.routes ?? [];
  const own = [vpc.cidr, ...(vpc.secondaryCidrs ?? []), ...(vpc.ipv6Cidr === undefined ? [] : [vpc.ipv6Cidr])];
  const isLocal = (block: string) => own.some((whole) => isIn(whole, block.slice(0, block.indexOf("/"))) && lengthOf(whole) <= lengthOf(block));
  const named = routes.filter(({ destination }) => destination.startsWith("prefix-list/"));
  const ofLists = named.flatMap(({ destination, target }) => {
    const cidrs: readonly string[] = world.prefixLists?.[destination.slice("prefix-list/".length)]?.cidrs ?? [];
    return cidrs.map((cidr): Line => ({ destination: cidr, target }));
  });
  return [...routes.filter((route) => !named.includes(route)), ...ofLists.filter(({ destination }) => !isLocal(destination))];
}
