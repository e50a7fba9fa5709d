// World -> Spec: which kernel objects make the World true. Pure and total.
import { leadsOutside, leadsOutside6 } from "../../../model/gateways.ts";
import { publicPoolOf } from "../../../model/public-pool.ts";
import type { Vpc, World } from "../../../model/world.ts";
import type { HostFacts } from "../host-facts.ts";
import type { Spec, Unit } from "../spec.ts";
import { dnsUnits } from "./dns.ts";
import { gatewayUnit } from "./internet-gateway.ts";
import { hasOutside6, openSubnets6Unit } from "./internet6.ts";
import { hostUnit } from "./host.ts";
import { isPeered, peeringUnits } from "./peering.ts";
import { natGatewaysUnit } from "./nat-gateways.ts";
import { aclUnits } from "./network-acls.ts";
import { passedOnUnit } from "./passed-on.ts";
import { routeTableUnits } from "./route-tables.ts";
import { routerUnit } from "./router.ts";
import { attachmentsUnit } from "./attachment.ts";
import { shapingUnits } from "./shaping.ts";
import { securityGroupUnits } from "./security-groups.ts";

/** Facts are asked for only when something of the host's is at stake, and then once. */
export function compile(world: World, facts: () => HostFacts): Spec {
  const spec = new Map<string, Unit>();
  const vpcs = Object.values(world.vpcs);
  // First, so that the guard stands before there is anything to guard against.
  if (vpcs.some(leadsOutside)) spec.set("host", hostUnit(publicPoolOf(world), hasOutside6(world), facts));
  for (const vpc of vpcs) {
    spec.set(`router ${vpc.name}`, routerUnit(world, vpc));
    // Before the route tables, whose routes may lead to it.
    if (leadsOutside(vpc)) spec.set(`gateway ${vpc.name}`, gatewayUnit(vpc, publicPoolOf(world), facts));
    if (!isPeered(world, vpc)) addInside(spec, world, vpc);
  }
  // Between routers that are there, and before the route tables for the same reason.
  for (const [key, unit] of peeringUnits(world)) spec.set(key, unit);
  for (const vpc of vpcs) if (isPeered(world, vpc)) addInside(spec, world, vpc);
  return spec;
}

/** What is in a VPC, and the rules for it. */
function addInside(spec: Map<string, Unit>, world: World, vpc: Vpc): void {
  const natGateways = natGatewaysUnit(world, vpc);
  if (natGateways !== undefined) spec.set(`NAT gateways ${vpc.name}`, natGateways);
  for (const [key, unit] of routeTableUnits(world, vpc)) spec.set(key, unit);
  for (const [key, unit] of aclUnits(vpc)) spec.set(key, unit);
  // Before the attachments, whose entries in the lists lead to the chains of their groups.
  for (const [key, unit] of securityGroupUnits(world, vpc)) spec.set(key, unit);
  const passedOn = passedOnUnit(vpc);
  if (passedOn !== undefined) spec.set(`passed on ${vpc.name}`, passedOn);
  if (leadsOutside6(vpc)) spec.set(`open to IPv6 ${vpc.name}`, openSubnets6Unit(world, vpc));
  spec.set(`attachments ${vpc.name}`, attachmentsUnit(world, vpc));
  for (const [key, unit] of dnsUnits(world, vpc)) spec.set(key, unit);
  for (const [key, unit] of shapingUnits(vpc)) spec.set(key, unit);
}
