import { expect, test } from "bun:test";
import { peeringAddresses, peeringAddresses6, peeringCapacity, peeringRange, transitRange, wellKnownRange } from "./addresses.ts";
import { containsAddress, overlaps } from "./cidr.ts";
import { tryParseIpv6 } from "./cidr6.ts";
import { allowedCidrs, peeringBetween, peeringsOf, viewOf, type Peering } from "./peering.ts";
import { emptyWorld, type Vpc, type World } from "./world.ts";

test("every peering has two addresses of its own, none of them at a well-known place or a gateway's", () => {
  const seen = new Set<string>();
  for (let number = 1; number <= peeringCapacity; number++) {
    for (const address of Object.values(peeringAddresses(number))) {
      if (!containsAddress(peeringRange, address) || containsAddress(wellKnownRange, address)) throw new Error(`peering ${number} has ${address}`);
      seen.add(address);
    }
  }
  expect(seen.size).toBe(2 * peeringCapacity);
  expect(overlaps(peeringRange, transitRange)).toBe(false);
  expect(Object.values(peeringAddresses(1)) as readonly string[]).toEqual(["169.254.128.2", "169.254.128.3"]);
  expect(Object.values(peeringAddresses(peeringCapacity)) as readonly string[]).toEqual(["169.254.255.254", "169.254.255.255"]);
});

test("its IPv6 addresses are written as they are read", () => {
  for (const number of [1, 9, 10, 255, peeringCapacity]) {
    for (const address of Object.values(peeringAddresses6(number))) expect(tryParseIpv6(address)).toEqual({ value: address });
  }
});

const vpc = (cidr: string, more: object = {}): Vpc => ({ cidr, ...more }) as unknown as Vpc;
const peering = (name: string, requester: string, accepter: string): Peering => ({ name, number: 1, requester: { vpc: requester }, accepter: { vpc: accepter }, status: "active" });
const world: World = { ...emptyWorld, peerings: { x: peering("x", "a", "b"), y: peering("y", "c", "a") } };

test("each VPC sees its own side first", () => {
  expect(peeringsOf(world, "a").map(({ own, other }) => [own.vpc, other.vpc])).toEqual([["a", "b"], ["a", "c"]]);
  expect(peeringsOf(world, "b").map(({ own, other }) => [own.vpc, other.vpc])).toEqual([["b", "a"]]);
  expect(peeringsOf(world, "nobody")).toEqual([]);
  expect(peeringsOf(emptyWorld, "a")).toEqual([]);
  expect(viewOf(peering("x", "a", "b"), "c")).toBeUndefined();
  expect([peeringBetween(world, "a", "c")?.name, peeringBetween(world, "c", "a")?.name, peeringBetween(world, "b", "c")]).toEqual(["y", "y", undefined]);
});

test("all blocks of the VPC may use a peering, or of those that are named the ones that it has", () => {
  const dual = vpc("10.0.0.0/16", { secondaryCidrs: ["10.5.0.0/16"], ipv6Cidr: "fd00:0:0:a00::/56" });
  expect(allowedCidrs(dual, { vpc: "a" }) as readonly string[]).toEqual(["10.0.0.0/16", "10.5.0.0/16", "fd00:0:0:a00::/56"]);
  const limited = ["10.0.1.0/24", "10.5.1.0/24", "fd00:0:0:a01::/64"] as unknown as NonNullable<Peering["requester"]["cidrs"]>;
  expect(allowedCidrs(dual, { vpc: "a", cidrs: limited })).toEqual(limited);
  expect(allowedCidrs(vpc("10.0.0.0/16"), { vpc: "a", cidrs: limited }) as readonly string[]).toEqual(["10.0.1.0/24"]);
});
