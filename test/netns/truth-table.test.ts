// Gate 4, the short way: ten models. `npm run gate` tries 500.
import { describe, expect, test } from "bun:test";
import { TruthMachine } from "../gate/truth-table/machine.ts";
import { tryModel } from "../gate/truth-table/truth-table.ts";

describe("oracle, analyzer and packets are of one opinion", () => {
  for (let seed = 2000; seed < 2010; seed++) {
    test(`on model ${seed}`, async () => {
      await using machine = await TruthMachine.open();
      expect(await tryModel(machine, seed, { questions: 0, reached: 0 })).toEqual([]);
    });
  }
});
