// Where the VPC's router sends a packet next. When the route tables send it nowhere, or not to where it is meant to go, the trail says so,
// and the walk goes on the way that was meant, to find what else is in the way there.
import { findInstanceAttachment, type Attachment } from "../model/attachment.ts";
import { isIpv6 } from "../model/cidr6.ts";
import type { NatGateway } from "../model/gateways.ts";
import { findPeering, peeringBetween, viewOf, type Peering } from "../model/peering.ts";
import { findNamed, routeTableOf, tableNameOf, type RouteTarget, type Subnet, type Vpc, type World } from "../model/world.ts";
import { isInSubnet, isInVpc } from "./addresses-of.ts";
import type { Packet } from "./packet.ts";
import { sayPlace, type Place } from "./place.ts";
import { lookupRoute, sayDestination, type RouteMatch } from "./route-lookup.ts";
import { blackholeReason, sayTarget } from "./route-state.ts";
import type { Trail } from "./trail.ts";

export type NextHop =
  | { readonly kind: "local" | "internet-gateway" | "egress-only-internet-gateway" | "nowhere" }
  | { readonly kind: "nat-gateway"; readonly gateway: NatGateway }
  | { readonly kind: "peering"; readonly peering: Peering }
  /** There is no such way; it is walked on, to find what else is in the way. */
  | { readonly kind: "unpeered"; readonly other: Vpc }
  | { readonly kind: "instance"; readonly router: Attachment };

type Way = "local" | "peering" | "outside";

/** `subnet`: where the packet comes from. `target`: whom it is meant for. */
export function nextHop(trail: Trail, world: World, vpc: Vpc, subnet: Subnet, packet: Packet, target: Place): NextHop {
  const { destination } = packet;
  const at = `${vpc.name}/${subnet.name}`;
  if (target.kind === "attachment" && target.vpc.name !== vpc.name && isInVpc(vpc, destination)) {
    const only = `so from ${vpc.name} it leads nowhere else: ${sayPlace(target)} can be reached at a public address only`;
    trail.stop(at, "route", `${destination} is an address of ${vpc.name} itself`, `${destination} is an address of VPC ${vpc.name} as well, ${only}.`);
    return { kind: "internet-gateway" };
  }
  if (isInSubnet(subnet, destination)) {
    trail.pass(at, "route", `${destination} is in the same subnet`);
    return { kind: "local" };
  }
  const way = meantWay(world, vpc, packet, target);
  const table = routeTableOf(vpc, subnet);
  if (table === undefined) throw new Error(`subnet ${at} uses route table ${tableNameOf(vpc, subnet)}, which does not exist`);
  const match = lookupRoute(world, vpc, table, destination);
  const name = `Route table ${table.name} of ${vpc.name}`;
  if (match === undefined) {
    trail.stop(at, "route", `route table ${table.name}: no route to ${destination}`, `${name} has no route to ${destination}${wanted(world, vpc, way, packet, target)}.`);
    return meant(world, vpc, way, target);
  }
  const route = sayDestination(match);
  const reason = isJudgedThere(world, vpc, match) ? undefined : blackholeReason(world, vpc, match.target as RouteTarget);
  if (reason !== undefined) {
    trail.stop(at, "route", `route table ${table.name}: ${route} ${reason}`, `${name} has a blackhole: its route ${route} ${reason}.`);
    return meant(world, vpc, way, target);
  }
  if (!leadsThere(world, vpc, match, way, target, packet)) {
    const what = `sends ${route} to ${sayTarget(match.target)}`;
    trail.stop(at, "route", `route table ${table.name} ${what}`, `${name} ${what}, which does not lead to ${destination}${wanted(world, vpc, way, packet, target)}.`);
    return meant(world, vpc, way, target);
  }
  trail.pass(at, "route", `route table ${table.name} sends ${route} to ${sayTarget(match.target)}`);
  return hopOf(world, vpc, match);
}

function meantWay(world: World, vpc: Vpc, { destination }: Packet, target: Place): Way {
  if (isInVpc(vpc, destination)) return "local";
  if (target.kind === "outside" || !isInVpc(target.vpc, destination)) return "outside";
  // A private IPv4 address is meant for a peering. An IPv6 address is the same inside and outside, so it may be either.
  return isIpv6(destination) && peeringBetween(world, vpc.name, target.vpc.name) === undefined ? "outside" : "peering";
}

function leadsThere(world: World, vpc: Vpc, { target: hop }: RouteMatch, way: Way, target: Place, { destination }: Packet): boolean {
  switch (hop.kind) {
    case "local":
      return way === "local";
    case "instance":
      return true;
    case "peering":
      return way === "peering" && target.kind === "attachment" && otherVpc(world, vpc, hop.name) === target.vpc.name;
    default:
      return way === "outside" || (way === "peering" && isIpv6(destination));
  }
}

function otherVpc(world: World, vpc: Vpc, name: string): string | undefined {
  const peering = findPeering(world, name);
  return peering === undefined ? undefined : viewOf(peering, vpc.name)?.other.vpc;
}

function meant(world: World, vpc: Vpc, way: Way, target: Place): NextHop {
  if (way === "local") return { kind: "local" };
  if (way === "outside") return { kind: "internet-gateway" };
  if (target.kind !== "attachment") return { kind: "nowhere" };
  const peering = peeringBetween(world, vpc.name, target.vpc.name);
  return peering === undefined ? { kind: "unpeered", other: target.vpc } : { kind: "peering", peering };
}

/** A gateway that is missing and a peering that is not accepted are found where the way gets there. */
function isJudgedThere(world: World, vpc: Vpc, { target }: RouteMatch): boolean {
  if (target.kind === "peering") return otherVpc(world, vpc, target.name) !== undefined;
  return target.kind === "local" || target.kind === "internet-gateway" || target.kind === "egress-only-internet-gateway";
}

/** What kind of route would do, as the end of a sentence. */
function wanted(world: World, vpc: Vpc, way: Way, { destination }: Packet, target: Place): string {
  if (way === "local") return "";
  // By IPv6 there is nothing to translate.
  if (way === "outside") return `: it needs one to the internet gateway, or to ${isIpv6(destination) ? "an egress-only one" : "a NAT gateway"}`;
  if (target.kind !== "attachment") return "";
  const peering = peeringBetween(world, vpc.name, target.vpc.name);
  return peering === undefined ? `, and VPCs ${vpc.name} and ${target.vpc.name} are not peered` : `: it needs one to peering ${peering.name}`;
}

function hopOf(world: World, vpc: Vpc, { target }: RouteMatch): NextHop {
  switch (target.kind) {
    case "nat-gateway": {
      const gateway = findNamed(vpc.natGateways, target.name);
      return gateway === undefined ? { kind: "nowhere" } : { kind: "nat-gateway", gateway };
    }
    case "peering": {
      const peering = findPeering(world, target.name);
      return peering === undefined ? { kind: "nowhere" } : { kind: "peering", peering };
    }
    case "instance": {
      const router = findInstanceAttachment(vpc, target.name);
      return router === undefined ? { kind: "nowhere" } : { kind: "instance", router };
    }
    case "blackhole":
      return { kind: "nowhere" };
    default:
      return { kind: target.kind };
  }
}
