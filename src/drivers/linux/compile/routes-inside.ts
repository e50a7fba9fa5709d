// Routes more specific than the local one: from other subnets to one subnet of the VPC by way of an instance, a firewall appliance say.
// They must be asked before the local route, so each route table that has any gets a second kernel table with a rule before all others;
// what it does not know falls through to the local route. What stays inside a subnet is local in any case, so a subnet whose own table
// leads to itself by an instance takes that mark off its own packets.
import { macOf } from "../../../model/addresses.ts";
import { broadcast, nthAddress } from "../../../model/cidr.ts";
import { cidrContains, isCidr6, type Cidr } from "../../../model/cidr-any.ts";
import { routesInForce } from "../../../model/routes-in-force.ts";
import { blocksOf } from "../../../model/vpc-cidrs.ts";
import { tableNameOf, type RouteTable, type Subnet, type Vpc, type World } from "../../../model/world.ts";
import { routerNamespace } from "../names.ts";
import { insideRulePriority, insideTable } from "../numbers.ts";
import type { NftRule, SpecObject } from "../objects/object.ts";
import type { Unit } from "../spec.ts";
import { hopOf, hopParts } from "./route-hop.ts";
import { kernelRoute } from "./kernel-route.ts";
import { nftRule } from "./rule-text.ts";

const why = {
  rule: "Before the local route: this route table leads to a subnet of the VPC by way of an instance.",
  same: "What stays inside a subnet is local, whatever its route table says.",
};

/** Is it a part of the VPC? Then its route is asked before the local one. */
export const isInside = (vpc: Vpc, destination: Cidr): boolean => blocksOf(vpc).some((block) => cidrContains(block, destination));

/** `undefined` where no route table has such a route. */
export function routesInsideUnit(world: World, vpc: Vpc): Unit | undefined {
  const tables = Object.values(vpc.routeTables).filter((table) => insideRoutes(world, vpc, table).length > 0);
  if (tables.length === 0) return undefined;
  const targets = tables.flatMap((table) => insideRoutes(world, vpc, table).map(({ target }) => target));
  return {
    vpc: vpc.name,
    madeFrom: [vpc.name, vpc.ipv6Cidr, ...tables, vpc.subnets, vpc.mainRouteTable, ...targets.flatMap((target) => hopParts(world, vpc, target))],
    objects: () => [...sameSubnetChain(world, vpc, tables), ...tables.flatMap((table) => insideObjects(world, vpc, table))],
  };
}

const insideRoutes = (world: World, vpc: Vpc, table: RouteTable) => routesInForce(world, vpc, table).filter(({ destination }) => isInside(vpc, destination));

function insideObjects(world: World, vpc: Vpc, table: RouteTable): SpecObject[] {
  const kernel = { namespace: routerNamespace(vpc.name), table: insideTable(table.number) };
  const routes = insideRoutes(world, vpc, table);
  const rule = { kind: "rule", ...kernel, priority: insideRulePriority(table.number), mark: table.number, why: why.rule } as const;
  return [
    ...routes.map(({ destination, target }) => kernelRoute(kernel, destination, hopOf(world, vpc, destination, target))),
    ...(routes.some(({ destination }) => !isCidr6(destination)) ? [rule] : []),
    ...(routes.some(({ destination }) => isCidr6(destination)) ? [{ ...rule, family: 6 } as const] : []),
  ];
}

function sameSubnetChain(world: World, vpc: Vpc, tables: readonly RouteTable[]): SpecObject[] {
  const rules = tables.flatMap((table) => insideRoutes(world, vpc, table).flatMap(({ destination }) => sameSubnetRule(vpc, table, destination)));
  if (rules.length === 0) return [];
  const place = { namespace: routerNamespace(vpc.name), family: "inet", why: why.same } as const;
  // Before the routing decision; -150 is the usual place of marks.
  return [{ kind: "nft-chain", ...place, chain: "same-subnet", hook: { type: "filter", hook: "prerouting", priority: -150, policy: "accept" }, rules }];
}

function sameSubnetRule(vpc: Vpc, table: RouteTable, destination: Cidr): NftRule[] {
  const owner = Object.values(vpc.subnets).find((subnet: Subnet) => subnet.cidr === destination || subnet.ipv6Cidr === destination);
  if (owner === undefined || tableNameOf(vpc, owner) !== table.name) return [];
  const family = isCidr6(destination) ? "ip6" : "ip";
  // By MAC, whose last four bytes are the address: what a router instance of the subnet passes on has the address of somebody else.
  const inside = `ether saddr ${macOf(nthAddress(owner.cidr, 0))}-${macOf(broadcast(owner.cidr))}`;
  return [nftRule(`meta mark ${table.number} ${inside} ${family} daddr ${destination} meta mark set 0`, `stays in subnet ${owner.name}`)];
}
