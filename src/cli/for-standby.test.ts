import { expect, test } from "bun:test";
import { verbs } from "../operations/verbs.ts";
import { isForStandby } from "./for-standby.ts";

test("changes are for a standby process, with options before or after", () => {
  expect(isForStandby(["create-vpc", "a", "10.0.0.0/16"])).toBe(true);
  expect(isForStandby(["--json", "create-vpc", "a", "10.0.0.0/16"])).toBe(true);
  expect(isForStandby(["run-instance", "a", "web", "--name", "web1"])).toBe(true);
});

test("what only looks is not, nor what is no command", () => {
  for (const words of [[], ["--version"], ["list"], ["create"], ["cleanup"], ["sandbox"], ["constructor"]]) expect(isForStandby(words)).toBe(false);
});

test("a program to start is for its caller", () => {
  expect(isForStandby(["run-instance", "a", "web", "--name", "web1", "--", "sleep", "1"])).toBe(false);
  expect(isForStandby(["start-instance", "a", "web1"])).toBe(false);
});

test("every change that reads a file is for its caller", () => {
  const readers = verbs.filter((verb) => [...verb.arguments, ...verb.options].some((word) => "kind" in word && word.kind === "file"));
  expect(readers.map(({ name }) => name)).toContain("apply-policy");
  expect(readers.filter(({ name }) => isForStandby([name, "x"]))).toEqual([]);
});
