// The route tables of a VPC: what leads where, and which routes lead nowhere (EC2's state `blackhole`).
import { blackholeReason } from "../../analysis/route-state.ts";
import type { Cidr } from "../../model/cidr-any.ts";
import { hasWayOut } from "../../model/gateways.ts";
import { listOf } from "../../model/list-destination.ts";
import { routesInForce, type BlockRoute } from "../../model/routes-in-force.ts";
import { blocksOf } from "../../model/vpc-cidrs.ts";
import { routeTargetText } from "../../operations/route-target.ts";
import { counted } from "../count.ts";
import { anywhere, findNamed, mainTableOf, routeTableOf, tableNameOf, type Route, type RouteTable, type Subnet, type Vpc, type World } from "../../model/world.ts";

/** More than that in a line nobody reads. */
const routesPerLine = 4;
const cidrsPerLine = 3;

/** Rows for `describe`: the table's name, and its routes in one line, or below each other when there are many. */
export function routeTableRows(world: World, vpc: Vpc): string[][][] {
  return Object.values(vpc.routeTables).map((table) => {
    // The routes every table has come first: without them the rest makes no sense.
    const routes = [...blocksOf(vpc).map((block) => `${block} -> local`), ...table.routes.map((route) => routeText(world, vpc, route))];
    const name = nameText(vpc, table);
    return routes.length > routesPerLine ? routes.map((route, at) => [at === 0 ? name : "", route]) : [[name, routes.join(", ")]];
  });
}

/** Of `main` nobody need be told that it is the main one, while it is. */
const nameText = (vpc: Vpc, { name }: RouteTable): string => (name === vpc.mainRouteTable ? `${name} (the main one)` : name);

/** The table that a subnet uses, for a line about it. */
export function tableOfSubnetText(vpc: Vpc, subnet: Subnet): string {
  const name = tableNameOf(vpc, subnet);
  // It stays with that one when another becomes the main one.
  return subnet.routeTable === mainTableOf(vpc) ? `${name} (explicit)` : name;
}

function routeText(world: World, vpc: Vpc, route: Route): string {
  const { destination, target } = route;
  const isLost = target.kind !== "blackhole" && stateOf(world, vpc, route) === "blackhole";
  return `${destination}${listText(world, destination)} -> ${routeTargetText(target)}${isLost ? " (blackhole)" : ""}`;
}

/** A list by its name alone says little, and all of it may be a thousand CIDRs. */
function listText(world: World, destination: string): string {
  const cidrs = cidrsIn(world, destination);
  if (cidrs === undefined) return "";
  return ` (${cidrs.length > 0 && cidrs.length <= cidrsPerLine ? cidrs.join(", ") : counted(cidrs.length, "CIDR")})`;
}

function cidrsIn(world: World, destination: string): readonly Cidr[] | undefined {
  const list = listOf(destination);
  return list === undefined ? undefined : (findNamed(world.prefixLists, list)?.cidrs ?? []);
}

const stateOf = (world: World, vpc: Vpc, { target }: Pick<Route, "target">): "active" | "blackhole" =>
  blackholeReason(world, vpc, target) === undefined ? "active" : "blackhole";

/** For --json. */
export function routeTablesJson(world: World, vpc: Vpc): object[] {
  return Object.values(vpc.routeTables).map(({ name, routes }: RouteTable) => ({
    name,
    main: name === mainTableOf(vpc),
    routes: [
      ...blocksOf(vpc).map((destination) => ({ destination, target: "local", state: "active" })),
      ...routes.map((route) => routeJson(world, vpc, route)),
    ],
    subnets: Object.values(vpc.subnets).flatMap((subnet) => (tableNameOf(vpc, subnet) === name ? [subnet.name] : [])),
  }));
}

function routeJson(world: World, vpc: Vpc, route: Route): object {
  const cidrs = cidrsIn(world, route.destination);
  const { destination, target } = route;
  return { destination, ...(cidrs === undefined ? {} : { cidrs }), target: routeTargetText(target), state: stateOf(world, vpc, route) };
}

/** How a subnet gets out by IPv4, in a few words. */
export function internetText(world: World, vpc: Vpc, subnet: Subnet): string {
  const way = wayOut(world, vpc, subnet);
  if (way === undefined) return "no";
  if (way.target.kind === "internet-gateway") return subnet.publicAddress === undefined ? "public addresses only" : `as ${subnet.publicAddress}`;
  if (way.target.kind !== "nat-gateway") return "name" in way.target ? `by ${way.target.name}` : "no";
  const gateway = findNamed(vpc.natGateways, way.target.name);
  return gateway !== undefined && hasWayOut(world, vpc, gateway.subnet) ? `by ${gateway.name}` : `no: ${way.target.name} has no way out`;
}

/** Leads its route table to the internet gateway? */
export const isPublic = (world: World, vpc: Vpc, subnet: Subnet): boolean => wayOut(world, vpc, subnet)?.target.kind === "internet-gateway";

function wayOut(world: World, vpc: Vpc, subnet: Subnet): BlockRoute | undefined {
  const table = routeTableOf(vpc, subnet);
  const route = table && routesInForce(world, vpc, table).find(({ destination }) => destination === anywhere);
  return route !== undefined && stateOf(world, vpc, route) === "active" ? route : undefined;
}
