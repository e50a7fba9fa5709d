import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { complement, disjoint, domains, rangeText, union, type Pair, type Range } from "./range-pairs.ts";

// A small world: all of its numbers can be tried.
const size = 12;
const numbers = Array.from({ length: size }, (_, n) => BigInt(n));
const small = { last: BigInt(size - 1), text: String };
const range: fc.Arbitrary<Range> = fc
  .tuple(fc.integer({ min: 0, max: size - 1 }), fc.integer({ min: 0, max: size - 1 }))
  .map(([a, b]) => [BigInt(Math.min(a, b)), BigInt(Math.max(a, b))]);
const pair: fc.Arbitrary<Pair> = fc.record({ from: range, to: range });

const holds = ([first, last]: Range, number: bigint): boolean => first <= number && number <= last;
const covering = (pairs: readonly Pair[], from: bigint, to: bigint): number => pairs.filter((one) => holds(one.from, from) && holds(one.to, to)).length;

describe("any pairs, made disjoint,", () => {
  test("are the same pairs of numbers, each once", () => {
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 8 }), (pairs) => {
        const apart = disjoint(pairs);
        for (const from of numbers) for (const to of numbers) expect(covering(apart, from, to)).toBe(Math.min(covering(pairs, from, to), 1));
      }),
    );
  });

  test("stay as they are when they are disjoint already", () => {
    const pairs: Pair[] = [{ from: [1n, 2n], to: [5n, 6n] }, { from: [4n, 4n], to: [0n, 9n] }];
    expect(disjoint(pairs)).toEqual(pairs);
    expect(disjoint([])).toEqual([]);
  });
});

test("ranges and what they leave out make up everything, and neither holds anything twice", () => {
  fc.assert(
    fc.property(fc.array(range, { maxLength: 6 }), (ranges) => {
      const [inside, outside] = [union(ranges), complement(small, ranges)];
      for (const number of numbers) {
        const wanted = ranges.some((one) => holds(one, number));
        expect([inside.filter((one) => holds(one, number)).length, outside.filter((one) => holds(one, number)).length]).toEqual(wanted ? [1, 0] : [0, 1]);
      }
    }),
  );
});

test("a range is written as nft reads it", () => {
  expect(rangeText(domains.ipv4, [0x0a000100n, 0x0a0001ffn])).toBe("10.0.1.0-10.0.1.255");
  expect(rangeText(domains.ipv4, [0x0a000104n, 0x0a000104n])).toBe("10.0.1.4");
  expect(rangeText(domains.mac, [0n, domains.mac.last])).toBe("00:00:00:00:00:00-ff:ff:ff:ff:ff:ff");
  expect(rangeText(domains.ipv6, [1n, domains.ipv6.last])).toBe("::1-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
});
