import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { Address6 } from "ip-address";
import { cidrContains, cidrContainsAddress, cidrsOverlap, parseCidr, tryParseCidr } from "./cidr-any.ts";
import { parseIpv4 } from "./cidr.ts";
import {
  cidr6Range,
  contains6,
  containsAddress6,
  ipv6ToNumber,
  nthAddress6,
  nthSubnet6,
  numberToIpv6,
  overlaps6,
  parseCidr6,
  parseIpv6,
  tryParseCidr6,
  tryParseIpv6,
  type Cidr6,
} from "./cidr6.ts";

/** Zeros are frequent: they are what the short form is about. The first group keeps clear of what stands for IPv4. */
const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }));
const groups = fc.tuple(fc.integer({ min: 1, max: 0xffff }), ...Array.from({ length: 7 }, () => group));
const address = groups.map((words) => BigInt(`0x${words.map((word) => word.toString(16).padStart(4, "0")).join("")}`));
const prefix = fc.integer({ min: 0, max: 128 });

/** Any block, its base made by the oracle. */
const block = fc.tuple(address, prefix).map(([number, length]) => {
  const start = new Address6(`${Address6.fromBigInt(number).correctForm()}/${length}`).startAddress();
  return { cidr: `${start.correctForm()}/${length}` };
}).filter(({ cidr }) => "value" in tryParseCidr6(cidr)).map(({ cidr }) => parseCidr6(cidr));

/** Two blocks, often with something in common: blocks drawn apart hardly ever meet. */
const twoBlocks = fc.oneof(
  fc.tuple(block, block),
  fc.tuple(block, prefix).map(([outer, length]): [Cidr6, Cidr6] => {
    const step = 1n << BigInt(128 - length);
    const { base } = cidr6Range(outer);
    const parsed = tryParseCidr6(`${numberToIpv6(base - (base % step))}/${length}`);
    return [outer, "value" in parsed ? parsed.value : outer];
  }),
);

const problemOf = (text: string) => {
  const parsed = tryParseCidr(text);
  return "problem" in parsed ? parsed.problem : undefined;
};

describe("a block agrees with the oracle", () => {
  test("about first address, last address and size", () => {
    fc.assert(
      fc.property(block, (cidr) => {
        const oracle = new Address6(cidr);
        const { base, prefix: length, size } = cidr6Range(cidr);
        expect(base).toBe(oracle.startAddress().bigInt());
        expect(base + size - 1n).toBe(oracle.endAddress().bigInt());
        expect(length).toBe(oracle.subnetMask);
        expect(nthAddress6(cidr, size - 1n)).toBe(parseIpv6(oracle.endAddress().correctForm()));
      }),
    );
  });

  test("about containing another block, and overlap is containing one way or the other", () => {
    fc.assert(
      fc.property(twoBlocks, ([a, b]) => {
        const bInA = new Address6(b).isInSubnet(new Address6(a));
        const aInB = new Address6(a).isInSubnet(new Address6(b));
        expect([contains6(a, b), contains6(b, a), overlaps6(a, b)]).toEqual([bInA, aInB, aInB || bInA]);
        expect([cidrContains(a, b), cidrsOverlap(a, b)]).toEqual([bInA, aInB || bInA]);
      }),
    );
  });

  test("about containing an address", () => {
    fc.assert(
      fc.property(block, address, (cidr, anywhere) => {
        const { base, size } = cidr6Range(cidr);
        for (const number of [anywhere, base + (anywhere % size)]) {
          const ip = numberToIpv6(number);
          expect(containsAddress6(cidr, ip)).toBe(new Address6(ip).isInSubnet(new Address6(cidr)));
        }
      }),
    );
  });
});

describe("the parser", () => {
  test("makes the canonical form of every way to write an address", () => {
    const writings = fc.tuple(groups, fc.boolean(), fc.boolean()).map(([words, padded, capital]) => {
      const text = words.map((word) => (padded ? word.toString(16).padStart(4, "0") : word.toString(16))).join(":");
      return capital ? text.toUpperCase() : text;
    });
    fc.assert(
      fc.property(writings, (text) => {
        const oracle = new Address6(text);
        expect(parseIpv6(text)).toBe(oracle.correctForm() as ReturnType<typeof parseIpv6>);
        expect(parseIpv6(oracle.correctForm())).toBe(parseIpv6(text));
        expect(parseCidr6(`${text}/128`)).toBe(parseCidr6(`${oracle.correctForm()}/128`));
        expect(ipv6ToNumber(parseIpv6(text))).toBe(oracle.bigInt());
      }),
    );
  });

  test("takes no text that the oracle refuses", () => {
    const nearlyABlock = fc.string({ unit: fc.constantFrom(...Array.from("0123456789abcdef:::::::/ x%.")), maxLength: 24 });
    fc.assert(fc.property(nearlyABlock, (text) => "problem" in tryParseCidr6(text) || Address6.isValid(text)), { numRuns: 5000 });
    fc.assert(fc.property(nearlyABlock, (text) => "problem" in tryParseIpv6(text) || Address6.isValid(text)), { numRuns: 5000 });
  });

  test("names the block that was meant when host bits are set", () => {
    fc.assert(
      fc.property(block.filter((cidr) => cidr6Range(cidr).size > 1n), (cidr) => {
        const problem = problemOf(`${nthAddress6(cidr, 1n)}/${cidr6Range(cidr).prefix}`);
        expect(problem?.message).toContain("host bits are set");
        expect(problem?.hint).toContain(cidr);
      }),
    );
  });

  test.each([
    ["fd00::1", "it has no prefix length", "fd00::1/128"],
    ["fd00::/129", "its prefix length", "fd00:"],
    ["fd00::/08", "its prefix length", "fd00:"],
    ["fd00::/", "its prefix length", "fd00:"],
    ["fd00::/-1", "its prefix length", "fd00:"],
    ["fd00::/56\n", "its prefix length", "fd00:"],
    ["fd00::/8/8", "its prefix length", "fd00:"],
    ["fd00::1::/64", "more than once", "fd00:"],
    ["fd00:::/64", "more than once", "fd00:"],
    ["::::/64", "more than once", "fd00:"],
    [":fd00::/64", "single colon", "fd00:"],
    ["fd00::1:/64", "single colon", "fd00:"],
    ["1:2:3:4:5:6:7/64", "eight groups", "fd00:"],
    ["1:2:3:4:5:6:7:8:9/64", "eight groups", "fd00:"],
    ["1:2:3:4::5:6:7:8/128", "besides `::`", "fd00:"],
    ["fd000::/64", '"fd000" is not a hexadecimal number', "fd00:"],
    ["fg00::/64", '"fg00" is not a hexadecimal number', "fd00:"],
    [" fd00::/64", '" fd00" is not a hexadecimal number', "fd00:"],
    ["fe80::1%eth0/64", "zone", "fd00:"],
    ["::ffff:10.0.0.1/128", "write it alone", "fd00:"],
    ["::ffff:a00:1/128", "stands for an IPv4 address", "fd00:"],
    ["::a00:1/128", "stands for an IPv4 address", "fd00:"],
  ])("refuses %j and says why", (text, why, hint) => {
    expect(problemOf(text)).toMatchObject({ code: "InvalidParameterValue", message: expect.stringContaining(why), hint: expect.stringContaining(hint) });
  });

  test("shows a terminal no control characters and no megabytes", () => {
    const message = problemOf(`\u001b[31m\u009b::${"0".repeat(1e6)}/64`)?.message ?? "";
    expect(message).toContain("too long");
    expect(message.length).toBeLessThan(300);
    expect(message).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  });

  test("knows the two kinds of blocks apart", () => {
    expect([parseCidr("10.0.0.0/8"), parseCidr("FD00:0:0::/8"), parseCidr("::/0"), parseCidr("::1/128")].map(String)).toEqual([
      "10.0.0.0/8", "fd00::/8", "::/0", "::1/128",
    ]);
    expect(problemOf("10.0.0.1/8")?.hint).toContain("10.0.0.0/8");
    expect(cidrsOverlap(parseCidr("0.0.0.0/0"), parseCidr("::/0"))).toBe(false);
    expect(cidrContains(parseCidr("::/0"), parseCidr("10.0.0.0/8"))).toBe(false);
    expect(cidrContainsAddress(parseCidr("::/0"), parseIpv4("10.0.0.1"))).toBe(false);
    expect(cidrContainsAddress(parseCidr("10.0.0.0/8"), parseIpv6("fd00::1"))).toBe(false);
    expect(cidrContainsAddress(parseCidr("10.0.0.0/8"), parseIpv4("10.0.0.1"))).toBe(true);
    expect(cidrContainsAddress(parseCidr("fd00::/8"), parseIpv6("fd00::1"))).toBe(true);
  });
});

test("the subnets of a block stand one after the other and fill it", () => {
  const vpc = parseCidr6("fd00:1234:5678:ff00::/56");
  expect(nthSubnet6(vpc, 64, 0)).toBe(parseCidr6("fd00:1234:5678:ff00::/64"));
  expect(nthSubnet6(vpc, 64, 255)).toBe(parseCidr6("fd00:1234:5678:ffff::/64"));
  expect(() => nthSubnet6(vpc, 64, 256)).toThrow(RangeError);
  expect(() => nthSubnet6(vpc, 64, -1)).toThrow(RangeError);
  expect(() => nthSubnet6(vpc, 48, 0)).toThrow(RangeError);
});

test("an address outside its block is a bug, not a wrong address", () => {
  const cidr = parseCidr6("fd00::/126");
  expect(nthAddress6(cidr, 3n)).toBe(parseIpv6("fd00::3"));
  expect(() => nthAddress6(cidr, 4n)).toThrow(RangeError);
  expect(() => nthAddress6(cidr, -1n)).toThrow(RangeError);
  expect(() => numberToIpv6(1n << 128n)).toThrow(RangeError);
});
