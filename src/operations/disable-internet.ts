import { requireSubnet, requireVpc } from "../model/lookup.ts";
import { findRouteTable, mainTable, publicTable, type Vpc, type World } from "../model/world.ts";
import type { InternetInput } from "./enable-internet.ts";
import { withoutRouteTable, withSubnet, withVpc } from "./replace.ts";

/**
 * Undoes enable-internet: the subnet uses `main` again, and with the last public subnet the table and the gateway go.
 * Throws InvalidVpcID.NotFound, InvalidSubnetID.NotFound.
 */
export function disableInternet(world: World, input: InternetInput): World {
  const vpc = requireVpc(world, input.vpc);
  const subnet = requireSubnet(vpc, input.subnet);
  if (subnet.routeTable !== publicTable) return world;
  return withVpc(world, withoutIdleInternet(withSubnet(vpc, { ...subnet, routeTable: mainTable })));
}

/** Takes the table `public` away when no subnet uses it, and then the internet gateway when no route leads to it. */
export function withoutIdleInternet(vpc: Vpc): Vpc {
  if (findRouteTable(vpc, publicTable) === undefined) return vpc;
  if (Object.values(vpc.subnets).some((subnet) => subnet.routeTable === publicTable)) return vpc;
  const changed = withoutRouteTable(vpc, publicTable);
  const needed = Object.values(changed.routeTables).some((table) => table.routes.some((route) => route.target.kind === "internet-gateway"));
  return { ...changed, internetGateway: needed };
}
