import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseCidr4 } from "./cidr.ts";
import { parseCidr6, parseIpv6 } from "./cidr6.ts";

const sources = join(import.meta.dir, "..");

const parsers: Readonly<Record<string, (text: string) => string>> = { Cidr4: parseCidr4, Cidr6: parseCidr6, Ipv6: parseIpv6 };

test("every block and address that stands in the source is one, in canonical form", () => {
  const found = [...new Bun.Glob("**/*.ts").scanSync(sources)].flatMap((path) =>
    [...readFileSync(join(sources, path), "utf8").matchAll(/literal(Cidr4|Cidr6|Ipv6)\(([^)]*)\)/g)].map(([, kind = "", argument = ""]) => ({ path, kind, argument })),
  );
  const literals = found.filter(({ argument }) => argument !== "text: string");
  expect(literals.length).toBeGreaterThan(10);
  for (const { path, kind, argument } of literals) {
    const text = /^"(.*)"$/.exec(argument)?.[1] ?? "";
    expect([path, (parsers[kind] ?? parseCidr4)(text)]).toEqual([path, text]);
  }
});
