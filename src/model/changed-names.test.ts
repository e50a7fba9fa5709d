import { expect, test } from "bun:test";
import { changedNames } from "./changed-names.ts";

const [one, two, three] = [{}, {}, {}];

test("names what is new, what is another, and what is gone", () => {
  const before = { a: one, b: two, c: three };
  expect(changedNames(before, before)).toEqual({ changed: [], gone: [] });
  expect(changedNames(before, { ...before })).toEqual({ changed: [], gone: [] });
  expect(changedNames(before, { ...before, b: one })).toEqual({ changed: ["b"], gone: [] });
  expect(changedNames(before, { d: one, ...before })).toEqual({ changed: ["d"], gone: [] });
  expect(changedNames(before, { a: one, c: three })).toEqual({ changed: [], gone: ["b"] });
  // As many as before, but others.
  expect(changedNames(before, { a: one, c: one, d: two })).toEqual({ changed: ["c", "d"], gone: ["b"] });
  expect(changedNames(undefined, before)).toEqual({ changed: ["a", "b", "c"], gone: [] });
  expect(changedNames(before, undefined)).toEqual({ changed: [], gone: ["a", "b", "c"] });
});

test("asked about the same two twice it answers the same, and about another anew", () => {
  const before = { a: one };
  const after = { a: two };
  expect(changedNames(before, after)).toBe(changedNames(before, after));
  expect(changedNames(after, after).changed).toEqual([]);
  expect(changedNames({ a: two }, after).changed).toEqual([]);
  expect(changedNames(before, after).changed).toEqual(["a"]);
});

test("takes no name for one that every object has", () => {
  expect(changedNames({}, { constructor: one })).toEqual({ changed: ["constructor"], gone: [] });
  expect(changedNames({ constructor: one }, {})).toEqual({ changed: [], gone: ["constructor"] });
  expect(changedNames({ toString: one }, { toString: one, valueOf: two })).toEqual({ changed: ["valueOf"], gone: [] });
});
