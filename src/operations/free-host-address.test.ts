import { expect, test } from "bun:test";
import { parseIpv4 } from "../model/cidr.ts";
import type { Instance } from "../model/instance.ts";
import { emptyWorld, type Subnet, type Vpc } from "../model/world.ts";
import { addSubnet } from "./add-subnet.ts";
import { createVpc } from "./create-vpc.ts";
import { freeHostAddress, hostAddressProblem, recordHost } from "./free-host-address.ts";

const vpc = addSubnet(createVpc(emptyWorld, { name: "a", cidr: "10.0.0.0/16" }), { vpc: "a", name: "web", cidr: "10.0.1.0/24" }).vpcs["a"] as Vpc;
const web = vpc.subnets["web"] as Subnet;

const instance = (name: string, address: string): Instance => ({ name, subnet: "web", address: parseIpv4(address), slot: 1, state: "running" });

function withInstance(before: Vpc, name: string, address = freeHostAddress(before, web) ?? ""): Vpc {
  const after = { ...before, instances: { ...before.instances, [name]: instance(name, address) } };
  recordHost(before, after, web, parseIpv4(address));
  return after;
}

test("the first is the fifth: four are reserved and one is the subnet's own", () => {
  expect(freeHostAddress(vpc, web)).toBe(parseIpv4("10.0.1.5"));
});

test("a subnet is given out to the last address, none twice, and then there is none", () => {
  let full = vpc;
  const given = new Set<string>();
  for (let n = 5; n < 255; n++) {
    given.add(freeHostAddress(full, web) ?? "none");
    full = withInstance(full, `i${n}`);
  }
  expect(given.size).toBe(250);
  expect(freeHostAddress(full, web)).toBeUndefined();
});

test("what became free is given again, the lowest first", () => {
  const three = ["x", "y", "z"].reduce((before, name) => withInstance(before, name), vpc);
  const { y: _, ...rest } = three.instances ?? {};
  const two = { ...three, instances: rest };
  expect(freeHostAddress(two, web)).toBe(parseIpv4("10.0.1.6"));
  expect(freeHostAddress(withInstance(two, "w"), web)).toBe(parseIpv4("10.0.1.8"));
});

test("an older World is not misled by what was added to a newer one", () => {
  const one = withInstance(vpc, "x");
  const two = withInstance(one, "y");
  expect(freeHostAddress(one, web)).toBe(parseIpv4("10.0.1.6"));
  expect(freeHostAddress(two, web)).toBe(parseIpv4("10.0.1.7"));
});

test("addresses asked for by name and those of NAT gateways are passed over", () => {
  const nat = { name: "n", subnet: "web", address: parseIpv4("10.0.1.6"), elasticIp: "e", publicAddress: parseIpv4("198.18.0.2") };
  const world = { ...withInstance(vpc, "x", "10.0.1.5"), natGateways: { n: nat } };
  expect(freeHostAddress(world, web)).toBe(parseIpv4("10.0.1.7"));
  expect(freeHostAddress({ ...vpc, natGateways: { n: nat } }, web)).toBe(parseIpv4("10.0.1.5"));
});

test("an address that cannot be given says why", () => {
  const world = withInstance(vpc, "x", "10.0.1.9");
  const problem = (address: string) => hostAddressProblem(world, web, parseIpv4(address));
  expect(problem("10.0.2.9")).toMatchObject({ code: "InvalidParameterValue", message: expect.stringContaining("which has 10.0.1.0/24") });
  for (const reserved of ["10.0.1.0", "10.0.1.3", "10.0.1.255"]) expect(problem(reserved)).toMatchObject({ code: "InvalidParameterValue" });
  expect(problem("10.0.1.4")).toMatchObject({ code: "InvalidIPAddress.InUse", message: "10.0.1.4 is taken: the subnet a/web itself has it." });
  expect(problem("10.0.1.9")).toMatchObject({ code: "InvalidIPAddress.InUse", message: "10.0.1.9 is taken: instance a/x has it." });
  expect(problem("10.0.1.10")).toBeUndefined();
});
