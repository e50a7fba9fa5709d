import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { firstHost, hostCount, isReserved, keptAddress, macOf, resolverAddress, routerAddress, routerMac, transitAddresses, transitRange } from "./addresses.ts";
import { broadcast, cidrRange, containsAddress, nthAddress, numberToIp, parseCidr4, parseIpv4 } from "./cidr.ts";
import { limits } from "./limits.ts";

const address = fc.integer({ min: 0, max: 2 ** 32 - 1 }).map(numberToIp);

test("a subnet's addresses follow AWS's plan", () => {
  const subnet = parseCidr4("10.0.1.0/24");
  const plan = [routerAddress(subnet), resolverAddress(subnet), keptAddress(subnet), firstHost(subnet), broadcast(subnet)];
  expect(plan).toEqual(["10.0.1.1", "10.0.1.2", "10.0.1.3", "10.0.1.4", "10.0.1.255"].map(parseIpv4));
  expect(hostCount(subnet)).toBe(251);
});

test("the smallest subnet allowed has room for its own address, the next smaller one has not", () => {
  const smallest = parseCidr4(`10.0.0.0/${limits.longestAnyPrefix.value}`);
  expect(isReserved(smallest, firstHost(smallest))).toBeFalse();
  expect(() => firstHost(parseCidr4(`10.0.0.0/${limits.longestAnyPrefix.value + 1}`))).toThrow(RangeError);
});

test("exactly five addresses of a subnet are reserved", () => {
  for (const length of [24, 28, 29]) {
    const subnet = parseCidr4(`10.0.0.0/${length}`);
    const all = Array.from({ length: cidrRange(subnet).size }, (_, n) => nthAddress(subnet, n));
    expect(all.filter((each) => !isReserved(subnet, each))).toHaveLength(hostCount(subnet));
  }
});

test("MACs are local unicast, differ when addresses differ, and are never the router's", () => {
  expect(macOf(parseIpv4("10.0.1.4"))).toBe("02:76:0a:00:01:04");
  fc.assert(
    fc.property(address, address, (a, b) => {
      expect(macOf(a)).toMatch(/^02:76(:[0-9a-f]{2}){4}$/);
      expect(macOf(a) === macOf(b)).toBe(a === b);
      // 0.0.0.1 alone would have the router's; 0.0.0.0/8 is refused for VPCs.
      expect(macOf(a) === routerMac).toBe(a === parseIpv4("0.0.0.1"));
    }),
  );
});

test("every VPC number has a transit pair of its own inside the range", () => {
  const seen = new Set<string>();
  for (let number = 1; number <= limits.vpcs.value; number++) {
    const { host, router } = transitAddresses(number);
    for (const end of [host, router]) {
      expect(containsAddress(transitRange, end)).toBeTrue();
      seen.add(end);
    }
  }
  expect(seen.size).toBe(2 * limits.vpcs.value);
  expect(transitAddresses(1)).toEqual({ host: parseIpv4("169.254.64.2"), router: parseIpv4("169.254.64.3") });
  expect(() => transitAddresses(limits.vpcs.value + 1)).toThrow(RangeError);
});
