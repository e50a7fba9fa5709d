import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { cidrRange, numberToIp, overlaps, parseCidr4, type Cidr4 } from "./cidr.ts";
import { overlappingSubnet, recordAddition, subnetCount } from "./subnet-index.ts";
import type { Subnet } from "./world.ts";

const block = fc.tuple(fc.nat(1023), fc.oneof({ weight: 20, arbitrary: fc.integer({ min: 22, max: 29 }) }, fc.constant(8))).map(([offset, prefix]): Cidr4 => {
  const size = 2 ** (32 - prefix);
  return parseCidr4(`${numberToIp(0x0a000000 + offset - (offset % size))}/${prefix}`);
});

test("what the index says is what comparing each with each says, also when it is handed on", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(block, fc.nat(20)), { maxLength: 30 }), block, (wanted, asked) => {
      let subnets: Readonly<Record<string, Subnet>> = {};
      for (const [cidr, slot] of wanted) {
        const all = Object.values(subnets);
        const clash = all.find((subnet) => overlaps(subnet.cidr, cidr));
        expect(overlappingSubnet(subnets, cidr) === undefined).toBe(clash === undefined);
        if (clash !== undefined || all.some((subnet) => subnet.slot === slot)) continue;
        const added = { name: `s${all.length}`, cidr, slot };
        const next = { ...subnets, [added.name]: added };
        recordAddition(subnets, next, added);
        subnets = next;
      }
      const all = Object.values(subnets);
      const copy = { ...subnets };
      const first = all.filter((subnet) => overlaps(subnet.cidr, asked)).toSorted((a, b) => cidrRange(a.cidr).base - cidrRange(b.cidr).base)[0];
      for (const each of [subnets, copy]) {
        expect(overlappingSubnet(each, asked)).toBe(first);
        expect(subnetCount(each)).toBe(all.length);
      }
    }),
  );
});
