import { expect, test } from "bun:test";
import { median, spread } from "./statistics.ts";

test("the median of an odd number of values is the middle one, whatever their order", () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([100, 2, 30])).toBe(30);
});

test("the median of an even number of values lies between the two middle ones", () => {
  expect(median([1, 2, 4, 100])).toBe(3);
});

test("one value is its own median", () => {
  expect(spread([7])).toEqual({ min: 7, median: 7, max: 7 });
});

test("a spread does not change the list it is made of", () => {
  const values = [3, 1, 2];
  expect(spread(values)).toEqual({ min: 1, median: 2, max: 3 });
  expect(values).toEqual([3, 1, 2]);
});

test("a spread of nothing is refused: nothing was measured", () => {
  expect(() => spread([])).toThrow("nothing was measured");
});
