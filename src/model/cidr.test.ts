import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { Address4 } from "ip-address";
import {
  broadcast,
  cidrRange,
  contains,
  containsAddress,
  ipToNumber,
  nthAddress,
  numberToIp,
  overlaps,
  parseCidr4,
  parseIpv4,
  tryParseCidr4,
  type Cidr4,
} from "./cidr.ts";

const address = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const prefix = fc.integer({ min: 0, max: 32 });

/** Any block, its base made by the oracle. */
const block = fc.tuple(address, prefix).map(([number, length]) => {
  const start = new Address4(`${Address4.fromBigInt(BigInt(number)).correctForm()}/${length}`).startAddress();
  return parseCidr4(`${start.correctForm()}/${length}`);
});

/** Two blocks, often with something in common: blocks drawn apart hardly ever meet. */
const twoBlocks = fc.oneof(
  fc.tuple(block, block),
  fc.tuple(block, prefix, fc.nat()).map(([outer, length, n]): [Cidr4, Cidr4] => {
    const { base, size } = cidrRange(outer);
    const within = base + (n % size);
    const step = 2 ** (32 - length);
    return [outer, parseCidr4(`${numberToIp(within - (within % step))}/${length}`)];
  }),
);

const problemOf = (text: string) => {
  const parsed = tryParseCidr4(text);
  return "problem" in parsed ? parsed.problem : undefined;
};

describe("a block agrees with the oracle", () => {
  test("about first address, last address and size", () => {
    fc.assert(
      fc.property(block, (cidr) => {
        const oracle = new Address4(cidr);
        const { base, prefix: length, size } = cidrRange(cidr);
        expect(numberToIp(base)).toBe(parseIpv4(oracle.startAddress().correctForm()));
        expect(broadcast(cidr)).toBe(parseIpv4(oracle.endAddress().correctForm()));
        expect(length).toBe(oracle.subnetMask);
        expect(BigInt(size)).toBe(oracle.endAddress().bigInt() - oracle.startAddress().bigInt() + 1n);
      }),
    );
  });

  test("about containing another block, and overlap is containing one way or the other", () => {
    fc.assert(
      fc.property(twoBlocks, ([a, b]) => {
        const bInA = new Address4(b).isInSubnet(new Address4(a));
        const aInB = new Address4(a).isInSubnet(new Address4(b));
        expect(contains(a, b)).toBe(bInA);
        expect(contains(b, a)).toBe(aInB);
        expect(overlaps(a, b)).toBe(aInB || bInA);
      }),
    );
  });

  test("about containing an address", () => {
    fc.assert(
      fc.property(block, address, fc.nat(), (cidr, anywhere, n) => {
        const { base, size } = cidrRange(cidr);
        for (const number of [anywhere, base + (n % size), (base + size) % 2 ** 32]) {
          const ip = numberToIp(number);
          expect(containsAddress(cidr, ip)).toBe(new Address4(ip).isInSubnet(new Address4(cidr)));
        }
      }),
    );
  });

  test("about the number of an address", () => {
    fc.assert(
      fc.property(address, (number) => {
        const oracle = Address4.fromBigInt(BigInt(number)).correctForm();
        expect(numberToIp(number)).toBe(parseIpv4(oracle));
        expect(ipToNumber(parseIpv4(oracle))).toBe(number);
      }),
    );
  });
});

describe("the parser", () => {
  test("takes what it prints", () => {
    fc.assert(fc.property(block, (cidr) => expect(parseCidr4(`${numberToIp(cidrRange(cidr).base)}/${cidrRange(cidr).prefix}`)).toBe(cidr)));
  });

  test("takes no text that the oracle refuses", () => {
    const nearlyABlock = fc.string({ unit: fc.constantFrom(...Array.from("0123456789./ x-")), maxLength: 20 });
    fc.assert(fc.property(nearlyABlock, (text) => problemOf(text) !== undefined || Address4.isValid(text)), { numRuns: 2000 });
  });

  test("names the block that was meant when host bits are set", () => {
    fc.assert(
      fc.property(block.filter((cidr) => cidrRange(cidr).size > 1), fc.nat(), (cidr, n) => {
        const { base, prefix: length, size } = cidrRange(cidr);
        const problem = problemOf(`${numberToIp(base + 1 + (n % (size - 1)))}/${length}`);
        expect(problem?.message).toContain("host bits are set");
        expect(problem?.hint).toContain(cidr);
      }),
    );
  });

  test.each([
    ["10.0.1.0", "it has no prefix length", "Perhaps 10.0.1.0/24 is meant."],
    ["10.0.01.0/24", "01 has a leading zero", "10.0.1.0/24"],
    ["10.0.1.0/024", "its prefix length", "10.0.1.0/24"],
    ["10.0.1.0/33", "its prefix length", "10.0.1.0/24"],
    ["10.0.1.0/", "its prefix length", "10.0.1.0/24"],
    ["10.0.1.0/-1", "its prefix length", "10.0.1.0/24"],
    ["10.0.1.0/24\n", "its prefix length", "10.0.1.0/24"],
    ["10.0.1.0/24/24", "its prefix length", "10.0.1.0/24"],
    ["256.0.0.0/8", '"256" is not a number from 0 to 255', "10.0.1.0/24"],
    ["10.0.1/24", "four numbers", "10.0.1.0/24"],
    ["10.0.1.0.0/24", "four numbers", "10.0.1.0/24"],
    [" 10.0.0.0/8", '" 10" is not a number', "10.0.1.0/24"],
    ["1e1.0.0.0/8", '"1e1" is not a number', "10.0.1.0/24"],
    ["0x0a.0.0.0/8", '"0x0a" is not a number', "10.0.1.0/24"],
    ["١٠.0.0.0/8", "is not a number", "10.0.1.0/24"],
    ["::/0", "four numbers", "10.0.1.0/24"],
    ["", "it has no prefix length", "10.0.1.0/24"],
  ])("refuses %j and says why", (text, why, hint) => {
    expect(problemOf(text)).toMatchObject({ code: "InvalidParameterValue", message: expect.stringContaining(why), hint: expect.stringContaining(hint) });
  });

  test("shows a terminal no control characters and no megabytes", () => {
    const message = problemOf(`\u001b[31m\u009b${"9".repeat(1e6)}`)?.message ?? "";
    expect(message.length).toBeLessThan(300);
    expect(message).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  });
});

test("an address outside its block is a bug, not a wrong address", () => {
  const cidr = parseCidr4("10.0.0.0/30");
  expect(nthAddress(cidr, 3)).toBe(parseIpv4("10.0.0.3"));
  expect(() => nthAddress(cidr, 4)).toThrow(RangeError);
  expect(() => nthAddress(cidr, -1)).toThrow(RangeError);
  expect(() => nthAddress(cidr, 0.5)).toThrow(RangeError);
  expect(() => nthAddress(cidr, Number.NaN)).toThrow(RangeError);
});
