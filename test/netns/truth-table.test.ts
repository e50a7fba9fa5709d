// Gate 4, the short way: twelve small models, each changed once. `npm run gate` tries 500.
import { describe, expect, test } from "bun:test";
import { TruthMachine } from "../gate/truth-table/machine.ts";
import { firstVersions, randomWorld } from "../gate/truth-table/random-world.ts";
import { disagreements, tryModel } from "../gate/truth-table/truth-table.ts";
import type { Vpc } from "../../src/model/world.ts";

// One to three VPCs; with and without peerings, with and without IPv6. In 127 an IPv6 route leads to a router instance that hangs on another
// bridge than its subnet; in 415 answers would leave by an egress-only gateway.
const seeds = [127, 415, 2000, 2003, 2005, 2009, 2014, 2018, 2023, 2027, 2034, 2035];

describe("oracle, analyzer and packets are of one opinion", () => {
  for (const seed of seeds) {
    test(`on model ${seed}`, async () => {
      await using machine = await TruthMachine.open();
      expect(await tryModel(machine, seed, { questions: 0, reached: 0 }, 1)).toEqual([]);
    });
  }

  test("and packets have one of their own: they notice a wire that is pulled in the model only", async () => {
    await using machine = await TruthMachine.open();
    const world = randomWorld(2034, firstVersions);
    await machine.make(world);
    await machine.listen(world);
    const tally = { questions: 0, reached: 0 };
    expect(await disagreements(machine, world, tally)).toEqual([]);
    expect(tally.reached).toBeGreaterThan(0);
    const pulled = (vpc: Vpc): Vpc => ({ ...vpc, faults: Object.keys(vpc.subnets).map((subnet) => ({ kind: "link-down", a: { subnet } })) });
    const vpcs = Object.fromEntries(Object.values(world.vpcs).map((vpc) => [vpc.name, pulled(vpc)]));
    const found = await disagreements(machine, { ...world, vpcs }, tally);
    expect(found.length).toBeGreaterThan(0);
    expect(found.every((line) => /oracle no, analyzer no \(.*packets yes$/.test(line))).toBeTrue();
  });
});
