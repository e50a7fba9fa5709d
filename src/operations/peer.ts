import { isCidr6, type Cidr } from "../model/cidr-any.ts";
import { refuseProblems, type Problem } from "../model/errors.ts";
import { requireVpc } from "../model/lookup.ts";
import { allowedCidrs, findPeering, peeringBetween, viewOf, type Peering } from "../model/peering.ts";
import type { Route, RouteTable, Vpc, World } from "../model/world.ts";
import { acceptPeering } from "./accept-peering.ts";
import { createPeering, type PeeringLimits } from "./create-peering.ts";
import { limitProblem } from "./route-destination.ts";
import { withoutPeerings, withRouteTable, withVpc } from "./replace.ts";

export interface PeerInput extends PeeringLimits {
  /** The requester. */
  readonly vpc: string;
  /** The accepter. */
  readonly other: string;
  /** Of the peering, when it is made; the VPCs' names with `-` between when absent. */
  readonly name?: string;
}

/**
 * Connects two VPCs: a peering, accepted, and in all route tables of both a route to each block of the other. What is there already is
 * kept. Throws what createPeering does, RouteAlreadyExists and RouteLimitExceeded.
 */
export function peer(world: World, input: PeerInput): World {
  requireVpc(world, input.vpc);
  requireVpc(world, input.other);
  const existing = input.vpc === input.other ? undefined : peeringBetween(world, input.vpc, input.other);
  const name = input.name ?? existing?.name ?? freeName(world, input);
  const accepted = existing?.name === name && isAsLimited(existing, input) ? acceptPeering(world, { name }) : request(world, input, name);
  const peering = peeringBetween(accepted, input.vpc, input.other);
  return peering === undefined ? accepted : withRoutes(accepted, peering);
}

function request(world: World, { vpc, other, requesterCidrs, accepterCidrs }: PeerInput, name: string): World {
  const limited = { ...(requesterCidrs === undefined ? {} : { requesterCidrs }), ...(accepterCidrs === undefined ? {} : { accepterCidrs }) };
  return createPeering(world, { name, requester: vpc, accepter: other, accept: true, ...limited });
}

/** Without limits, whatever it is limited to will do: the command is about its routes then. The VPCs may be named in either order. */
const isAsLimited = (existing: Peering, { vpc, requesterCidrs, accepterCidrs }: PeerInput): boolean =>
  requesterCidrs === undefined && accepterCidrs === undefined && viewOf(existing, vpc) !== undefined;

/** Names with hyphens may meet: `a-b` and `c` as well as `a` and `b-c`. */
function freeName(world: World, { vpc, other }: PeerInput): string {
  const plain = `${vpc}-${other}`;
  for (let n = 1; ; n++) {
    const name = n === 1 ? plain : `${plain}-${n}`;
    if (findPeering(world, name) === undefined) return name;
  }
}

function withRoutes(world: World, peering: Peering): World {
  const { requester, accepter } = peering;
  const vpcs = [requireVpc(world, requester.vpc), requireVpc(world, accepter.vpc)] as const;
  const blocks = [allowedCidrs(vpcs[0], requester), allowedCidrs(vpcs[1], accepter)] as const;
  const problems: Problem[] = [];
  const routed = [routedVpc(world, vpcs[0], peering, blocks[1], problems), routedVpc(world, vpcs[1], peering, blocks[0], problems)] as const;
  refuseProblems(problems);
  return routed.reduce((changed, vpc, at) => (vpc === vpcs[at] ? changed : withVpc(changed, vpc)), world);
}

/** The VPC with a route to each block in each table; the same one when all are there. */
function routedVpc(world: World, vpc: Vpc, peering: Peering, blocks: readonly Cidr[], problems: Problem[]): Vpc {
  const reachable = blocks.filter((block) => !isCidr6(block) || vpc.ipv6Cidr !== undefined);
  let changed = vpc;
  for (const table of Object.values(vpc.routeTables)) {
    const missing = reachable.filter((block) => !isThere(vpc, table, block, peering, problems));
    if (missing.length === 0) continue;
    const added = missing.map((destination): Route => ({ destination, target: { kind: "peering", name: peering.name } }));
    const fuller = { ...table, routes: [...table.routes, ...added] };
    problems.push(...limitProblem(world, vpc, fuller));
    changed = withRouteTable(changed, fuller);
  }
  return changed;
}

function isThere(vpc: Vpc, table: RouteTable, block: Cidr, peering: Peering, problems: Problem[]): boolean {
  const route = table.routes.find(({ destination }) => destination === block);
  if (route === undefined || (route.target.kind === "peering" && route.target.name === peering.name)) return route !== undefined;
  problems.push({
    code: "RouteAlreadyExists",
    message: `Route table ${vpc.name}/${table.name} has a route to ${block} already, which leads elsewhere.`,
    hint: "Use create-peering, which adds no routes, and create-route for those you want.",
  });
  return true;
}

export interface UnpeerInput {
  readonly vpc: string;
  readonly other: string;
}

/** Undoes `peer`: the peering goes, with every route over it. VPCs that are not peered are no change. Throws InvalidVpcID.NotFound. */
export function unpeer(world: World, { vpc, other }: UnpeerInput): World {
  const sides = [requireVpc(world, vpc), requireVpc(world, other)];
  const peering = peeringBetween(world, vpc, other);
  if (peering === undefined) return world;
  const unrouted = sides.map((side) => withoutRoutes(side, peering.name)).reduce(withVpc, world);
  return withoutPeerings(unrouted, new Set([peering.name]));
}

function withoutRoutes(vpc: Vpc, peering: string): Vpc {
  const leadsThere = ({ target }: Route): boolean => target.kind === "peering" && target.name === peering;
  const tables = Object.values(vpc.routeTables).filter(({ routes }) => routes.some(leadsThere));
  return tables.reduce((changed, table) => withRouteTable(changed, { ...table, routes: table.routes.filter((route) => !leadsThere(route)) }), vpc);
}
