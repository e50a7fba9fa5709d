// Gate 4. Ten models a test, so that a failure says which; each failing seed prints the pairs and the three opinions, and its World is made
// again by `randomWorld`.
import { describe, expect, test } from "bun:test";
import { TruthMachine } from "./machine.ts";
import { tryModel } from "./truth-table.ts";

const models = 500;
const perTest = 10;

describe("oracle, analyzer and packets are of one opinion about every pair, after every change", () => {
  for (let first = 0; first < models; first += perTest) {
    test(`on models ${first} to ${first + perTest - 1}`, async () => {
      const complaints: string[] = [];
      const tally = { questions: 0, reached: 0 };
      await using machine = await TruthMachine.open();
      for (let seed = first; seed < first + perTest; seed++) complaints.push(...(await tryModel(machine, seed, tally)));
      expect(complaints).toEqual([]);
      // Opinions that are always no, or always yes, would prove nothing.
      expect(tally.reached).toBeGreaterThan(0);
      expect(tally.reached).toBeLessThan(tally.questions);
    });
  }
});
