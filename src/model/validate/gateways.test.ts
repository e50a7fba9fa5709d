import { expect, test } from "bun:test";
import { VpcctlError } from "../errors.ts";
import { validateWorld } from "../validate.ts";
import type { World } from "../world.ts";
import { worldAfter } from "../../../test/support/verb-line.ts";

const sound = worldAfter([
  "create-vpc a 10.0.0.0/16",
  "add-subnet a web 10.0.1.0/24",
  "enable-internet a web",
  "create-nat-gateway a web nat1",
  "create-egress-only-internet-gateway a",
  "run-instance a web --name one",
  "allocate-address shop",
  "associate-address shop a one",
  "create-route a main 0.0.0.0/0 nat-gateway/nat1",
]);

/** What is told of the World when a part of it is something else. */
function told(path: string, value: unknown): readonly string[] {
  const world = JSON.parse(JSON.stringify(sound)) as World;
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  const parent = keys.reduce((at, key) => at[key] as Record<string, unknown>, world as unknown as Record<string, unknown>);
  parent[last] = value;
  try {
    validateWorld(world);
  } catch (error) {
    if (error instanceof VpcctlError) return error.details ?? [];
    throw error;
  }
  return [];
}

test("what the commands make is sound", () => {
  expect(validateWorld(JSON.parse(JSON.stringify(sound)))).toEqual(sound);
});

test.each([
  ["vpcs.a.egressOnlyInternetGateway", false, "is not true"],
  ["vpcs.a.subnets.web.mapPublicIp", 1, "is not true"],
  ["vpcs.a.subnets.web.publicAddress", "198.18.0", "is not an IPv4 address"],
  ["vpcs.a.natGateways.nat1.subnet", "nope", "names nope, which does not exist"],
  ["vpcs.a.natGateways.nat1.address", "10.0.1.3", "which nobody in web may have"],
  ["vpcs.a.natGateways.nat1.address", "10.0.1.6", "which one has"],
  ["vpcs.a.natGateways.nat1.publicAddress", "198.18.0.77", "names one that does not have"],
  ["vpcs.a.natGateways.nat1.elasticIp", 7, "is not a name"],
  ["elasticIps.a-nat1.association", undefined, "vpcs.a.natGateways.nat1 has no Elastic IP"],
  ["elasticIps.shop.association", null, "is not an object"],
  ["elasticIps.shop.association", { vpc: "a", instance: "constructor" }, "names one that does not have"],
  ["elasticIps.shop.address", "198.18.0.2", "which Elastic IP shop has"],
  ["elasticIps.shop.automatic", "yes", "is not true"],
  ["publicPool", "203.0.113.0/31", "is not a CIDR block of a /30 or more"],
  ["publicPool", "203.0.113.0/24", "which the pool 203.0.113.0/24 has not to give"],
  ["vpcs.a.routeTables.main.routes", [{ destination: "0.0.0.0/0", target: { kind: "nat-gateway" } }], "target.name is not a name"],
  ["vpcs.a.routeTables.main.routes", [{ destination: "8.8.8.8/24", target: { kind: "blackhole" } }], "host bits"],
  ["vpcs.a.routeTables.main.routes", [{ destination: "8.8.8.0/24", target: { kind: "moon" } }], "is not a known target"],
])("%s cannot be %j", (path, value, what) => {
  expect(told(path, value).join("\n")).toContain(what);
});
