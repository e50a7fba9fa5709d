import { instancesOf } from "../model/instance.ts";
import { requireSubnet, requireVpc } from "../model/lookup.ts";
import { findRouteTable, mainTableOf, publicTable, type Vpc, type World } from "../model/world.ts";
import type { InternetInput } from "./enable-internet.ts";
import { withoutPublicAddressAt } from "./public-address.ts";
import { withInstance, withoutRouteTable, withSubnet, withVpc } from "./replace.ts";

/**
 * Undoes enable-internet: the subnet uses the main table again, nothing in it has a public address any more (an Elastic IP stays allocated), and
 * with the last public subnet the table and the gateway go. A subnet that is not public is no change.
 * Throws InvalidVpcID.NotFound, InvalidSubnetID.NotFound.
 */
export function disableInternet(world: World, input: InternetInput): World {
  const { routeTable, mapPublicIp } = requireSubnet(requireVpc(world, input.vpc), input.subnet);
  if (routeTable !== publicTable && mapPublicIp === undefined) return world;
  const closed = withoutPublicAddresses(closedSubnet(world, input), input);
  return withVpc(closed, withoutIdleInternet(requireVpc(closed, input.vpc)));
}

function closedSubnet(world: World, input: InternetInput): World {
  const vpc = requireVpc(world, input.vpc);
  const { mapPublicIp: _, routeTable, ...subnet } = requireSubnet(vpc, input.subnet);
  const isElsewhere = routeTable !== undefined && routeTable !== publicTable;
  return withVpc(world, withSubnet(vpc, isElsewhere ? { ...subnet, routeTable } : subnet));
}

/** Neither the subnet's own namespace nor an instance in it has one, nor will an instance get one when it starts again. */
function withoutPublicAddresses(world: World, { vpc: vpcName, subnet }: InternetInput): World {
  let closed = withoutPublicAddressAt(world, { vpc: vpcName, subnet });
  for (const { name, subnet: place, publicAddress, associatePublicIp } of instancesOf(requireVpc(closed, vpcName))) {
    if (place !== subnet || (publicAddress === undefined && associatePublicIp === undefined)) continue;
    closed = withoutPublicAddressAt(withoutWish(closed, vpcName, name), { vpc: vpcName, instance: name });
  }
  return closed;
}

function withoutWish(world: World, vpcName: string, name: string): World {
  const vpc = requireVpc(world, vpcName);
  const instance = vpc.instances?.[name];
  if (instance?.associatePublicIp === undefined) return world;
  const { associatePublicIp: _, ...rest } = instance;
  return withVpc(world, withInstance(vpc, rest));
}

/**
 * Takes the table `public` away when no subnet uses it and it is not the main one, and then the internet gateway when no route leads to it:
 * a public address in a subnet without such a route is of no use to anybody.
 */
export function withoutIdleInternet(vpc: Vpc): Vpc {
  if (findRouteTable(vpc, publicTable) === undefined || mainTableOf(vpc) === publicTable) return vpc;
  if (Object.values(vpc.subnets).some((subnet) => subnet.routeTable === publicTable)) return vpc;
  const changed = withoutRouteTable(vpc, publicTable);
  const isRouted = Object.values(changed.routeTables).some((table) => table.routes.some((route) => route.target.kind === "internet-gateway"));
  return { ...changed, internetGateway: isRouted };
}
