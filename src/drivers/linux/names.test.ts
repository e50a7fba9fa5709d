import { describe, expect, test } from "bun:test";
import { checkName } from "../../model/names.ts";
import { VpcctlError } from "../../model/errors.ts";
import { bridgeName, gatewayHostLink, gatewayRouterLink, namespaceMark, parseNamespaceMark, portName, routerNamespace, attachmentNamespace } from "./names.ts";
import { objectsOf } from "./spec.ts";
import type { Unit } from "./spec.ts";

const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789".split("");
const twoLetters = alphabet.flatMap((first) => alphabet.map((second) => first + second));
const digits = (number: number): string => String(number).padStart(5, "0");

/** 100,000 names; what is easily cut to the same comes together on purpose. */
const names: readonly string[] = [
  ...alphabet,
  ...twoLetters,
  // Alike in the first 57 letters, in the last 57, and in all but one in the middle.
  ...count(20_000, (i) => `${"a".repeat(57)}-${digits(i)}`),
  ...count(20_000, (i) => `${digits(i)}-${"a".repeat(57)}`),
  ...count(19_000, (i) => `prod-${"x".repeat(20)}${digits(i)}${"x".repeat(20)}`),
  // Around the length at which a name is cut, and dashes moved about in the same letters.
  ...count(13_000, (i) => `name${digits(i)}${"z".repeat(i % 9)}`),
  ...count(13_000, (i) => `${digits(i)}a-bcdefghijk`),
  ...count(13_000, (i) => `${digits(i)}-abcdefghijk`),
  // What a cut name looks like, but for the underscore that no name may hold.
  ...count(668, (i) => `pre-${digits(i)}0abcdefg`),
];

function count(length: number, make: (index: number) => string): string[] {
  return Array.from({ length }, (_, index) => make(index));
}

/** Everything that may be called something inside one network namespace, by name. */
const families = { "ports of one router": portName, "gateways on the host": gatewayHostLink, "first bridges": (vpc: string) => bridgeName(vpc, 0) } as const;

test("there are 100,000 different names to try, each allowed", () => {
  expect(new Set(names).size).toBe(100_000);
  expect(names.filter((name) => checkName("VPC", name) !== undefined)).toEqual([]);
});

for (const [family, nameOf] of Object.entries(families)) {
  describe(`of 100,000 ${family}`, () => {
    const links = names.map(nameOf);

    test("no two have the same interface name", () => {
      expect(new Set(links).size).toBe(names.length);
    });

    test("all are short enough for the kernel and hold nothing a shell or a path could read", () => {
      expect(links.filter((link) => !/^[a-z0-9][a-zA-Z0-9_-]{0,14}$/.test(link))).toEqual([]);
    });

    test("those that were cut are told from those that were not by an underscore", () => {
      const isCut = (index: number): boolean => !links[index]?.endsWith(names[index] ?? "?");
      expect(links.filter((link, index) => link.includes("_") !== isCut(index))).toEqual([]);
      expect(links.filter((link) => link.includes("_")).length).toBeGreaterThan(50_000);
    });
  });
}

test("in a router no port is called like a bridge or like the gateway's link", () => {
  const ports = new Set(names.map(portName));
  const others = [...names.flatMap((vpc) => [0, 1, 4].map((index) => bridgeName(vpc, index))), gatewayRouterLink, "lo"];
  expect(others.filter((link) => ports.has(link))).toEqual([]);
});

test("the bridges of one VPC have different names, however long its own", () => {
  for (const vpc of ["a", "a-2", "company-a", "a".repeat(63)]) {
    const bridges = count(5, (index) => bridgeName(vpc, index));
    expect(new Set(bridges).size).toBe(5);
    expect(bridges.filter((link) => link.length > 15)).toEqual([]);
  }
});

test("names that run together in other tools stay apart: a-b + c and a + b-c, prod-a/public and prod-b/public", () => {
  const pairs = [["a-b", "c"], ["a", "b-c"], ["prod-a", "public"], ["prod-b", "public"]] as const;
  expect(new Set(pairs.map(([vpc, subnet]) => attachmentNamespace(vpc, subnet))).size).toBe(4);
  expect(new Set(pairs.map(([vpc, subnet]) => namespaceMark(vpc, subnet))).size).toBe(4);
  expect(routerNamespace("a-b")).not.toBe(attachmentNamespace("a", "b"));
});

test("every mark is read back as what it was written for", () => {
  for (const name of names) {
    expect(parseNamespaceMark(namespaceMark(name))).toEqual({ vpc: name });
    expect(parseNamespaceMark(namespaceMark("a", name))).toEqual({ vpc: "a", subnet: name });
  }
});

test("two parts of a World that need the same kernel object are refused, not merged", () => {
  const unit = (subnet: string): Unit => ({
    vpc: "a",
    subnet,
    madeFrom: [subnet],
    objects: () => [{ kind: "nft-element", namespace: "vpc.a", family: "inet", set: "attached", key: "10.0.0.4" }],
  });
  expect(objectsOf([unit("one")]).size).toBe(1);
  expect(() => objectsOf([unit("one"), unit("two")])).toThrow(VpcctlError);
});
