// Pairs of ranges (rectangles, if one draws them), as nftables keeps them in a set with a two-part key. No two pairs of such a set may
// overlap; what is asked for may.
import { numberToIp } from "../../../model/cidr.ts";
import { numberToIpv6 } from "../../../model/cidr6.ts";

/** First and last number, both included. */
export type Range = readonly [first: bigint, last: bigint];

export interface Pair {
  readonly from: Range;
  readonly to: Range;
}

/** A kind of number that nftables knows. */
export interface Domain {
  readonly last: bigint;
  text(number: bigint): string;
}

export const domains = {
  ipv4: { last: 2n ** 32n - 1n, text: (number) => numberToIp(Number(number)) },
  ipv6: { last: 2n ** 128n - 1n, text: numberToIpv6 },
  mac: { last: 2n ** 48n - 1n, text: (number) => number.toString(16).padStart(12, "0").replace(/..(?!$)/g, "$&:") },
} as const satisfies Record<string, Domain>;

/** As nft writes it. */
export const rangeText = (domain: Domain, [first, last]: Range): string =>
  first === last ? domain.text(first) : `${domain.text(first)}-${domain.text(last)}`;

/** Everything else, in ranges. */
export function complement(domain: Domain, ranges: readonly Range[]): Range[] {
  const rest: Range[] = [];
  let next = 0n;
  for (const [first, last] of union(ranges)) {
    if (first > next) rest.push([next, first - 1n]);
    next = last + 1n;
  }
  if (next <= domain.last) rest.push([next, domain.last]);
  return rest;
}

/** In ascending order, apart, and as few as can be. */
export function union(ranges: readonly Range[]): Range[] {
  const apart: [bigint, bigint][] = [];
  for (const [first, last] of ranges.toSorted(([a], [b]) => compare(a, b))) {
    const previous = apart.at(-1);
    if (previous === undefined || first > previous[1] + 1n) apart.push([first, last]);
    else if (last > previous[1]) previous[1] = last;
  }
  return apart;
}

/** The same pairs of numbers, in pairs of ranges that do not overlap. */
export function disjoint(pairs: readonly Pair[]): Pair[] {
  // Between two neighbouring edges on the one side, the same ranges hold on the other.
  const edges = [...new Set(pairs.flatMap(({ from: [first, last] }) => [first, last + 1n]))].toSorted(compare);
  const strips = edges.flatMap((edge, at) => {
    const end = edges[at + 1];
    if (end === undefined) return [];
    const over = pairs.filter(({ from: [first, last] }) => first <= edge && edge <= last);
    return over.length === 0 ? [] : [{ from: [edge, end - 1n] as const, to: union(over.map(({ to }) => to)) }];
  });
  return mergeAlike(strips).flatMap(({ from, to }) => to.map((range): Pair => ({ from, to: range })));
}

interface Strip {
  readonly from: Range;
  readonly to: readonly Range[];
}

/** Neighbours with the same other side become one. */
function mergeAlike(strips: readonly Strip[]): Strip[] {
  const merged: Strip[] = [];
  for (const strip of strips) {
    const previous = merged.at(-1);
    if (previous !== undefined && previous.from[1] + 1n === strip.from[0] && String(previous.to) === String(strip.to)) {
      merged[merged.length - 1] = { from: [previous.from[0], strip.from[1]], to: strip.to };
    } else merged.push(strip);
  }
  return merged;
}

function compare(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
