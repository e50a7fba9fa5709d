import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { nthAddress, parseCidr4, type Cidr4, type Ipv4 } from "./cidr.ts";
import { defaultPublicPool, freePublicAddress, publicAddressesIn } from "./public-pool.ts";
import { emptyWorld, type Subnet, type Vpc, type World } from "./world.ts";

/** The lowest free one by looking at all. */
function lowestFree(world: World, pool: Cidr4, size: number): Ipv4 | undefined {
  const taken = new Set(publicAddressesIn(world));
  for (let n = 2; n < size - 1; n++) if (!taken.has(nthAddress(pool, n))) return nthAddress(pool, n);
  return undefined;
}

type Act = { readonly vpc: string; readonly part: string; readonly does: "subnet" | "instance" | "elastic" | "away" };

const act: fc.Arbitrary<Act> = fc.record({
  vpc: fc.constantFrom("a", "b", "constructor"),
  part: fc.constantFrom("x", "y", "constructor"),
  does: fc.constantFrom("subnet", "instance", "elastic", "away"),
});

function apply(world: World, { vpc: name, part, does }: Act, address: Ipv4 | undefined): World {
  if (address === undefined && does !== "away") return world;
  const publicAddress = address as Ipv4;
  if (does === "elastic") return { ...world, elasticIps: { ...world.elasticIps, [part]: { name: part, address: publicAddress } } };
  const old = Object.hasOwn(world.vpcs, name) ? world.vpcs[name] : undefined;
  if (does === "away") {
    const { [name]: _, ...vpcs } = world.vpcs;
    return { ...world, vpcs };
  }
  const cidr = parseCidr4("10.0.0.0/24");
  const subnets = { x: { name: "x", cidr, slot: 2 } };
  const vpc: Vpc = old ?? { name, number: 1, cidr: parseCidr4("10.0.0.0/16"), subnets, routeTables: {}, internetGateway: false };
  const subnet: Subnet = { name: part, cidr, slot: 0, publicAddress };
  const instance = { name: part, subnet: "x", address: nthAddress(cidr, 5), slot: 1, state: "running", publicAddress } as const;
  const now = does === "subnet" ? { ...vpc, subnets: { ...vpc.subnets, [part]: subnet } } : { ...vpc, instances: { ...vpc.instances, [part]: instance } };
  return { ...world, vpcs: { ...world.vpcs, [name]: now } };
}

test("the free address is the lowest that nobody has, in whatever order Worlds are asked about", () => {
  const pool = parseCidr4("203.0.113.0/28");
  fc.assert(
    fc.property(fc.array(act, { maxLength: 25 }), fc.array(fc.nat(24)), (acts, again) => {
      const worlds: World[] = [{ ...emptyWorld, publicPool: pool }];
      for (const each of acts) {
        const world = worlds.at(-1) ?? emptyWorld;
        worlds.push(apply(world, each, freePublicAddress(world)));
      }
      for (const world of [...worlds, ...again.flatMap((at) => worlds[at] ?? [])]) expect(freePublicAddress(world)).toBe(lowestFree(world, pool, 16));
      expect(freePublicAddress(emptyWorld)).toBe(nthAddress(defaultPublicPool, 2));
    }),
  );
});
