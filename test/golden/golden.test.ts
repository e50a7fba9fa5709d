// What each World becomes, as text that a reviewer can read: a change in the compiler shows as a change in these files.
// To write them anew: VPCCTL_GOLDEN=write, then look at the difference before committing it.
import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "../../src/drivers/linux/compile/compile.ts";
import { diff } from "../../src/drivers/linux/diff.ts";
import { emptySpec } from "../../src/drivers/linux/spec.ts";
import { formatSpec, summarizeSpec } from "./format-spec.ts";
import { worldAfter } from "../support/verb-line.ts";
import { factsOf, scenes } from "./scenes.ts";

const file = (name: string): string => join(import.meta.dir, `${name}.txt`);

describe("compiled, as written down:", () => {
  for (const [name, scene] of Object.entries(scenes)) {
    test(name, () => {
      const spec = compile(worldAfter(scene.verbs), factsOf(scene));
      const text = scene.summary === true ? summarizeSpec(spec) : formatSpec(spec);
      if (process.env["VPCCTL_GOLDEN"] === "write") writeFileSync(file(name), text);
      expect(text).toBe(readFileSync(file(name), "utf8"));
    });
  }

  test("every file belongs to a scene", () => {
    const files = readdirSync(import.meta.dir).filter((name) => name.endsWith(".txt"));
    expect(new Set(files)).toEqual(new Set(Object.keys(scenes).map((name) => `${name}.txt`)));
  });
});

describe("undone,", () => {
  for (const [name, scene] of Object.entries(scenes)) {
    test(`${name} is the empty machine again, by the same verbs or by none`, () => {
      const world = worldAfter(scene.verbs);
      const deleted = worldAfter(Object.keys(world.vpcs).map((vpc) => `delete-vpc ${vpc} --force`), world);
      expect(formatSpec(compile(deleted, factsOf(scene)))).toBe(readFileSync(file("empty"), "utf8"));
      const there = compile(world, factsOf(scene));
      expect(diff(there, there)).toEqual([]);
      expect(diff(emptySpec, there).every((step) => step.action === "delete")).toBe(true);
      expect(diff(there, emptySpec).every((step) => step.action === "add")).toBe(true);
    });
  }
});

test("a World made in another order of subnets has the same objects, but for their places on the bridge", () => {
  const objects = (lines: readonly string[]): string[] => {
    const spec = compile(worldAfter(["create-vpc a 10.0.0.0/16", ...lines]), factsOf(scenes["tutorial"] ?? { verbs: [] }));
    return formatSpec(spec).split("\n").filter((line) => !line.startsWith("link vpc.a v-") && line !== "").toSorted((one, other) => (one < other ? -1 : 1));
  };
  const one = "add-subnet a web 10.0.1.0/24";
  const other = "add-subnet a db 10.0.2.0/24";
  expect(objects([one, other])).toEqual(objects([other, one]));
});
