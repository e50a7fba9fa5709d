import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { numberToIp, type Cidr4 } from "../../../model/cidr.ts";
import { numberToIpv6, type Cidr6 } from "../../../model/cidr6.ts";
import type { Cidr } from "../../../model/cidr-any.ts";
import type { Traffic } from "../../../model/security-group.ts";
import { disjointElements, type BlockTraffic } from "./disjoint-elements.ts";

const rule = (cidr: string, traffic: Traffic): BlockTraffic => ({ cidr: cidr as Cidr, traffic });
const tcp = (from: number, to = from): Traffic => ({ protocol: "tcp", ports: { from, to } });

describe("rules as elements", () => {
  test("one element for a rule that overlaps nothing", () => {
    expect(disjointElements([rule("10.0.0.0/8", tcp(80)), rule("192.0.2.1/32", { protocol: "icmp", icmp: { type: 8 } })])).toEqual([
      "10.0.0.0/8 . 6 . 80",
      "192.0.2.1 . 1 . 2048-2303",
    ]);
    expect(disjointElements([rule("0.0.0.0/0", { protocol: "all" })])).toEqual(["0.0.0.0/0 . 0-255 . 0-65535"]);
    expect(disjointElements([rule("fd00::1/128", { protocol: "icmpv6", icmp: { type: 1, code: 4 } })])).toEqual(["fd00::1 . 58 . 260"]);
  });

  test("a block inside another has only what it adds", () => {
    expect(disjointElements([rule("10.1.0.0/16", tcp(80, 90)), rule("10.0.0.0/8", tcp(80))])).toEqual(["10.0.0.0/8 . 6 . 80", "10.1.0.0/16 . 6 . 81-90"]);
    expect(disjointElements([rule("10.1.0.0/16", tcp(80)), rule("10.0.0.0/8", { protocol: "all" })])).toEqual(["10.0.0.0/8 . 0-255 . 0-65535"]);
    expect(disjointElements([rule("10.1.0.0/16", { protocol: "all" }), rule("10.0.0.0/8", { protocol: "tcp" })])).toEqual([
      "10.0.0.0/8 . 6 . 0-65535",
      "10.1.0.0/16 . 0-5 . 0-65535",
      "10.1.0.0/16 . 7-255 . 0-65535",
    ]);
  });

  test("rules of one block that overlap are one, and those that only touch are not: one more is one element more", () => {
    expect(disjointElements([rule("10.0.0.0/8", tcp(80, 90)), rule("10.0.0.0/8", tcp(85, 100)), rule("10.0.0.0/8", tcp(101))])).toEqual([
      "10.0.0.0/8 . 6 . 80-100",
      "10.0.0.0/8 . 6 . 101",
    ]);
  });
});

// Few addresses and few ports, so that almost everything overlaps; the ends of both ranges are among them.
const corner = fc.constantFrom(0, 1, 79, 80, 81, 443, 65_534, 65_535);
const traffic: fc.Arbitrary<Traffic> = fc.oneof(
  fc.constant<Traffic>({ protocol: "all" }),
  fc.constantFrom("tcp", "udp", "icmp", "icmpv6").map((protocol): Traffic => ({ protocol })),
  fc.tuple(fc.constantFrom("tcp", "udp"), corner, corner).map(([protocol, a, b]): Traffic => ({ protocol, ports: { from: Math.min(a, b), to: Math.max(a, b) } })),
  fc.tuple(fc.constantFrom("icmp", "icmpv6"), fc.constantFrom(0, 8, 255)).map(([protocol, type]): Traffic => ({ protocol, icmp: { type } })),
  fc.tuple(fc.constantFrom("icmp", "icmpv6"), fc.constantFrom(0, 8, 255), fc.constantFrom(0, 255)).map(([protocol, type, code]): Traffic => ({ protocol, icmp: { type, code } })),
);
const v4 = fc.tuple(fc.integer({ min: 0, max: 15 }), fc.constantFrom(0, 28, 29, 30, 31, 32)).map(([host, prefix]) => {
  const number = 0x0a_00_00_00 + host;
  return `${numberToIp(number - (number % 2 ** (32 - prefix)))}/${prefix}` as Cidr4;
});
const v6 = fc.tuple(fc.bigInt({ min: 0n, max: 15n }), fc.constantFrom(0n, 124n, 125n, 126n, 127n, 128n)).map(([host, prefix]) => {
  const number = (0xfdn << 120n) + host;
  return `${numberToIpv6(number - (number % (1n << (128n - prefix))))}/${prefix}` as Cidr6;
});

/** A packet as the three parts of an element's key. */
type Packet = readonly [address: number, protocol: number, ports: number];

const numbers: Readonly<Record<string, number>> = { tcp: 6, udp: 17, icmp: 1, icmpv6: 58 };
const hostOf = (text: string): number => Number.parseInt(text.split(/[.:]/).at(-1) || "0", text.includes(":") ? 16 : 10);

/** As one would say it, without any of the arithmetic above. */
function allows({ cidr, traffic: { protocol, ports, icmp } }: BlockTraffic, [address, number, port]: Packet): boolean {
  const [base = "", prefix = ""] = cidr.split("/");
  const missing = (cidr.includes(":") ? 128 : 32) - Number(prefix);
  if (missing < 32 && Math.floor(address / 2 ** missing) !== Math.floor(hostOf(base) / 2 ** missing)) return false;
  if (protocol === "all") return true;
  if (numbers[protocol] !== number) return false;
  if (ports !== undefined) return ports.from <= port && port <= ports.to;
  return icmp === undefined || (icmp.type === port >> 8 && (icmp.code === undefined || icmp.code === (port & 255)));
}

function holds(key: string, [address, number, port]: Packet): boolean {
  const [block = "", protocols = "", ports = ""] = key.split(" . ");
  const between = (value: number, range: string): boolean => {
    const [first, last = first] = range.split("-").map(Number);
    return first !== undefined && last !== undefined && first <= value && value <= last;
  };
  const whole = block.includes("/") ? block : `${block}/${block.includes(":") ? 128 : 32}`;
  return allows(rule(whole, { protocol: "all" }), [address, 0, 0]) && between(number, protocols) && between(port, ports);
}

for (const [kind, block] of [["IPv4", v4], ["IPv6", v6]] as const) {
  test(`${kind}: a packet is in exactly one element when a rule allows it, and in none otherwise`, () => {
    const rules = fc.array(fc.record({ cidr: block, traffic }), { maxLength: 8 });
    const port = fc.oneof(corner, fc.constantFrom(8 * 256, 8 * 256 + 255, 255 * 256, 255));
    const packet = fc.tuple(fc.integer({ min: 0, max: 15 }), fc.constantFrom(0, 1, 2, 6, 7, 17, 47, 58, 255), port);
    fc.assert(
      fc.property(rules, fc.array(packet, { minLength: 20, maxLength: 20 }), (given, packets) => {
        const keys = disjointElements(given);
        for (const one of packets) expect(keys.filter((key) => holds(key, one)).length).toBe(given.some((each) => allows(each, one)) ? 1 : 0);
      }),
      { numRuns: 2000 },
    );
  });
}

test("a thousand rules take milliseconds, not seconds", () => {
  const rules = Array.from({ length: 1000 }, (_, i) => rule(`10.${i >> 4}.${(i & 15) * 16}.0/20`, tcp(1000 + i)));
  expect(disjointElements([rule("10.0.0.0/8", tcp(1500)), ...rules]).length).toBe(1000);
});
