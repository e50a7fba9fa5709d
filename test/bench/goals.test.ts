import { expect, test } from "bun:test";
import { goals, judge, verdictRow } from "./goals.ts";
import type { Sample } from "./samples.ts";

const goal = (values: readonly number[]) => ({ claim: "build", values, unit: "x", limit: { atMost: 1.3 } }) as const;

test("the median decides, and a value right at the limit passes", () => {
  expect(judge(goal([1.2, 1.3, 9])).ok).toBe(true);
  expect(judge(goal([1.2, 1.31, 1.32])).ok).toBe(false);
});

test("a goal in the other direction misses below its limit", () => {
  expect(judge({ claim: "faster", values: [14.9], unit: "x", limit: { atLeast: 15 } }).ok).toBe(false);
  expect(judge({ claim: "faster", values: [15], unit: "x", limit: { atLeast: 15 } }).ok).toBe(true);
});

test("below means below", () => {
  expect(judge({ claim: "test", values: [3], unit: "s", limit: { below: 3 } }).ok).toBe(false);
});

test("a value without a target is shown and not judged", () => {
  expect(verdictRow(judge({ claim: "returns", values: [20], unit: "x", limit: "none" }))).toEqual(["returns", "-", "20.0 x", "20.0 x", "20.0 x", ""]);
});

test("what was not measured is not a pass", () => {
  expect(() => judge(goal([]))).toThrow("not measured: build");
});

test("a row shows smallest, median and largest, and says what was missed", () => {
  expect(verdictRow(judge(goal([1, 2, 3])))).toEqual(["build", "<= 1.3 x", "1.00 x", "2.00 x", "3.00 x", "MISSED"]);
});

test("one more subnet is compared between the smallest and the largest size", () => {
  const sample = (size: number, value: number): Sample => ({ contender: "tool", action: "add-one", size, round: 1, value });
  const found = goals([sample(10, 20), sample(100, 24), sample(1000, 30)], [10, 100, 1000]).find(({ claim }) => claim.startsWith("one more"));
  expect(found?.values).toEqual([1.5]);
});

test("a rule more is counted beyond the empty program that was started in the same round", () => {
  const sample = (action: string, round: number, value: number): Sample => ({ contender: "standby", action: `instances-${action}`, size: 1000, round, value });
  const samples = [sample("add-rule", 1, 14), sample("add-rule-empty", 1, 5), sample("add-rule", 2, 20), sample("add-rule-empty", 2, 8)];
  const found = goals(samples, [10, 1000]).find(({ claim }) => claim.startsWith("a rule more"));
  expect(found?.values).toEqual([0.009, 0.012]);
});
