// Two of the truth table's three opinions, which need no machine, on Worlds that the gate asks packets about.
import { expect, test } from "bun:test";
import { opinionsOn, questionsOf, sayQuestion } from "../gate/truth-table/questions.ts";
import { firstVersions, randomWorld } from "../gate/truth-table/random-world.ts";

const seeds = Array.from({ length: 10 }, (_, seed) => 5000 + seed);

test("oracle and analyzer agree about every pair of random Worlds", () => {
  let [reached, questions] = [0, 0];
  for (const seed of seeds) {
    const world = randomWorld(seed, firstVersions);
    for (const question of questionsOf(world)) {
      const { oracle, analyzer } = opinionsOn(world, question);
      expect(`seed ${seed}: ${sayQuestion(question)} ${String(analyzer)}`).toBe(`seed ${seed}: ${sayQuestion(question)} ${String(oracle)}`);
      questions++;
      if (oracle) reached++;
    }
  }
  expect(reached / questions).toBeWithin(0.05, 0.95);
});

test("numbers, slots and the order of parts have no say in it", () => {
  for (const seed of seeds.slice(0, 4)) {
    const [world, permuted] = [randomWorld(seed, firstVersions), randomWorld(seed, firstVersions, 1)];
    for (const question of questionsOf(world)) expect(opinionsOn(permuted, question)).toEqual(opinionsOn(world, question));
  }
});
