// A route table is a kernel routing table. Which one a packet is looked up in was decided at the port it came from: the mark.
// (A rule per subnet and source address would do the same, but rules are asked one after the other: the 1,000th subnet would wait.)
import { transitAddresses } from "../../../model/addresses.ts";
import { isCidr4 } from "../../../model/cidr.ts";
import type { Route, RouteTable, Vpc, World } from "../../../model/world.ts";
import { gatewayRouterLink, routerNamespace } from "../names.ts";
import { gatewayRouterIndex, kernelTable, rulePriority, transitHost6 } from "../numbers.ts";
import type { SpecObject } from "../objects/object.ts";
import type { Unit } from "../spec.ts";
import { peeringHop, type PeeringHop } from "./peering.ts";
import { routeTableObjects6 } from "./ipv6.ts";

const why = {
  rule: "Packets with a route table's mark are looked up in its kernel table.",
  silence: "No default route means silence: the packet is dropped without an answer, as in a cloud VPC, and the sender waits.",
  gateway: "This route table sends what is outside the VPC to the internet gateway.",
  peering: "This route table sends what is for the peered VPC to its router.",
  egressOnly: "This route table lets IPv6 out by the egress-only internet gateway; from outside only answers come in.",
  blackhole: "This route leads nowhere.",
  linkLocal: "Link-local addresses are never routed: the metadata service of a cloud host stays out of reach.",
};

export function* routeTableUnits(world: World, vpc: Vpc): Generator<[string, Unit]> {
  for (const table of Object.values(vpc.routeTables)) {
    yield [
      `route table ${vpc.name} ${table.name}`,
      { vpc: vpc.name, madeFrom: [vpc.name, vpc.number, vpc.ipv6Cidr, vpc.internetGateway, vpc.egressOnlyInternetGateway, table, ...hopsOf(world, vpc, table)], objects: () => routeTableObjects(world, vpc, table) },
    ];
  }
}

/** What decides where its routes over peerings lead; when a peering goes, they are blackholes. */
const hopsOf = (world: World, vpc: Vpc, { routes }: RouteTable): string[] =>
  routes.flatMap(({ target }) => (target.kind === "peering" ? hopText(peeringHop(world, vpc.name, target.name)) : []));

const hopText = (hop: PeeringHop | undefined): string[] => [hop?.via ?? "", hop?.via6 ?? ""];

function routeTableObjects(world: World, vpc: Vpc, table: RouteTable): SpecObject[] {
  const namespace = routerNamespace(vpc.name);
  const kernel = kernelTable(table.number);
  // A VPC that has lost its IPv6 may still have routes of it.
  const spoken = vpc.ipv6Cidr === undefined ? table.routes.filter(({ destination }) => isCidr4(destination)) : table.routes;
  const routes = spoken.map((route) => kernelRoute(world, vpc, kernel, route));
  const hasDefault = table.routes.some((route) => route.destination === "0.0.0.0/0");
  const leads = table.routes.some((route) => route.target.kind === "internet-gateway");
  return [
    ...routes,
    ...(leads ? [blackhole(namespace, kernel, "169.254.0.0/16", why.linkLocal)] : []),
    ...(hasDefault ? [] : [blackhole(namespace, kernel, "0.0.0.0/0", why.silence)]),
    ...routeTableObjects6(vpc, table),
    // After its routes: no packet may look into a table that is still being filled.
    { kind: "rule", namespace, priority: rulePriority(table.number), mark: table.number, table: kernel, why: why.rule },
  ];
}

function kernelRoute(world: World, vpc: Vpc, table: number, { destination, target }: Route): SpecObject {
  const namespace = routerNamespace(vpc.name);
  switch (target.kind) {
    case "internet-gateway":
      if (!vpc.internetGateway) return blackhole(namespace, table, destination, why.blackhole);
      return {
        kind: "route",
        namespace,
        table,
        destination,
        type: "unicast",
        via: isCidr4(destination) ? transitAddresses(vpc.number).host : transitHost6,
        link: gatewayRouterLink,
        index: gatewayRouterIndex,
        onlink: true,
        why: why.gateway,
      };
    case "egress-only-internet-gateway": {
      if (vpc.egressOnlyInternetGateway !== true || isCidr4(destination)) return blackhole(namespace, table, destination, why.blackhole);
      const wire = { via: transitHost6, link: gatewayRouterLink, index: gatewayRouterIndex, onlink: true } as const;
      return { kind: "route", namespace, table, destination, type: "unicast", ...wire, why: why.egressOnly };
    }
    case "peering": {
      const hop = peeringHop(world, vpc.name, target.name);
      const via = isCidr4(destination) ? hop?.via : hop?.via6;
      if (hop === undefined || via === undefined) return blackhole(namespace, table, destination, why.blackhole);
      const { link, index } = hop;
      return { kind: "route", namespace, table, destination, type: "unicast", via, link, index, onlink: true, why: why.peering };
    }
    default:
      return blackhole(namespace, table, destination, why.blackhole);
  }
}

const blackhole = (namespace: string, table: number, destination: string, because: string): SpecObject => ({
  kind: "route",
  namespace,
  table,
  destination,
  type: "blackhole",
  why: because,
});
