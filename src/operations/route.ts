import { valueOf } from "../model/cidr.ts";
import { refuseProblems, VpcctlError, type Problem } from "../model/errors.ts";
import { requireRouteTable, requireVpc } from "../model/lookup.ts";
import type { Route, RouteTable, RouteTarget } from "../model/route-table.ts";
import { blocksOf } from "../model/vpc-cidrs.ts";
import type { Vpc, World } from "../model/world.ts";
import { withRouteTable, withVpc } from "./replace.ts";
import { destinationProblems, limitProblem, tryParseDestination } from "./route-destination.ts";
import { requireTarget, routeTargetText, tryParseRouteTarget } from "./route-target.ts";

export interface RouteInput {
  readonly vpc: string;
  readonly table: string;
  /** A block, or `prefix-list/NAME`. */
  readonly destination: string;
  readonly target: string;
}

export type DeleteRouteInput = Omit<RouteInput, "target">;

/**
 * A route in a table; its target must exist. The same again is no change. Throws InvalidParameterValue, RouteAlreadyExists,
 * RouteLimitExceeded, and NotFound codes of VPC, table, prefix list and target.
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
  const routes = [...table.routes, route];
  refuseProblems([...routeProblems(world, vpc, route), ...limitProblem(world, vpc, { ...table, routes })]);
  return withRoutes(world, vpc, table, routes);
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
  const destination = valueOf(tryParseDestination(input.destination));
  const vpc = requireVpc(world, input.vpc);
  const table = requireRouteTable(vpc, input.table);
  const others = table.routes.filter((route) => route.destination !== destination);
  if (others.length < table.routes.length) return withRoutes(world, vpc, table, others);
  if (!blocksOf(vpc).some((block) => block === destination)) return world;
  const message = `The route to ${destination} is the local route of VPC ${vpc.name}; every route table has it.`;
  throw new VpcctlError({ code: "InvalidParameterValue", message, hint: "Only routes that were made with create-route can be deleted." });
}

function readRoute(world: World, input: RouteInput): { vpc: Vpc; table: RouteTable; route: Route } {
  const destination = tryParseDestination(input.destination);
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

/** All at once: what is named and not there is one of them. */
function routeProblems(world: World, vpc: Vpc, route: Route): Problem[] {
  return [...found(() => destinationProblems(world, vpc, route)), ...found(() => [requireTarget(world, vpc, route.target)].flatMap((problem) => problem ?? []))];
}

function found(look: () => Problem[]): Problem[] {
  try {
    return look();
  } catch (error) {
    if (error instanceof VpcctlError) return [error];
    throw error;
  }
}
