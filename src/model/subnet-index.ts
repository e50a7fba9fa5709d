// Answers "what overlaps this block?" and "how many are there?" for the subnets of a VPC. Which slot is free: slot-index.ts.
//
// One question about a record just read from a file is answered by walking over it: sorting would cost more than the answer. A record that
// an addition has made is one of a series, a batch of perhaps a thousand lines that must not compare each with each: there the answers
// come from an index in O(log n). The World stays plain data: the index hangs on the record from outside, in a WeakMap, and an operation
// that adds one subnet hands it on (`recordAddition`).
import { lowest } from "./binary-search.ts";
import { cidrRange, readRange, type Cidr4 } from "./cidr.ts";
import { recordSlot } from "./slot-index.ts";
import type { Subnet } from "./world.ts";

type Subnets = Readonly<Record<string, Subnet>>;

interface SubnetIndex {
  /** By network address. The subnets of a valid VPC do not overlap, so they are in order of their last addresses too. */
  readonly byAddress: readonly Subnet[];
}

const indexes = new WeakMap<Subnets, SubnetIndex>();
/** Records that an addition made; they get an index when they are asked about. */
const grown = new WeakSet<Subnets>();

/** The first subnet, by address, that shares an address with the block. */
export function overlappingSubnet(subnets: Subnets, cidr: Cidr4): Subnet | undefined {
  const index = indexOf(subnets);
  if (index === undefined) return firstOverlapping(Object.values(subnets), cidr);
  const { base, size } = cidrRange(cidr);
  const { byAddress } = index;
  const candidate = byAddress[firstEndingAfter(byAddress, base)];
  return candidate !== undefined && cidrRange(candidate.cidr).base < base + size ? candidate : undefined;
}

/** By walking over all. */
function firstOverlapping(subnets: readonly Subnet[], cidr: Cidr4): Subnet | undefined {
  const { base, size } = cidrRange(cidr);
  const mayOverlap = neighbourhood(cidr);
  let first: Subnet | undefined;
  let lowestBase = Infinity;
  for (const subnet of subnets) {
    if (!mayOverlap(subnet.cidr)) continue;
    const range = readRange(subnet.cidr);
    if (range.base >= base + size || base >= range.base + range.size || range.base >= lowestBase) continue;
    first = subnet;
    lowestBase = range.base;
  }
  return first;
}

/** False only for what cannot share an address with the block: told by the text, which takes a program that has just started a tenth of the time of reading it. */
function neighbourhood(cidr: Cidr4): (other: Cidr4) => boolean {
  const lead = cidr.slice(0, cidr.lastIndexOf(".") + 1);
  // From /24 on all addresses of a block begin with the same three numbers. Of one digit, a prefix has its slash here, which comes before all digits.
  const isSmall = (block: Cidr4): boolean => block.slice(-2) >= "24";
  return isSmall(cidr) ? (other) => other.startsWith(lead) || !isSmall(other) : () => true;
}

export function subnetCount(subnets: Subnets): number {
  return indexOf(subnets)?.byAddress.length ?? Object.keys(subnets).length;
}

/** Says that `after` is `before` and one subnet more, so that its index need not be built from all. */
export function recordAddition(before: Subnets, after: Subnets, added: Subnet): void {
  recordSlot(before, after, added.slot);
  const index = indexOf(before);
  if (index === undefined) {
    grown.add(after);
    return;
  }
  const { byAddress } = index;
  const place = firstEndingAfter(byAddress, cidrRange(added.cidr).base);
  indexes.set(after, { byAddress: byAddress.toSpliced(place, 0, added) });
}

function indexOf(subnets: Subnets): SubnetIndex | undefined {
  const known = indexes.get(subnets);
  if (known !== undefined || !grown.has(subnets)) return known;
  const all = Object.values(subnets);
  const index = { byAddress: all.toSorted((a, b) => cidrRange(a.cidr).base - cidrRange(b.cidr).base) };
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
