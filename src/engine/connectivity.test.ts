import { expect, test } from "bun:test";
import { memoryEngine } from "../../test/support/memory-engine.ts";

const request = { vpc: "a", internetTarget: "8.8.8.8", timeout: 1 };

test("instances are asked as subnets are, stopped ones only as targets", async () => {
  const { engine, run } = memoryEngine();
  for (const line of ["create-vpc a 10.0.0.0/16", "add-subnet a s 10.0.0.0/24", "run-instance a s --name one", "run-instance a s --name two", "stop-instance a two"]) run(line);
  const { pairs, allPairs, attachments } = await engine.connectivity(request);
  expect(attachments.map(({ path }) => path)).toEqual(["s", "s/one", "s/two"]);
  expect(pairs.map(({ from, to }) => `${from} ${to}`).toSorted()).toEqual(["s s/one", "s s/two", "s/one s", "s/one s/two"]);
  expect(pairs.filter(({ to, expected }) => to === "s/two" && expected)).toEqual([]);
  expect(allPairs).toBe(4);
});

test("of a large VPC a sample is asked, in which everybody calls and is called, and nobody calls itself", async () => {
  const { engine, run } = memoryEngine();
  run("create-vpc a 10.0.0.0/16");
  const names = Array.from({ length: 150 }, (_, n) => `s${n}`);
  for (const [n, name] of names.entries()) run(`add-subnet a ${name} 10.0.${n}.0/24`);
  const { pairs, allPairs, asExpected } = await engine.connectivity(request);
  expect([pairs.length, allPairs, asExpected]).toEqual([66 * 150, 149 * 150, true]);
  expect(new Set(pairs.map(({ from, to }) => `${from} ${to}`)).size).toBe(pairs.length);
  expect(pairs.every(({ from, to }) => from !== to)).toBeTrue();
  for (const side of ["from", "to"] as const) expect(new Set(pairs.map((pair) => pair[side])).size).toBe(names.length);
});
