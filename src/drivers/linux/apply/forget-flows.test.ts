import { expect, test } from "bun:test";
import type { SpecObject } from "../objects/object.ts";
import { LinuxStep } from "../step.ts";
import { staleAddresses } from "./forget-flows.ts";

const element = (namespace: string, set: string, key: string, value?: string): SpecObject => ({
  kind: "nft-element",
  namespace,
  family: "inet",
  set,
  key,
  ...(value === undefined ? {} : { value }),
});
const told = (...steps: LinuxStep[]) => Object.fromEntries([...staleAddresses(steps)].map(([namespace, addresses]) => [namespace, [...addresses]]));

test("an address that is given or kept is nobody's memory", () => {
  expect(told(new LinuxStep("add", element("vpc.a", "public-in", "198.18.0.2", "10.0.1.4")))).toEqual({});
  expect(told(new LinuxStep("delete", element("vpc.a", "ingress", "10.0.1.4", "goto in.default")))).toEqual({});
});

test("one that goes, or goes to another, is stale on the host and in the router", () => {
  const now = element("vpc.a", "public-in", "198.18.0.2", "10.0.1.5");
  const before = element("vpc.a", "public-in", "198.18.0.2", "10.0.1.4");
  expect(told(new LinuxStep("change", now, before))).toEqual({ "": ["198.18.0.2"], "vpc.a": ["198.18.0.2"] });
  expect(told(new LinuxStep("delete", before))).toEqual({ "": ["198.18.0.2"], "vpc.a": ["198.18.0.2"] });
});

test("of a NAT gateway it is what stands behind its address, before the change", () => {
  const now = element("vpc.a", "nat-gateways", "10.0.1.5", "198.18.0.9");
  const before = element("vpc.a", "nat-gateways", "10.0.1.5", "198.18.0.3");
  expect(told(new LinuxStep("change", now, before))).toEqual({ "": ["198.18.0.3"], "vpc.a": ["198.18.0.3"] });
});

test("a private address is stale in the router alone when its owner goes, not when that gets another route table or other groups", () => {
  const source = (set: string, address: string, mark: string): SpecObject => ({
    kind: "nft-element", namespace: "vpc.a", family: "bridge", set, key: `i-one . 02:76:0a:00:01:05 . ${address}`, value: mark,
  });
  const both = [source("sources", "10.0.1.5", "1"), source("sources6", "fd00::a00:105", "1")];
  expect(told(...both.map((element) => new LinuxStep("delete", element)))).toEqual({ "vpc.a": ["10.0.1.5", "fd00::a00:105"] });
  expect(told(new LinuxStep("change", source("sources", "10.0.1.5", "2"), source("sources", "10.0.1.5", "1")))).toEqual({});
  expect(told(...both.map((element) => new LinuxStep("add", element)))).toEqual({});
});

test("a router that goes takes its memory along, the host does not", () => {
  const steps = [
    new LinuxStep("delete", element("", "publics", "igw-a . 198.18.0.2")),
    new LinuxStep("delete", element("vpc.a", "public-in", "198.18.0.3", "10.0.1.4")),
    new LinuxStep("delete", { kind: "namespace", namespace: "vpc.a", mark: "vpcctl vpc a" }),
  ];
  expect(told(...steps)).toEqual({ "": ["198.18.0.2", "198.18.0.3"] });
});
