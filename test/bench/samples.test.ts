import { expect, test } from "bun:test";
import { ratios, type Sample, select } from "./samples.ts";

const sample = (contender: string, round: number, value: number, size = 10): Sample => ({ contender, action: "create", size, round, value });

test("what a selection leaves out may be anything", () => {
  const samples = [sample("c", 1, 5), sample("tool", 1, 6), sample("tool", 2, 7, 100)];
  expect(select(samples, { contender: "tool" })).toHaveLength(2);
  expect(select(samples, { contender: "tool", size: 100 }).map(({ value }) => value)).toEqual([7]);
  expect(select(samples, {})).toEqual(samples);
});

test("ratios are taken round by round, so a slow spell of the machine cancels out", () => {
  const samples = [sample("c", 1, 10), sample("tool", 1, 12), sample("c", 2, 100), sample("tool", 2, 120)];
  expect(ratios(samples, { contender: "tool" }, { contender: "c" })).toEqual([1.2, 1.2]);
});

test("a contender that ran twice in a round counts with the mean of the two", () => {
  const samples = [sample("c", 1, 10), sample("tool", 1, 15), sample("c", 1, 20)];
  expect(ratios(samples, { contender: "tool" }, { contender: "c" })).toEqual([1]);
});

test("a contender that ran in one round only stands in for itself in the others", () => {
  const samples = [sample("shell", 1, 300), sample("tool", 1, 10), sample("tool", 2, 20)];
  expect(ratios(samples, { contender: "shell" }, { contender: "tool" })).toEqual([30, 15]);
});

test("there is no ratio to something that was not measured", () => {
  expect(ratios([sample("tool", 1, 10)], { contender: "tool" }, { contender: "c" })).toEqual([]);
});
