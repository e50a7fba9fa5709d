// Answers "what overlaps this block?" and "which slot is free?" for the subnets of a VPC.
//
// One question about a record just read from a file is answered by walking over it: sorting would cost more than the answer. A record that
// an addition has made is one of a series, a batch of perhaps a thousand lines that must not compare each with each: there the answers
// come from an index in O(log n). The World stays plain data: the index hangs on the record from outside, in a WeakMap, and an operation
// that adds one subnet hands it on (`recordAddition`).
import { cidrRange, readRange, type Cidr4 } from "./cidr.ts";
import type { Subnet } from "./world.ts";

type Subnets = Readonly<Record<string, Subnet>>;

interface SubnetIndex {
  /** By network address. The subnets of a valid VPC do not overlap, so they are in order of their last addresses too. */
  readonly byAddress: readonly Subnet[];
  /** In ascending order. */
  readonly slots: readonly number[];
}

const indexes = new WeakMap<Subnets, SubnetIndex>();
/** Records that an addition made; they get an index when they are asked about. */
const grown = new WeakSet<Subnets>();

/** The first subnet, by address, that shares an address with the block. */
export function overlappingSubnet(subnets: Subnets, cidr: Cidr4): Subnet | undefined {
  const { base, size } = cidrRange(cidr);
  const index = indexOf(subnets);
  if (index === undefined) return firstOverlapping(Object.values(subnets), base, size);
  const { byAddress } = index;
  const candidate = byAddress[firstEndingAfter(byAddress, base)];
  return candidate !== undefined && cidrRange(candidate.cidr).base < base + size ? candidate : undefined;
}

/** By walking over all. */
function firstOverlapping(subnets: readonly Subnet[], base: number, size: number): Subnet | undefined {
  let first: Subnet | undefined;
  let lowestBase = Infinity;
  for (const subnet of subnets) {
    const range = readRange(subnet.cidr);
    if (range.base >= base + size || base >= range.base + range.size || range.base >= lowestBase) continue;
    first = subnet;
    lowestBase = range.base;
  }
  return first;
}

/** The smallest slot that no subnet has. */
export function freeSlot(subnets: Subnets): number {
  const slots = indexOf(subnets)?.slots;
  if (slots !== undefined) return lowest(slots.length, (at) => (slots[at] ?? 0) > at);
  const all = Object.values(subnets);
  // One place more than subnets: one of them is free.
  const taken = new Uint8Array(all.length + 1);
  for (const { slot } of all) if (slot < taken.length) taken[slot] = 1;
  return taken.indexOf(0);
}

export function subnetCount(subnets: Subnets): number {
  return indexOf(subnets)?.byAddress.length ?? Object.keys(subnets).length;
}

/** Says that `after` is `before` and one subnet more, so that its index need not be built from all. */
export function recordAddition(before: Subnets, after: Subnets, added: Subnet): void {
  const index = indexOf(before);
  if (index === undefined) {
    grown.add(after);
    return;
  }
  const { byAddress, slots } = index;
  const place = firstEndingAfter(byAddress, cidrRange(added.cidr).base);
  const slotPlace = lowest(slots.length, (at) => (slots[at] ?? 0) > added.slot);
  indexes.set(after, { byAddress: byAddress.toSpliced(place, 0, added), slots: slots.toSpliced(slotPlace, 0, added.slot) });
}

function indexOf(subnets: Subnets): SubnetIndex | undefined {
  const known = indexes.get(subnets);
  if (known !== undefined || !grown.has(subnets)) return known;
  const all = Object.values(subnets);
  const index = {
    byAddress: all.toSorted((a, b) => cidrRange(a.cidr).base - cidrRange(b.cidr).base),
    slots: all.map((subnet) => subnet.slot).toSorted((a, b) => a - b),
  };
  indexes.set(subnets, index);
  return index;
}

/** Place of the first subnet whose last address is not before `base`. */
function firstEndingAfter(byAddress: readonly Subnet[], base: number): number {
  return lowest(byAddress.length, (at) => {
    const subnet = byAddress[at];
    if (subnet === undefined) return true;
    const range = cidrRange(subnet.cidr);
    return range.base + range.size > base;
  });
}

/** The lowest number below `end` for which `holds`, or `end`. It must hold for every number above one for which it holds. */
function lowest(end: number, holds: (n: number) => boolean): number {
  let low = 0;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
