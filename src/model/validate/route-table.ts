import { isIpv6 } from "../cidr6.ts";
import { checkName } from "../names.ts";
import { limits } from "../limits.ts";
import { listOf } from "../list-destination.ts";
import type { RouteTarget } from "../route-table.ts";
import { findNamed, type World } from "../world.ts";
import { isRecord, type Fields, type Problems } from "./checks.ts";
import { checkBlock } from "./network-acl.ts";

/** Checks a route table for itself. A target need not exist: then its route is a blackhole. */
export function checkRouteTable(table: Fields, path: string, problems: Problems): void {
  const routes: unknown = table["routes"];
  if (!Array.isArray(routes)) {
    problems.add(`${path}.routes`, "is not a list");
    return;
  }
  for (const ipv6 of [false, true]) {
    const ofFamily = routes.filter((route) => isRecord(route) && listOf(String(route["destination"])) === undefined && isIpv6(String(route["destination"])) === ipv6);
    if (ofFamily.length > limits.routesPerTable.value) problems.add(`${path}.routes`, `has more than ${limits.routesPerTable.value} routes for ${ipv6 ? "IPv6" : "IPv4"}`);
  }
  const destinations = new Set<unknown>();
  for (const [at, route] of routes.entries()) checkRoute(route, `${path}.routes[${at}]`, destinations, problems);
}

type Kind = RouteTarget["kind"];
const unnamedKinds: readonly unknown[] = ["internet-gateway", "egress-only-internet-gateway", "blackhole"] satisfies Kind[];
const namedKinds: readonly unknown[] = ["nat-gateway", "peering", "instance"] satisfies Kind[];

function checkRoute(route: unknown, path: string, destinations: Set<unknown>, problems: Problems): void {
  if (!isRecord(route)) {
    problems.add(path, "is not an object");
    return;
  }
  const { destination, target } = route;
  const list = typeof destination === "string" ? listOf(destination) : undefined;
  if (list === undefined) checkBlock(destination, `${path}.destination`, problems);
  else if (checkName("prefix list", list) !== undefined) problems.add(`${path}.destination`, "names no prefix list");
  if (destinations.has(destination)) problems.add(`${path}.destination`, `is ${String(destination)}, which another route has`);
  destinations.add(destination);
  if (!isRecord(target) || ![...unnamedKinds, ...namedKinds].includes(target["kind"])) problems.add(`${path}.target`, "is not a known target");
  else if (namedKinds.includes(target["kind"]) && (typeof target["name"] !== "string" || checkName("route table", target["name"]) !== undefined)) {
    problems.add(`${path}.target.name`, "is not a name");
  }
}

/** The lists that routes name exist. */
export function checkListReferences({ vpcs, prefixLists }: World, problems: Problems): void {
  for (const vpc of Object.values(vpcs)) {
    for (const table of Object.values(vpc.routeTables)) {
      for (const [at, { destination }] of table.routes.entries()) {
        const list = listOf(destination);
        if (list === undefined || findNamed(prefixLists, list) !== undefined) continue;
        problems.add(`vpcs.${vpc.name}.routeTables.${table.name}.routes[${at}]`, `names prefix list ${list}, which does not exist`);
      }
    }
  }
}
