// Answers "what overlaps this block?" and "which slot is free?" for the subnets of a VPC in O(log n), so that a batch of a thousand
// add-subnet lines does not compare each with each. The World stays plain data: the index hangs on the subnets record from outside, in
// a WeakMap, and is built anew for a record that has none. An operation that adds one subnet hands the index on (`recordAddition`).
import { cidrRange, type Cidr4 } from "./cidr.ts";
import type { Subnet } from "./world.ts";

type Subnets = Readonly<Record<string, Subnet>>;

interface SubnetIndex {
  /** By network address. The subnets of a valid VPC do not overlap, so they are in order of their last addresses too. */
  readonly byAddress: readonly Subnet[];
  /** In ascending order. */
  readonly slots: readonly number[];
}

const indexes = new WeakMap<Subnets, SubnetIndex>();

/** The first subnet that shares an address with the block. */
export function overlappingSubnet(subnets: Subnets, cidr: Cidr4): Subnet | undefined {
  const { base, size } = cidrRange(cidr);
  const { byAddress } = indexOf(subnets);
  const candidate = byAddress[firstEndingAfter(byAddress, base)];
  return candidate !== undefined && cidrRange(candidate.cidr).base < base + size ? candidate : undefined;
}

/** The smallest slot that no subnet has. */
export function freeSlot(subnets: Subnets): number {
  const { slots } = indexOf(subnets);
  return lowest(slots.length, (at) => (slots[at] ?? 0) > at);
}

export function subnetCount(subnets: Subnets): number {
  return indexOf(subnets).byAddress.length;
}

/** Says that `after` is `before` and one subnet more, so that its index need not be built from all. */
export function recordAddition(before: Subnets, after: Subnets, added: Subnet): void {
  const { byAddress, slots } = indexOf(before);
  const place = firstEndingAfter(byAddress, cidrRange(added.cidr).base);
  const slotPlace = lowest(slots.length, (at) => (slots[at] ?? 0) > added.slot);
  indexes.set(after, { byAddress: byAddress.toSpliced(place, 0, added), slots: slots.toSpliced(slotPlace, 0, added.slot) });
}

function indexOf(subnets: Subnets): SubnetIndex {
  const known = indexes.get(subnets);
  if (known !== undefined) return known;
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
