import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { checkName } from "./names.ts";

const inner = fc.string({ unit: fc.constantFrom(...Array.from("abcxyz0189-")), maxLength: 61 });
const edge = fc.constantFrom(...Array.from("abcxyz0189"));

test("1 to 63 of a-z, 0-9 and '-' between letters or digits are a name", () => {
  fc.assert(fc.property(edge, inner, edge, (first, middle, last) => expect(checkName("VPC", first + middle + last)).toBeUndefined()));
  expect(checkName("VPC", "a")).toBeUndefined();
  expect(checkName("VPC", "constructor")).toBeUndefined();
  expect(checkName("VPC", "0")).toBeUndefined();
});

test("whatever is a name can stand in a path, a shell word and a joined name", () => {
  const anything = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: fc.constantFrom(...Array.from("ab-./\\ $;'\"\n\0AÄ_")) }), inner);
  fc.assert(
    fc.property(anything, (text) => {
      if (checkName("subnet", text) !== undefined) return;
      expect(text).toMatch(/^[a-z0-9-]{1,63}$/);
      expect(text.startsWith("-") || text.endsWith("-")).toBeFalse();
    }),
    { numRuns: 5000 },
  );
});

test.each([
  ["", "it is empty"],
  ["-a", "it starts with '-'"],
  ["a-", "it ends with '-'"],
  ["-", "it starts with '-'"],
  ["Company", "the capital letter 'C'"],
  ["a b", "a space"],
  ["a.b", "the character '.'"],
  ["../../etc", "the character '.'"],
  ["a;reboot", "the character ';'"],
  ["$(reboot)", "the character '$'"],
  ["a\n", "the character U+000A"],
  ["a\0", "the character U+0000"],
  ["ä", "the character U+00E4"],
  ["а", "the character U+0430"],
  ["💥", "the character U+1F4A5"],
  ["a".repeat(64), "it has 64 characters, 63 are allowed"],
])("%j is not a name, and the sentence says why", (text, why) => {
  expect(checkName("VPC", text)).toContain("is not a VPC name: ");
  expect(checkName("VPC", text)).toContain(why);
});

test("a megabyte that is not a name makes a short sentence", () => {
  expect((checkName("VPC", "A".repeat(1e6)) ?? "").length).toBeLessThan(200);
});
