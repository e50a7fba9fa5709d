import { expect, test } from "bun:test";
import { TruthMachine } from "./machine.ts";
import { tryModel } from "./truth-table.ts";

const first = Number(process.env["SEED"] ?? 0);
const models = Number(process.env["COUNT"] ?? 500);

test("oracle, analyzer and packets agree", async () => {
  const tally = { questions: 0, reached: 0 };
  let failed = 0;
  let machine = await TruthMachine.open();
  for (let seed = first; seed < first + models; seed++) {
    try {
      const complaints = await tryModel(machine, seed, tally);
      if (complaints.length > 0) { failed++; console.log(complaints.slice(0, Number(process.env["LINES"] ?? 6)).join("\n"), complaints.length); }
    } catch (e) { failed++; console.log(seed, String(e).slice(0, 1500)); await machine[Symbol.asyncDispose](); machine = await TruthMachine.open(); }
  }
  console.log(tally, failed);
  await machine[Symbol.asyncDispose]();
  expect(failed).toBe(0);
}, 3_600_000);
