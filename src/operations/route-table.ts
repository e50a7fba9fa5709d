import { refuseProblems, VpcctlError } from "../model/errors.ts";
import { limits } from "../model/limits.ts";
import { requireRouteTable, requireSubnet, requireVpc } from "../model/lookup.ts";
import { defaultMainTable, findRouteTable, mainTableOf, type Vpc, type World } from "../model/world.ts";
import { nameProblems } from "./check-input.ts";
import { smallestFree, withoutRouteTable, withRouteTable, withSubnet, withVpc } from "./replace.ts";

export interface RouteTableInput {
  readonly vpc: string;
  readonly name: string;
}

export interface AssociateRouteTableInput {
  readonly vpc: string;
  readonly subnet: string;
  readonly table: string;
}

/** A table with the local routes only. The same again is no change. Throws InvalidParameterValue, InvalidVpcID.NotFound, RouteTableLimitExceeded. */
export function createRouteTable(world: World, { vpc: vpcName, name }: RouteTableInput): World {
  refuseProblems(nameProblems("route table", name));
  const vpc = requireVpc(world, vpcName);
  if (findRouteTable(vpc, name) !== undefined) return world;
  const tables = Object.values(vpc.routeTables);
  if (tables.length >= limits.routeTablesPerVpc.value) {
    const message = `VPC ${vpc.name} has ${tables.length} route tables, and no more fit.`;
    throw new VpcctlError({ code: "RouteTableLimitExceeded", message, hint: limits.routeTablesPerVpc.why });
  }
  const number = smallestFree(tables.map((table) => table.number), 1);
  return withVpc(world, withRouteTable(vpc, { name, number, routes: [] }));
}

/**
 * Takes a route table away. One that does not exist is no change. Throws InvalidVpcID.NotFound, and DependencyViolation for the main
 * one and while a subnet is associated with it, with the whole list.
 */
export function deleteRouteTable(world: World, { vpc: vpcName, name }: RouteTableInput): World {
  const vpc = requireVpc(world, vpcName);
  if (findRouteTable(vpc, name) === undefined) return world;
  if (name === mainTableOf(vpc)) {
    const message = `Route table ${vpcName}/${name} is the VPC's main route table, and no VPC is without one.`;
    const other = Object.keys(vpc.routeTables).find((table) => table !== name) ?? "TABLE";
    throw new VpcctlError({ code: "DependencyViolation", message, hint: `Make another the main one first: vpcctl set-main-route-table ${vpcName} ${other}` });
  }
  const users = subnetsUsing(vpc, name);
  if (users.length === 0) return withVpc(world, withoutRouteTable(vpc, name));
  throw new VpcctlError({
    code: "DependencyViolation",
    message: `Route table ${vpcName}/${name} is used by ${users.length === 1 ? `subnet ${users[0]}` : `${users.length} subnets`}.`,
    hint: `Give ${users.length === 1 ? "it" : "each"} another table first, or the main one: vpcctl disassociate-route-table ${vpcName} ${users[0]}`,
    details: users.map((subnet) => `subnet ${vpcName}/${subnet}`),
  });
}

const subnetsUsing = (vpc: Vpc, table: string): string[] => Object.values(vpc.subnets).flatMap(({ name, routeTable }) => (routeTable === table ? [name] : []));

/**
 * What the subnet sends is from now on looked up in this table, whichever is the main one. The same again is no change.
 * Throws NotFound codes of VPC, subnet and table.
 */
export function associateRouteTable(world: World, input: AssociateRouteTableInput): World {
  const vpc = requireVpc(world, input.vpc);
  const subnet = requireSubnet(vpc, input.subnet);
  const table = requireRouteTable(vpc, input.table);
  if (subnet.routeTable === table.name) return world;
  return withVpc(world, withSubnet(vpc, { ...subnet, routeTable: table.name }));
}

/** Back to the main table, which every subnet uses that has no other. Throws InvalidVpcID.NotFound, InvalidSubnetID.NotFound. */
export function disassociateRouteTable(world: World, input: Omit<AssociateRouteTableInput, "table">): World {
  const vpc = requireVpc(world, input.vpc);
  const { routeTable, ...subnet } = requireSubnet(vpc, input.subnet);
  return routeTable === undefined ? world : withVpc(world, withSubnet(vpc, subnet));
}

/**
 * Every subnet that is associated with no table uses this one from now on; the one that was the main table is then one like others.
 * EC2: ReplaceRouteTableAssociation, with the association of the main table. The same again is no change. Throws InvalidVpcID.NotFound,
 * InvalidRouteTableID.NotFound.
 */
export function setMainRouteTable(world: World, input: RouteTableInput): World {
  const vpc = requireVpc(world, input.vpc);
  const { name } = requireRouteTable(vpc, input.name);
  if (name === mainTableOf(vpc)) return world;
  const { mainRouteTable: _, ...rest } = vpc;
  return withVpc(world, name === defaultMainTable ? rest : { ...rest, mainRouteTable: name });
}
