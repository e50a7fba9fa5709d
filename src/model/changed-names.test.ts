import { expect, test } from "bun:test";
import * as fc from "fast-check";
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

test("says what comparing name by name says, in whatever order the names are", () => {
  const record = fc.array(fc.tuple(fc.constantFrom("a", "b", "c", "d", "e", "f", "7", "8"), fc.constantFrom(one, two))).map((entries) => Object.fromEntries(entries));
  fc.assert(
    fc.property(record, record, (before, after) => {
      const changed = Object.keys(after).filter((name) => before[name] !== after[name]);
      const gone = Object.keys(before).filter((name) => after[name] === undefined);
      expect(changedNames(before, after)).toEqual({ changed, gone });
    }),
    { numRuns: 1000 },
  );
});
