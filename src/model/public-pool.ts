// The public side of all VPCs on this machine: one block, from which each public address is taken. Its first address is the host's own,
// as which the host (and whoever it lets through) is seen by instances.
import { cidrRange, containsAddress, ipToNumber, nthAddress, type Cidr4, type Ipv4 } from "./cidr.ts";
import { attachmentsOf } from "./attachment.ts";
import type { World } from "./world.ts";

/** RFC 2544 sets it aside for tests between networks; no network on the internet has it, and few private ones do. */
export const defaultPublicPool = "198.18.0.0/15" as Cidr4;

export const publicPoolOf = (world: World): Cidr4 => world.publicPool ?? defaultPublicPool;

/** The host's address on the public side. */
export const hostPublicAddress = (pool: Cidr4): Ipv4 => nthAddress(pool, 1);

/** Network, host and broadcast address of the pool are nobody's. */
const firstGiven = 2;

/** How many public addresses a pool has to give. */
export const poolCapacity = (pool: Cidr4): number => cidrRange(pool).size - firstGiven - 1;

/** Every public address that is in use or kept, once per owner. */
export function* publicAddressesIn(world: World): Generator<Ipv4> {
  for (const { address } of Object.values(world.elasticIps ?? {})) yield address;
  for (const vpc of Object.values(world.vpcs)) {
    for (const { publicAddress } of attachmentsOf(vpc)) if (publicAddress !== undefined) yield publicAddress;
  }
}

/** The lowest address of the pool that nobody has; `undefined` when all are taken. */
export function freePublicAddress(world: World): Ipv4 | undefined {
  const pool = publicPoolOf(world);
  const { base } = cidrRange(pool);
  const taken = new Set<number>();
  for (const address of publicAddressesIn(world)) if (containsAddress(pool, address)) taken.add(ipToNumber(address) - base);
  const end = firstGiven + poolCapacity(pool);
  for (let n = firstGiven; n < end; n++) if (!taken.has(n)) return nthAddress(pool, n);
  return undefined;
}
