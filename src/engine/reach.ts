// Peerings connect VPCs, so what one command does to a VPC may be seen in others: their routers hold one end of the wire each, and know
// members of each other's groups.
import type { Scope, VpcScope } from "../drivers/driver.ts";
import { peeringsOf } from "../model/peering.ts";
import type { World } from "../model/world.ts";

/** The scope with the routers of all peers of its VPCs: as far as a change in them can reach. */
export function withPeers(world: World, scope: Scope): Scope {
  if (scope === "all" || world.peerings === undefined) return scope;
  const known = new Set(scope.map(({ vpc }) => vpc));
  const peers = new Set(scope.flatMap(({ vpc }) => peeringsOf(world, vpc).map(({ other }) => other.vpc)));
  return [...scope, ...[...peers].filter((vpc) => !known.has(vpc)).map((vpc): VpcScope => ({ vpc, subnets: [] }))];
}

/**
 * The VPCs of the scope whole, and all that are connected with them, however far: a wire that is lost takes routes with it at both its
 * ends. The very same scope when it is that already.
 */
export function whole(world: World, scope: Scope): Scope {
  if (scope === "all") return scope;
  const vpcs = new Set(scope.map(({ vpc }) => vpc));
  // A set can grow while it is walked over.
  for (const vpc of vpcs) for (const { other } of peeringsOf(world, vpc)) vpcs.add(other.vpc);
  const isWhole = vpcs.size === scope.length && scope.every(({ subnets }) => subnets === undefined);
  return isWhole ? scope : [...vpcs].map((vpc) => ({ vpc }));
}
