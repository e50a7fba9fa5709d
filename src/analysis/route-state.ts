// Does a route lead anywhere? A route names its target; when the target goes, the route stays, as a blackhole.
import { findPeering, viewOf } from "../model/peering.ts";
import { findInstance, findNamed, type RouteTarget, type Vpc, type World } from "../model/world.ts";

/** Why the route is a blackhole, as the end of a sentence; `undefined` while its state is active. */
export function blackholeReason(world: World, vpc: Vpc, target: RouteTarget): string | undefined {
  switch (target.kind) {
    case "blackhole":
      return "leads nowhere, and is meant to";
    case "internet-gateway":
      return vpc.internetGateway ? undefined : `leads to an internet gateway, but VPC ${vpc.name} has none`;
    case "egress-only-internet-gateway":
      return vpc.egressOnlyInternetGateway === true ? undefined : `leads to an egress-only internet gateway, but VPC ${vpc.name} has none`;
    case "nat-gateway":
      return findNamed(vpc.natGateways, target.name) === undefined ? `leads to NAT gateway ${target.name}, which does not exist` : undefined;
    case "instance": {
      const instance = findInstance(vpc, target.name);
      if (instance === undefined) return `leads to instance ${target.name}, which does not exist`;
      return instance.state === "running" ? undefined : `leads to instance ${target.name}, which is ${instance.state}`;
    }
    case "peering": {
      const peering = findPeering(world, target.name);
      if (peering === undefined || viewOf(peering, vpc.name) === undefined) return `leads to peering ${target.name}, which does not exist`;
      return peering.status === "active" ? undefined : `leads to peering ${target.name}, which is not accepted yet`;
    }
  }
}

export function sayTarget(target: RouteTarget | { readonly kind: "local" }): string {
  switch (target.kind) {
    case "local":
      return "the VPC's own router";
    case "blackhole":
      return "nowhere";
    case "internet-gateway":
      return "the internet gateway";
    case "egress-only-internet-gateway":
      return "the egress-only internet gateway";
    default:
      return `${target.kind === "nat-gateway" ? "NAT gateway" : target.kind} ${target.name}`;
  }
}
