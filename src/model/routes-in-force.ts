// The routes of a table with the blocks of its prefix lists in the place of their names: what a packet is really compared with.
//
// The longest prefix wins. Of two routes to the same block the one that names the block itself does; of two lists that have it, the one
// whose route was made first (EC2 draws lots there, once). A list belongs to no VPC, so it may have blocks that this VPC has no use for:
// its own ones and parts of them, which are local; link-local and other ranges that are never routed; IPv6 where the VPC has none.
import { cidrContains, isCidr6, type Cidr } from "./cidr-any.ts";
import { unusableRanges, unusableRanges6 } from "./limits.ts";
import { listOf } from "./list-destination.ts";
import type { PrefixList } from "./prefix-list.ts";
import type { RouteTable, RouteTarget } from "./route-table.ts";
import { blocksOf } from "./vpc-cidrs.ts";
import { findNamed, type Vpc, type World } from "./world.ts";

export interface BlockRoute {
  readonly destination: Cidr;
  readonly target: RouteTarget;
  /** The prefix list that the block is of. */
  readonly list?: string;
}

type Lists = { readonly prefixLists?: World["prefixLists"] | undefined };

/** No destination is there twice. */
export function routesInForce({ prefixLists }: Lists, vpc: Vpc, table: RouteTable): readonly BlockRoute[] {
  const before = known.get(table);
  if (before !== undefined && before.prefixLists === prefixLists && before.vpc === vpc) return before.routes;
  const routes = [...expand({ prefixLists }, vpc, table)];
  known.set(table, { prefixLists, vpc, routes });
  return routes;
}

// An analysis of all pairs asks a million times.
const known = new WeakMap<RouteTable, { readonly prefixLists: World["prefixLists"]; readonly vpc: Vpc; readonly routes: readonly BlockRoute[] }>();

function* expand(lists: Lists, vpc: Vpc, { routes }: RouteTable): Generator<BlockRoute> {
  const taken = new Set<string>();
  for (const { destination, target } of routes) {
    if (listOf(destination) !== undefined) continue;
    taken.add(destination);
    yield { destination: destination as Cidr, target };
  }
  for (const { destination, target } of routes) {
    const list = findList(lists, destination);
    for (const cidr of list?.cidrs ?? []) {
      if (taken.has(cidr) || isOfNoUse(vpc, cidr)) continue;
      taken.add(cidr);
      yield { destination: cidr, target, list: list?.name ?? "" };
    }
  }
}

function isOfNoUse(vpc: Vpc, cidr: Cidr): boolean {
  if (isCidr6(cidr) && vpc.ipv6Cidr === undefined) return true;
  return blocksOf(vpc).some((block) => cidrContains(block, cidr)) || [...unusableRanges, ...unusableRanges6].some((range) => cidrContains(range.cidr, cidr));
}

function findList({ prefixLists }: Lists, destination: string): PrefixList | undefined {
  const name = listOf(destination);
  return name === undefined ? undefined : findNamed(prefixLists, name);
}

/** The lists that the table names: with the table and the blocks of the VPC they decide which routes are in force. */
export const listsIn = (lists: Lists, { routes }: RouteTable): readonly PrefixList[] => routes.flatMap(({ destination }) => findList(lists, destination) ?? []);

/** The same for all tables of a VPC. */
export const listsInTables = (lists: Lists, { routeTables }: Vpc): readonly PrefixList[] => Object.values(routeTables).flatMap((table) => listsIn(lists, table));

/** As EC2 counts them for its limit: each kind of IP for itself, and a prefix list as many routes as it has blocks of it, in force or not. */
export function countRoutes(lists: Lists, { routes }: RouteTable, ipv6: boolean): number {
  const blocks = routes.flatMap(({ destination }): readonly string[] => (listOf(destination) === undefined ? [destination] : (findList(lists, destination)?.cidrs ?? [])));
  return blocks.filter((block) => isCidr6(block) === ipv6).length;
}
