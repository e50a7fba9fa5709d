import { expect, test } from "bun:test";
import { firstVersions, randomWorld } from "./random-world.ts";
import { analysisOf, opinionsOn, questionsOf, sayQuestion } from "./questions.ts";

test("oracle and analyzer agree", () => {
  let [yes, no, bad] = [0, 0, 0];
  const from = Number(process.env["SEED"] ?? 0), count = Number(process.env["COUNT"] ?? 200);
  for (let seed = from; seed < from + count; seed++) {
    const world = randomWorld(seed, firstVersions);
    for (const q of questionsOf(world)) {
      const o = opinionsOn(world, q);
      if (o.oracle) yes++; else no++;
      if (o.oracle !== o.analyzer && bad++ < 6) console.log(seed, sayQuestion(q), o, JSON.stringify(analysisOf(world, q), null, 1));
    }
  }
  console.log({ yes, no, bad });
  expect(bad).toBe(0);
}, 600000);
