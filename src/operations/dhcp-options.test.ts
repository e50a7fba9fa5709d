import { expect, test } from "bun:test";
import { worldAfter } from "../../test/support/verb-line.ts";
import { VpcctlError } from "../model/errors.ts";
import { nameSettingsOf, type NameSettings } from "../model/dhcp-options.ts";
import { requireVpc } from "../model/lookup.ts";
import { validateWorld } from "../model/validate.ts";
import type { World } from "../model/world.ts";
import { resetDhcpOptions, setDhcpOptions, type SetDhcpOptionsInput } from "./dhcp-options.ts";

const vpc = "a";
const empty = worldAfter(["create-vpc a 10.0.0.0/16"]);
const own = { domainNames: ["corp.example"], domainNameServers: ["10.0.2.53"] };
const set = (input: Partial<SetDhcpOptionsInput>, before: World = empty): World => setDhcpOptions(before, { vpc, ...input });
const told = (world: World): NameSettings | undefined => nameSettingsOf(requireVpc(world, vpc));

function refusal(act: () => unknown): readonly string[] {
  try {
    act();
  } catch (error) {
    if (error instanceof VpcctlError) return [error.code, ...(error.details ?? [error.message])];
    throw error;
  }
  return [];
}

test("programs are told what was set, and by default the VPC's resolver, or what the host is told", () => {
  const resolved = worldAfter(["enable-dns a"], empty);
  expect(told(empty)).toBeUndefined();
  expect(told(resolved)).toMatchObject({ origin: "resolver", servers: ["10.0.0.2"], domains: ["a.internal"] });
  for (const world of [empty, resolved]) expect(told(set(own, world))).toMatchObject({ servers: ["10.0.2.53"], domains: ["corp.example"] });
});

test("AmazonProvidedDNS is the resolver, or whom the host asks, and is meant where no server is named", () => {
  const mixed = { domainNameServers: ["10.0.2.53", "amazonprovideddns"] };
  expect(told(set(mixed))).toMatchObject({ servers: ["10.0.2.53", "host"], domains: [] });
  expect(told(worldAfter(["enable-dns a"], set(mixed)))).toMatchObject({ servers: ["10.0.2.53", "10.0.0.2"] });
  expect(told(set({ domainNames: ["x.example"] }))).toMatchObject({ servers: ["host"], domains: ["x.example"] });
});

test("the same again is the same World, however it is written; another order is not", () => {
  const world = set({ domainNames: ["Corp.example."], domainNameServers: ["10.0.2.53", "FD00:0::53", "10.0.2.53"] });
  expect(set({ domainNames: ["corp.example"], domainNameServers: ["10.0.2.53", "fd00::53"] }, world)).toBe(world);
  expect(set({ domainNames: ["corp.example"], domainNameServers: ["fd00::53", "10.0.2.53"] }, world)).not.toBe(world);
});

test("what is not given any more is gone, and after a reset all is as before", () => {
  const world = set(own);
  expect(set({ domainNames: ["x.example"] }, world).vpcs[vpc]?.dhcpOptions).toEqual({ domainNames: ["x.example"] });
  expect(resetDhcpOptions(world, { vpc })).toEqual(empty);
  expect(resetDhcpOptions(empty, { vpc })).toBe(empty);
});

test("what cannot be is refused, all of it at once", () => {
  expect(refusal(() => set({ vpc: "constructor", ...own }))[0]).toBe("InvalidVpcID.NotFound");
  expect(refusal(() => resetDhcpOptions(empty, { vpc: "b" }))[0]).toBe("InvalidVpcID.NotFound");
  expect(refusal(() => set({}))[0]).toBe("MissingParameter");
  const domainNames = ["", ".", "a b", "a..b", "-a", "x\nnameserver 192.0.2.1", "a".repeat(64)];
  const domainNameServers = ["", "10.0.2", "10.0.2.53,10.0.2.54", "ns.example", "0.0.0.0", "255.255.255.255", "224.0.0.251", "::", "fe80::1", "fe80::1%eth0", "ff02::fb"];
  const [code, ...problems] = refusal(() => set({ domainNames, domainNameServers }));
  expect([code, problems.length]).toEqual(["InvalidParameterValue", domainNames.length + domainNameServers.length]);
});

test("four servers by IPv4, AmazonProvidedDNS among them, four by IPv6 and six domains are the most", () => {
  const four = [1, 2, 3, 4].map((n) => `10.0.2.${n}`);
  const six = [1, 2, 3, 4].map((n) => `fd00::${n}`);
  expect(refusal(() => set({ domainNameServers: [...four, ...six] }))).toEqual([]);
  expect(refusal(() => set({ domainNameServers: [...four, "AmazonProvidedDNS"] }))).toEqual(["InvalidParameterValue", "5 name servers by IPv4 are too many: 4 are the most."]);
  expect(refusal(() => set({ domainNameServers: [...six, "fd00::5"] }))[0]).toBe("InvalidParameterValue");
  const domains = [1, 2, 3, 4, 5, 6, 7].map((n) => `d${n}.example`);
  expect([refusal(() => set({ domainNames: domains.slice(1) })).length, refusal(() => set({ domainNames: domains })).length]).toEqual([0, 2]);
  const long = [1, 2, 3, 4].map((n) => `${n}${"x".repeat(62)}`);
  expect([refusal(() => set({ domainNames: long })).length, refusal(() => set({ domainNames: [...long, "e"] }))[0]]).toEqual([0, "InvalidParameterValue"]);
});

test("what is stored is checked when it is read, for it is written into files", () => {
  const world = set(own);
  expect(validateWorld(structuredClone(world))).toEqual(world);
  const spoiled = (from: string, to: string) => refusal(() => validateWorld(JSON.parse(JSON.stringify(world).replace(from, to))))[0];
  expect(spoiled("corp.example", "corp.example\\nnameserver 192.0.2.1")).toBe("StoreCorrupt");
  expect(spoiled("10.0.2.53", "10.0.2.53\\noptions x")).toBe("StoreCorrupt");
  expect(spoiled('["10.0.2.53"]', "[]")).toBe("StoreCorrupt");
  expect(spoiled('"10.0.2.53"', "null")).toBe("StoreCorrupt");
});
