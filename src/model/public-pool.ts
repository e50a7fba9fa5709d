// The public side of all VPCs on this machine: one block, from which each public address is taken. Its first address is the host's own,
// as which the host (and whoever it lets through) is seen by instances.
import { attachmentsOf } from "./attachment.ts";
import { cidrRange, ipToNumber, nthAddress, type Cidr4, type Ipv4 } from "./cidr.ts";
import { emptyWorld, type World } from "./world.ts";

/** RFC 2544 sets it aside for tests between networks; no network on the internet has it, and few private ones do. */
export const defaultPublicPool = "198.18.0.0/15" as Cidr4;

export const publicPoolOf = (world: World): Cidr4 => world.publicPool ?? defaultPublicPool;

/** The host's address on the public side. */
export const hostPublicAddress = (pool: Cidr4): Ipv4 => nthAddress(pool, 1);

/** Network, host and broadcast address of the pool are nobody's. */
const firstGiven = 2;

/** The smallest pool has one to give. */
export const longestPoolPrefix = 30;

/** Is this address of the pool one that it has to give? */
export function isGivable(pool: Cidr4, address: Ipv4): boolean {
  const place = ipToNumber(address) - cidrRange(pool).base;
  return place >= firstGiven && place < firstGiven + poolCapacity(pool);
}

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
  const count = countOwners(world);
  const end = firstGiven + poolCapacity(pool);
  while (count.owners.has(base + count.lowest)) count.lowest++;
  return count.lowest < end ? nthAddress(pool, count.lowest) : undefined;
}

/** How many have each public address: an Elastic IP and who it is associated with have the same one. */
interface OwnerCount {
  world: World;
  readonly owners: Map<number, number>;
  /** Place in the pool below which none is free. */
  lowest: number;
}

/**
 * A batch asks a thousand times, each time about a World that shares all but one part with the one before. So the last count is kept, and
 * brought up to date by what the two Worlds do not share.
 */
let last: OwnerCount = { world: emptyWorld, owners: new Map(), lowest: firstGiven };

function countOwners(world: World): OwnerCount {
  const pool = publicPoolOf(world);
  if (publicPoolOf(last.world) !== pool) last = { world: emptyWorld, owners: new Map(), lowest: firstGiven };
  const { base } = cidrRange(pool);
  const before = last.world;
  forEachUnshared(before.elasticIps, world.elasticIps, (old, now) => move(old?.address, now?.address, base));
  forEachUnshared(before.vpcs, world.vpcs, (old, now) => {
    forEachUnshared(old?.subnets, now?.subnets, (was, is) => move(was?.publicAddress, is?.publicAddress, base));
    forEachUnshared(old?.instances, now?.instances, (was, is) => move(was?.publicAddress, is?.publicAddress, base));
  });
  last.world = world;
  return last;
}

function move(from: Ipv4 | undefined, to: Ipv4 | undefined, base: number): void {
  if (from === to) return;
  const { owners } = last;
  if (from !== undefined) {
    const number = ipToNumber(from);
    const left = (owners.get(number) ?? 1) - 1;
    if (left > 0) owners.set(number, left);
    else owners.delete(number);
    if (left === 0 && number - base >= firstGiven) last.lowest = Math.min(last.lowest, number - base);
  }
  if (to !== undefined) owners.set(ipToNumber(to), (owners.get(ipToNumber(to)) ?? 0) + 1);
}

type Parts<T> = Readonly<Record<string, T>>;

/** Calls with every part that is not the very same in both records. */
function forEachUnshared<T>(before: Parts<T> = {}, now: Parts<T> = {}, differ: (old: T | undefined, now: T | undefined) => void): void {
  if (before === now) return;
  // hasOwn, for `constructor` is a name like any other.
  for (const name of Object.keys(now)) {
    const old = Object.hasOwn(before, name) ? before[name] : undefined;
    if (old !== now[name]) differ(old, now[name]);
  }
  for (const name of Object.keys(before)) if (!Object.hasOwn(now, name)) differ(before[name], undefined);
}
