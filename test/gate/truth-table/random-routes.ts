// Random routes: outwards, to peers, and within the VPC.
import { parseCidr } from "../../../src/model/cidr-any.ts";
import type { NatGateway } from "../../../src/model/gateways.ts";
import { listDestination } from "../../../src/model/list-destination.ts";
import type { Route, RouteTable, RouteTarget } from "../../../src/model/route-table.ts";
import type { Bones } from "./bones.ts";
import type { Random } from "./random.ts";

export const tableNames = ["main", "public", "other"] as const;
/** Blocks outside that rules and routes name. */
export const outside = ["8.8.8.0/24", "198.18.0.0/15", "0.0.0.0/0"] as const;

/** What routes of a VPC may lead to. */
export interface Surroundings {
  readonly bone: Bones;
  readonly natGateways: readonly NatGateway[];
  readonly peers: readonly { readonly peering: string; readonly other: Bones }[];
}

export function routeTables(random: Random, { bone, natGateways, peers }: Surroundings): RouteTable[] {
  const near: RouteTarget[] = [
    { kind: "internet-gateway" },
    { kind: "internet-gateway" },
    { kind: "blackhole" },
    ...natGateways.map(({ name }): RouteTarget => ({ kind: "nat-gateway", name })),
    ...bone.instances.map(({ name }): RouteTarget => ({ kind: "instance", name })),
  ];
  const targets = natGateways.length === 0 ? near : [...near, ...near.slice(3)];
  return tableNames.map((name, at) => {
    const routes: Route[] = random.some(outside, 0.45).map((text) => ({ destination: parseCidr(text), target: random.pick(targets) }));
    const hasDefault = routes.some(({ destination }) => destination === "0.0.0.0/0");
    if (random.chance(0.5) && !hasDefault) routes.push({ destination: parseCidr("0.0.0.0/0"), target: { kind: "internet-gateway" } });
    for (const { peering, other } of peers) {
      const target = { kind: "peering", name: peering } as const;
      if (random.chance(0.75)) routes.push({ destination: random.chance(0.7) ? other.cidr : random.pick(other.subnets).cidr, target });
      if (other.ipv6Cidr !== undefined && random.chance(0.75)) routes.push({ destination: other.ipv6Cidr, target });
    }
    // Longer than the local route: what goes to that subnet goes by way of the instance.
    if (bone.instances.length > 0 && random.chance(0.25)) {
      routes.push({ destination: random.pick(bone.subnets).cidr, target: { kind: "instance", name: random.pick(bone.instances).name } });
    }
    if (bone.ipv6Cidr !== undefined) routes.push(...routes6(random, bone));
    return { name, number: at + 1, routes: random.shuffled(oncePerDestination(routes)) };
  });
}

/** Tables that also lead to lists. By IPv6 a list leads to no gateway: see `routes6`. */
export function withLists(random: Random, tables: readonly RouteTable[], lists: readonly string[], { bone, natGateways, peers }: Surroundings): RouteTable[] {
  const targets: RouteTarget[] = [
    { kind: "blackhole" },
    ...peers.map(({ peering }): RouteTarget => ({ kind: "peering", name: peering })),
    ...natGateways.map(({ name }): RouteTarget => ({ kind: "nat-gateway", name })),
    ...bone.instances.map(({ name }): RouteTarget => ({ kind: "instance", name })),
    ...(bone.ipv6Cidr === undefined ? [{ kind: "internet-gateway" } as const] : []),
  ];
  return tables.map((table) => {
    const routes = random.some(lists, 0.3).map((list): Route => ({ destination: listDestination(list), target: random.pick(targets) }));
    return { ...table, routes: random.shuffled([...table.routes, ...routes]) };
  });
}

const outside6 = ["::/0", "2001:4860::/32"].map((text) => parseCidr(text));

/** One gateway for a table: by IPv6 both are one wire, and a call that came in by one gets its answer out by the other. */
function routes6(random: Random, { instances }: Bones): Route[] {
  const gateway: RouteTarget = { kind: random.pick(["internet-gateway", "egress-only-internet-gateway"]) };
  const targets: RouteTarget[] = [gateway, gateway, gateway, { kind: "blackhole" }, ...instances.map(({ name }): RouteTarget => ({ kind: "instance", name }))];
  return random.some(outside6, 0.6).map((destination) => ({ destination, target: random.pick(targets) }));
}

const oncePerDestination = (routes: readonly Route[]): Route[] => [...new Map(routes.map((route) => [route.destination, route])).values()];
