import type { Cidr } from "../model/cidr-any.ts";
import { anywhere6 } from "../model/cidr6.ts";
import { refuseProblems } from "../model/errors.ts";
import { requireSubnet, requireVpc } from "../model/lookup.ts";
import { anywhere, findRouteTable, publicTable, type RouteTable, type Subnet, type Vpc, type World } from "../model/world.ts";
import { newPublicAddress } from "./instance-public-address.ts";
import { limitProblem } from "./route-destination.ts";
import { smallestFree, withRouteTable, withSubnet, withVpc } from "./replace.ts";

export interface InternetInput {
  readonly vpc: string;
  readonly subnet: string;
}

/**
 * Makes a subnet public, in EC2's steps: an internet gateway, attached to the VPC; a route table `public` with a default route to it (for
 * IPv6 too where the VPC has it); the subnet associated with that table, and told to give public addresses to what starts in it; one of
 * these for the subnet's own namespace. What is there already is kept. Throws InvalidVpcID.NotFound, InvalidSubnetID.NotFound, AddressLimitExceeded,
 * RouteLimitExceeded.
 */
export function enableInternet(world: World, input: InternetInput): World {
  const vpc = requireVpc(world, input.vpc);
  const subnet = requireSubnet(vpc, input.subnet);

  const gated = vpc.internetGateway ? vpc : { ...vpc, internetGateway: true };
  const table = findRouteTable(gated, publicTable) ?? newTable(gated);
  const routed4 = withDefaultRoute(table, anywhere);
  const routed = vpc.ipv6Cidr === undefined ? routed4 : withDefaultRoute(routed4, anywhere6);
  refuseProblems(routed === table ? [] : limitProblem(world, vpc, routed));
  const tabled = routed === findRouteTable(gated, publicTable) ? gated : withRouteTable(gated, routed);
  const opened = madePublic(world, subnet);
  const changed = opened === subnet ? tabled : withSubnet(tabled, opened);
  return changed === vpc ? world : withVpc(world, changed);
}

function madePublic(world: World, subnet: Subnet): Subnet {
  if (subnet.routeTable === publicTable && subnet.mapPublicIp === true && subnet.publicAddress !== undefined) return subnet;
  return { ...subnet, routeTable: publicTable, mapPublicIp: true, publicAddress: subnet.publicAddress ?? newPublicAddress(world) };
}

function newTable(vpc: Vpc): RouteTable {
  const numbers = Object.values(vpc.routeTables).map((table) => table.number);
  return { name: publicTable, number: smallestFree(numbers, 1), routes: [] };
}

function withDefaultRoute(table: RouteTable, everything: Cidr): RouteTable {
  const route = table.routes.find(({ destination }) => destination === everything);
  if (route?.target.kind === "internet-gateway") return table;
  const others = table.routes.filter((other) => other !== route);
  return { ...table, routes: [...others, { destination: everything, target: { kind: "internet-gateway" } }] };
}
