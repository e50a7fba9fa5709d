import { expect, test } from "bun:test";
import type { SpecObject } from "../objects/object.ts";
import { inTransactions } from "./nft-commands-of.ts";

const common = { kind: "nft-element", namespace: "vpc.a", family: "inet" } as const;
const entry = (n: number): SpecObject => ({ ...common, set: "egress", key: `02:76:0a:00:00:${n}`, value: "goto out.default" });
const interval = (n: number): SpecObject => ({ ...common, set: "acl-in4", key: `10.0.${n}.0/24`, value: "jump acl.strict.in", interval: true });
const steps = (objects: readonly SpecObject[]) => objects.map((object) => ({ object }));
const sizes = (objects: readonly SpecObject[]): number[] => [...inTransactions(steps(objects))].map((part) => part.length);
const many = (count: number, make: (n: number) => SpecObject): SpecObject[] => Array.from({ length: count }, (_, n) => make(n));

test("what fits into one message is one transaction, and nothing is none", () => {
  expect(sizes([])).toEqual([]);
  expect(sizes(many(500, entry))).toEqual([500]);
});

test("what does not fit is cut, in order and without loss", () => {
  const all = steps([...many(3000, entry), ...many(1000, interval)]);
  const parts = [...inTransactions(all)];
  expect(parts.flat()).toEqual(all);
  expect(parts.length).toBeGreaterThan(2);
  // An interval takes far more room than an entry does: see what nft sends, with strace.
  expect(sizes(many(3000, interval)).length).toBeGreaterThan(2 * sizes(many(3000, entry)).length);
});

test("what is too big by itself goes by itself", () => {
  const rules = Array.from({ length: 2000 }, () => ({ text: "ip saddr 10.0.0.0/8 drop", comment: "" }));
  const chain: SpecObject = { kind: "nft-chain", namespace: "vpc.a", family: "inet", chain: "long", rules };
  expect(sizes([entry(1), chain, entry(2)])).toEqual([1, 1, 1]);
});
