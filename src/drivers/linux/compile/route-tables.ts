// A route table is a kernel routing table. Which one a packet is looked up in was decided at the port it came from: the mark.
// (A rule per subnet and source address would do the same, but rules are asked one after the other: the 1,000th subnet would wait.)
//
// Rules, in order:  101...  routes more specific than the local one, if there are any (routes-inside.ts)
//                   500     the local route: what is inside the VPC, from the kernel's main table without its default route
//                   1001... the table of the mark
// A packet without a mark comes from a gateway or a peering. It is looked up in no route table: it finds what is local, else silence.
import { isCidr4 } from "../../../model/cidr.ts";
import { listsIn, routesInForce, type BlockRoute } from "../../../model/routes-in-force.ts";
import { anywhere } from "../../../model/world.ts";
import type { RouteTable, Vpc, World } from "../../../model/world.ts";
import { routerNamespace } from "../names.ts";
import { kernelTable, rulePriority } from "../numbers.ts";
import type { SpecObject } from "../objects/object.ts";
import type { Unit } from "../spec.ts";
import { routeTableObjects6 } from "./ipv6.ts";
import { blackhole, kernelRoute, type KernelTable } from "./kernel-route.ts";
import { routesByNat } from "./nat-routes.ts";
import { hopOf, hopParts } from "./route-hop.ts";
import { isInside, routesInsideUnit } from "./routes-inside.ts";

const why = {
  rule: "Packets with a route table's mark are looked up in its kernel table.",
  silence: "No default route means silence: the packet is dropped without an answer, as in a cloud VPC, and the sender waits.",
  linkLocal: "Link-local addresses are never routed: the metadata service of a cloud host stays out of reach.",
};

export function* routeTableUnits(world: World, vpc: Vpc): Generator<[string, Unit]> {
  for (const table of Object.values(vpc.routeTables)) {
    yield [
      `route table ${vpc.name} ${table.name}`,
      {
        vpc: vpc.name,
        madeFrom: [
          vpc.name, vpc.number, vpc.cidr, vpc.secondaryCidrs, vpc.ipv6Cidr, vpc.internetGateway, vpc.egressOnlyInternetGateway, table,
          ...listsIn(world, table), ...table.routes.flatMap(({ target }) => hopParts(world, vpc, target)),
        ],
        objects: () => routeTableObjects(world, vpc, table),
      },
    ];
  }
  const inside = routesInsideUnit(world, vpc);
  if (inside !== undefined) yield [`routes inside ${vpc.name}`, inside];
}

function routeTableObjects(world: World, vpc: Vpc, table: RouteTable): SpecObject[] {
  const kernel = { namespace: routerNamespace(vpc.name), table: kernelTable(table.number) };
  // A VPC that has lost its IPv6 may still have routes of it.
  const inForce = routesInForce(world, vpc, table);
  const spoken = inForce.filter(({ destination }) => (isCidr4(destination) || vpc.ipv6Cidr !== undefined) && !isInside(vpc, destination));
  const routes = spoken.flatMap((route) => kernelRoutes(world, vpc, table, kernel, route));
  const hasDefault = inForce.some(({ destination }) => destination === anywhere);
  const leads = inForce.some(({ target }) => target.kind !== "blackhole");
  return [
    ...routes,
    ...(leads ? [blackhole(kernel, "169.254.0.0/16", why.linkLocal)] : []),
    ...(hasDefault ? [] : [blackhole(kernel, anywhere, why.silence)]),
    ...routeTableObjects6(vpc, table, inForce),
    // After its routes: no packet may look into a table that is still being filled.
    { kind: "rule", ...kernel, priority: rulePriority(table.number), mark: table.number, why: why.rule },
  ];
}

function kernelRoutes(world: World, vpc: Vpc, table: RouteTable, kernel: KernelTable, route: BlockRoute): SpecObject[] {
  const { destination, target } = route;
  const hop = hopOf(world, vpc, destination, target);
  if (target.kind !== "nat-gateway" || hop === undefined) return [kernelRoute(kernel, destination, hop)];
  return routesByNat(world, vpc, table, route).map(({ destination: part, leads }) => kernelRoute(kernel, part, leads ? hop : undefined));
}
