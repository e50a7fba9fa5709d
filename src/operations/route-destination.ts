// Where a route of a table may lead to: a block, or `prefix-list/NAME` for all blocks of a prefix list.
import { cidrContains, isCidr6, tryParseCidr, type Cidr } from "../model/cidr-any.ts";
import type { Parsed } from "../model/cidr.ts";
import type { Problem } from "../model/errors.ts";
import { limits, unusableRanges, unusableRanges6 } from "../model/limits.ts";
import { listDestination, listOf } from "../model/list-destination.ts";
import { requirePrefixList } from "../model/lookup.ts";
import { checkName, nameRule } from "../model/names.ts";
import type { Route, RouteTable, RouteTarget } from "../model/route-table.ts";
import { countRoutes } from "../model/routes-in-force.ts";
import { blocksOf } from "../model/vpc-cidrs.ts";
import type { Vpc, World } from "../model/world.ts";
import { kindProblem } from "./route-target.ts";

export function tryParseDestination(text: string): Parsed<Route["destination"]> {
  const list = listOf(text);
  if (list === undefined) return tryParseCidr(text);
  const message = checkName("prefix list", list);
  return message === undefined ? { value: listDestination(list) } : { problem: { code: "InvalidParameterValue", message, hint: nameRule } };
}

/** What stands against the destination of this route. Throws InvalidPrefixListID.NotFound. */
export function destinationProblems(world: World, vpc: Vpc, { destination, target }: Route): Problem[] {
  const list = listOf(destination);
  const problem = list === undefined ? blockProblem(vpc, destination as Cidr, target) : undefined;
  const cidrs = list === undefined ? [destination as Cidr] : requirePrefixList(world, list).cidrs;
  return [problem, kindProblem(cidrs, target, list)].flatMap((one) => one ?? []);
}

/** Whether the table holds more than it may. */
export function limitProblem(world: World, vpc: Vpc, table: RouteTable): Problem[] {
  const { value, why } = limits.routesPerTable;
  return [false, true].flatMap((ipv6): Problem[] => {
    const count = countRoutes(world, table, ipv6);
    const message = `Route table ${vpc.name}/${table.name} would have ${count} ${ipv6 ? "IPv6" : "IPv4"} routes; ${value} are the most.`;
    return count > value ? [{ code: "RouteLimitExceeded", message, hint: why }] : [];
  });
}

function blockProblem(vpc: Vpc, destination: Cidr, target: RouteTarget): Problem | undefined {
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
