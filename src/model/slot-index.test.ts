import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { parseCidr4, parseIpv4 } from "./cidr.ts";
import type { Instance } from "./instance.ts";
import { freeSlot, recordSlot } from "./slot-index.ts";
import type { Named, Subnet } from "./world.ts";

const subnet = (name: string, slot: number): Subnet => ({ name, cidr: parseCidr4("10.0.0.0/24"), slot });
const instance = (name: string, slot: number): Instance => ({ name, subnet: "s", address: parseIpv4("10.0.0.5"), slot, state: "running" });

test("the free slot is the lowest that neither a subnet nor an instance has, whether handed on or counted anew", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(12), { maxLength: 12 }), fc.array(fc.boolean()), fc.array(fc.boolean()), (slots, kinds, asks) => {
      let subnets: Named<Subnet> = {};
      let instances: Named<Instance> | undefined;
      const taken = new Set<number>();
      for (const [at, slot] of slots.entries()) {
        taken.add(slot);
        const name = `x${at}`;
        if (kinds[at] === true) {
          const after: Named<Subnet> = { ...subnets, [name]: subnet(name, slot) };
          recordSlot(subnets, after, slot);
          subnets = after;
        } else {
          const after: Named<Instance> = { ...instances, [name]: instance(name, slot) };
          recordSlot(instances, after, slot);
          instances = after;
        }
        if (asks[at] === false) continue;
        let lowest = 0;
        while (taken.has(lowest)) lowest++;
        const vpc = { subnets, ...(instances === undefined ? {} : { instances }) };
        expect(freeSlot(vpc)).toBe(lowest);
        expect(freeSlot({ subnets: { ...subnets }, ...(instances === undefined ? {} : { instances: { ...instances } }) })).toBe(lowest);
      }
    }),
  );
});
