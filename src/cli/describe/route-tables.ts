// The route tables of a VPC: what leads where, and which routes lead nowhere (EC2's state `blackhole`).
import { blackholeReason } from "../../analysis/route-state.ts";
import { routeTargetText } from "../../operations/route-target.ts";
import { blocksOf } from "../../model/vpc-cidrs.ts";
import { anywhere, findRouteTable, type Route, type RouteTable, type Subnet, type Vpc, type World } from "../../model/world.ts";

/** More than that in a line nobody reads. */
const routesPerLine = 4;

/** Rows for `describe`: the table's name, and its routes in one line, or below each other when there are many. */
export function routeTableRows(world: World, vpc: Vpc): string[][][] {
  return Object.values(vpc.routeTables).map((table) => {
    // The routes every table has come first: without them the rest makes no sense.
    const routes = [...blocksOf(vpc).map((block) => `${block} -> local`), ...table.routes.map((route) => routeText(world, vpc, route))];
    return routes.length > routesPerLine ? routes.map((route, at) => [at === 0 ? table.name : "", route]) : [[table.name, routes.join(", ")]];
  });
}

function routeText(world: World, vpc: Vpc, route: Route): string {
  const { destination, target } = route;
  const isLost = target.kind !== "blackhole" && stateOf(world, vpc, route) === "blackhole";
  return `${destination} -> ${routeTargetText(target)}${isLost ? " (blackhole)" : ""}`;
}

const stateOf = (world: World, vpc: Vpc, { target }: Route): "active" | "blackhole" =>
  blackholeReason(world, vpc, target) === undefined ? "active" : "blackhole";

/** For --json. */
export function routeTablesJson(world: World, vpc: Vpc): object[] {
  return Object.values(vpc.routeTables).map(({ name, routes }: RouteTable) => ({
    name,
    routes: [
      ...blocksOf(vpc).map((destination) => ({ destination, target: "local", state: "active" })),
      ...routes.map((route) => ({ destination: route.destination, target: routeTargetText(route.target), state: stateOf(world, vpc, route) })),
    ],
    subnets: Object.values(vpc.subnets).flatMap((subnet) => (subnet.routeTable === name ? [subnet.name] : [])),
  }));
}

/** How a subnet gets out by IPv4, in a few words. */
export function internetText(world: World, vpc: Vpc, subnet: Subnet): string {
  const way = wayOut(world, vpc, subnet);
  if (way === undefined) return "no";
  if (way.target.kind === "internet-gateway") return subnet.publicAddress === undefined ? "public addresses only" : `as ${subnet.publicAddress}`;
  return "name" in way.target ? `by ${way.target.name}` : "no";
}

/** Leads its route table to the internet gateway? */
export const isPublic = (world: World, vpc: Vpc, subnet: Subnet): boolean => wayOut(world, vpc, subnet)?.target.kind === "internet-gateway";

function wayOut(world: World, vpc: Vpc, { routeTable }: Subnet): Route | undefined {
  const route = findRouteTable(vpc, routeTable)?.routes.find(({ destination }) => destination === anywhere);
  return route !== undefined && stateOf(world, vpc, route) === "active" ? route : undefined;
}
