import { cidrContains, parseCidr, type Cidr, isCidr6, tryParseCidr } from "../model/cidr-any.ts";
import { refuseProblems, VpcctlError, type Problem } from "../model/errors.ts";
import { limits, unusableRanges, unusableRanges6 } from "../model/limits.ts";
import { requireRouteTable, requireVpc } from "../model/lookup.ts";
import type { Route, RouteTable, RouteTarget } from "../model/route-table.ts";
import { blocksOf } from "../model/vpc-cidrs.ts";
import type { Vpc, World } from "../model/world.ts";
import { withRouteTable, withVpc } from "./replace.ts";
import { kindProblem, requireTarget, routeTargetText, tryParseRouteTarget } from "./route-target.ts";

export interface RouteInput {
  readonly vpc: string;
  readonly table: string;
  readonly destination: string;
  readonly target: string;
}

export type DeleteRouteInput = Omit<RouteInput, "target">;

/**
 * A route in a table; its target must exist. The same again is no change. Throws InvalidParameterValue, RouteAlreadyExists,
 * RouteLimitExceeded, and NotFound codes of VPC, table and target.
 */
export function createRoute(world: World, input: RouteInput): World {
  const { vpc, table, route } = readRoute(world, input);
  const existing = table.routes.find(({ destination }) => destination === route.destination);
  if (existing !== undefined) {
    if (isSameTarget(existing.target, route.target)) return world;
    throw new VpcctlError({
      code: "RouteAlreadyExists",
      message: `Route table ${vpc.name}/${table.name} sends ${route.destination} to ${routeTargetText(existing.target)} already.`,
      hint: `To change that: vpcctl replace-route ${vpc.name} ${table.name} ${route.destination} ${routeTargetText(route.target)}`,
    });
  }
  if (table.routes.length >= limits.routesPerTable.value) {
    const message = `Route table ${vpc.name}/${table.name} has ${table.routes.length} routes, and no more fit.`;
    throw new VpcctlError({ code: "RouteLimitExceeded", message, hint: limits.routesPerTable.why });
  }
  refuseProblems(routeProblems(world, vpc, route));
  return withRoutes(world, vpc, table, [...table.routes, route]);
}

/** Another target for a destination that the table has a route to. Throws InvalidRoute.NotFound and what createRoute throws for a route. */
export function replaceRoute(world: World, input: RouteInput): World {
  const { vpc, table, route } = readRoute(world, input);
  const at = table.routes.findIndex(({ destination }) => destination === route.destination);
  const existing = table.routes[at];
  if (existing === undefined) {
    // Where none may be made, to make one is no advice.
    refuseProblems(routeProblems(world, vpc, route));
    throw new VpcctlError({
      code: "InvalidRoute.NotFound",
      message: `Route table ${vpc.name}/${table.name} has no route to ${route.destination}.`,
      hint: `Make it: vpcctl create-route ${vpc.name} ${table.name} ${route.destination} ${routeTargetText(route.target)}`,
    });
  }
  if (isSameTarget(existing.target, route.target)) return world;
  refuseProblems(routeProblems(world, vpc, route));
  return withRoutes(world, vpc, table, table.routes.with(at, route));
}

/** Takes a route away. One that is not there is no change; a local route cannot go. Throws InvalidParameterValue and NotFound codes. */
export function deleteRoute(world: World, input: DeleteRouteInput): World {
  const destination = parseCidr(input.destination);
  const vpc = requireVpc(world, input.vpc);
  const table = requireRouteTable(vpc, input.table);
  const others = table.routes.filter((route) => route.destination !== destination);
  if (others.length < table.routes.length) return withRoutes(world, vpc, table, others);
  if (!blocksOf(vpc).includes(destination)) return world;
  const message = `The route to ${destination} is the local route of VPC ${vpc.name}; every route table has it.`;
  throw new VpcctlError({ code: "InvalidParameterValue", message, hint: "Only routes that were made with create-route can be deleted." });
}

function readRoute(world: World, input: RouteInput): { vpc: Vpc; table: RouteTable; route: Route } {
  const destination = tryParseCidr(input.destination);
  const target = tryParseRouteTarget(input.target);
  refuseProblems([destination, target].flatMap((parsed) => ("problem" in parsed ? [parsed.problem] : [])));
  const vpc = requireVpc(world, input.vpc);
  const table = requireRouteTable(vpc, input.table);
  if ("problem" in destination || "problem" in target) throw new Error("refused above");
  return { vpc, table, route: { destination: destination.value, target: target.value } };
}

function withRoutes(world: World, vpc: Vpc, table: RouteTable, routes: readonly Route[]): World {
  return withVpc(world, withRouteTable(vpc, { ...table, routes }));
}

const isSameTarget = (a: RouteTarget, b: RouteTarget): boolean => routeTargetText(a) === routeTargetText(b);

function routeProblems(world: World, vpc: Vpc, { destination, target }: Route): Problem[] {
  const problems = [destinationProblem(vpc, destination, target), kindProblem(destination, target), requireTarget(world, vpc, target)];
  return problems.flatMap((problem) => problem ?? []);
}

function destinationProblem(vpc: Vpc, destination: Cidr, target: RouteTarget): Problem | undefined {
  const code = "InvalidParameterValue";
  const unusable = [...unusableRanges, ...unusableRanges6].find(({ cidr }) => cidrContains(cidr, destination));
  if (unusable !== undefined) {
    return { code, message: `No route leads to ${destination}: it is in ${unusable.cidr}, and ${unusable.why}.`, hint: "Choose another destination." };
  }
  if (isCidr6(destination) && vpc.ipv6Cidr === undefined) {
    return { code, message: `VPC ${vpc.name} has no IPv6.`, hint: `Give it an IPv6 block first: vpcctl associate-ipv6-cidr ${vpc.name}` };
  }
  const local = blocksOf(vpc).find((block) => cidrContains(block, destination));
  if (local === undefined) return undefined;
  if (local === destination) {
    const message = `${destination} is VPC ${vpc.name} itself: every route table has a local route to it, which cannot be changed.`;
    return { code, message, hint: "A route to one of its subnets may lead to an instance." };
  }
  // EC2's rule for appliances between subnets.
  const isSubnet = Object.values(vpc.subnets).some(({ cidr, ipv6Cidr }) => cidr === destination || ipv6Cidr === destination);
  if (isSubnet && target.kind === "instance") return undefined;
  const hint = "Inside a VPC a route may only lead to an instance (a firewall appliance, say), and only for the whole CIDR of a subnet.";
  return { code, message: `${destination} is inside VPC ${vpc.name}, which has ${local}.`, hint };
}
