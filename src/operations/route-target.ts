// The words for a route's target: `internet-gateway`, `nat-gateway/nat1`. A slash, not a colon: bash splits words at colons when it
// completes.
import { isCidr6, type Cidr } from "../model/cidr-any.ts";
import type { Parsed } from "../model/cidr.ts";
import type { Problem } from "../model/errors.ts";
import { requireInstance, requireNatGateway, requirePeering } from "../model/lookup.ts";
import { viewOf } from "../model/peering.ts";
import { quote } from "../model/quote.ts";
import type { RouteTarget } from "../model/route-table.ts";
import type { Vpc, World } from "../model/world.ts";

/** Targets of which a VPC has one at most, and what needs no name. */
const single = ["internet-gateway", "egress-only-internet-gateway", "blackhole"] as const;
const named = ["nat-gateway", "peering", "instance"] as const;

/** All forms, for help. */
export const targetForms: readonly string[] = [...single, ...named.map((kind) => `${kind}/NAME`)];

/** The target as a user writes it. */
export const routeTargetText = (target: RouteTarget): string => ("name" in target ? `${target.kind}/${target.name}` : target.kind);

export function tryParseRouteTarget(text: string): Parsed<RouteTarget> {
  const alone = single.find((kind) => kind === text);
  if (alone !== undefined) return { value: { kind: alone } };
  const [kind, name = "", ...rest] = text.split("/");
  const known = named.find((one) => one === kind);
  if (known !== undefined && name !== "" && rest.length === 0) return { value: { kind: known, name } };
  const message = `${quote(text)} is not a target of a route.`;
  return { problem: { code: "InvalidParameterValue", message, hint: `Targets are ${targetForms.slice(0, -1).join(", ")} and ${targetForms.at(-1)}.` } };
}

/** Throws InvalidGatewayID.NotFound, NatGatewayNotFound, InvalidVpcPeeringConnectionID.NotFound or InvalidInstanceID.NotFound when there is no such target. */
export function requireTarget(world: World, vpc: Vpc, target: RouteTarget): Problem | undefined {
  switch (target.kind) {
    case "blackhole":
      return undefined;
    case "internet-gateway":
      return vpc.internetGateway ? undefined : noGateway(vpc, "internet gateway", "attach-internet-gateway");
    case "egress-only-internet-gateway":
      return vpc.egressOnlyInternetGateway === true ? undefined : noGateway(vpc, "egress-only internet gateway", "create-egress-only-internet-gateway");
    case "nat-gateway":
      return void requireNatGateway(vpc, target.name);
    case "instance":
      return void requireInstance(vpc, target.name);
    case "peering":
      if (viewOf(requirePeering(world, target.name), vpc.name) !== undefined) return undefined;
      return noPart(vpc, target.name);
  }
}

function noPart(vpc: Vpc, peering: string): Problem {
  const message = `VPC ${vpc.name} has no part in peering ${peering}.`;
  return { code: "InvalidVpcPeeringConnectionID.NotFound", message, hint: "Choose a peering of this VPC." };
}

function noGateway(vpc: Vpc, what: string, command: string): Problem {
  return { code: "InvalidGatewayID.NotFound", message: `VPC ${vpc.name} has no ${what}.`, hint: `Make it first: vpcctl ${command} ${vpc.name}` };
}

/** What stands against this target for these destinations, those of the list where one is named, as far as their kinds go. */
export function kindProblem(destinations: readonly Cidr[], target: RouteTarget, list?: string): Problem | undefined {
  if (target.kind !== "nat-gateway" && target.kind !== "egress-only-internet-gateway") return undefined;
  const isNat = target.kind === "nat-gateway";
  const misfit = destinations.find((destination) => isCidr6(destination) === isNat);
  if (misfit === undefined) return undefined;
  const what = isNat ? "A NAT gateway is for IPv4" : "An egress-only internet gateway is for IPv6";
  const hint = isNat ? "For IPv6 use egress-only-internet-gateway." : "For IPv4 use nat-gateway/NAME.";
  if (list === undefined) return { code: "InvalidParameterValue", message: `${what}.`, hint };
  return { code: "InvalidParameterValue", message: `${what}, and prefix list ${list} has ${misfit}.`, hint: `${hint} It takes a list of its own.` };
}
