import { expect, test } from "bun:test";
import { gatewayAlias, parseGatewayAlias } from "./gateway-alias.ts";
import type { Uplink } from "./host-facts.ts";

const off = (link: string): Uplink => ({ link, forwardingWas: "0" });
const on = (link: string): Uplink => ({ link, forwardingWas: "1" });

test("what an alias records is read back as it was, however the uplinks are called", () => {
  const hosts: readonly (readonly Uplink[])[] = [[], [off("eth0")], [off("eth0"), on("wlan0")], [on("a=1"), off("x=0=1")], [off("wg-office.v4")]];
  for (const uplinks of hosts) {
    for (const vpc of ["a", "company-a", "x".repeat(63)]) expect(parseGatewayAlias(gatewayAlias(vpc, uplinks))).toEqual({ vpc, uplinks });
  }
});

test("links whose IPv6 forwarding was forced are read back too, whatever else is on record", () => {
  const forced = [{ link: "eth0", forced: true }, { link: "wlan0", forced: false }, { link: "a=1", forced: true }];
  expect(parseGatewayAlias(gatewayAlias("a", [], forced))).toEqual({ vpc: "a", uplinks: [], forced6: ["eth0", "a=1"] });
  expect(parseGatewayAlias(gatewayAlias("a", [off("eth0")], forced))).toEqual({ vpc: "a", uplinks: [off("eth0")], forced6: ["eth0", "a=1"] });
  expect(gatewayAlias("a", [on("eth0")], [{ link: "eth0", forced: false }])).toBe(gatewayAlias("a", [on("eth0")]));
});

test("two uplinks of the longest names and the longest VPC name fit into what the kernel keeps", () => {
  const links = ["u".repeat(15), "v".repeat(15)];
  const alias = gatewayAlias("x".repeat(63), links.map(off), links.map((link) => ({ link, forced: true })));
  expect(alias.length).toBeLessThanOrEqual(255);
});

test("an alias of anybody else is none of ours, also one that begins alike", () => {
  const others = ["", "to the lab", "vpcctl", "vpcctl vpc company-a", "vpcctl igw", "vpcctl igw Company", "my vpcctl igw a", "vpcctl igw a and more", "vpcctl igw a\n"];
  for (const alias of others) expect(parseGatewayAlias(alias)).toBeUndefined();
});

test("a record cut off or changed by hand still tells whose the link is, and of uplinks only what can be read", () => {
  expect(parseGatewayAlias("vpcctl igw a, forwarding was eth0=0 wlan0=")).toEqual({ vpc: "a", uplinks: [off("eth0")] });
  expect(parseGatewayAlias("vpcctl igw a, forwarding was eth0=2")).toEqual({ vpc: "a", uplinks: [] });
});
