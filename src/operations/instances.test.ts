import { describe, expect, test } from "bun:test";
import { VpcctlError } from "../model/errors.ts";
import type { Instance } from "../model/instance.ts";
import { emptyWorld, type World } from "../model/world.ts";
import { worldAfter } from "../../test/support/verb-line.ts";

const start = worldAfter(["create-vpc a 10.0.0.0/16", "add-subnet a web 10.0.1.0/24", "add-subnet a small 10.0.2.0/29 --any-prefix"]);
const after = (...lines: string[]): World => worldAfter(lines, start);
const instance = (world: World, name: string): Instance => world.vpcs["a"]?.instances?.[name] as Instance;

function refusal(...lines: string[]): VpcctlError {
  try {
    after(...lines);
  } catch (error) {
    if (error instanceof VpcctlError) return error;
    throw error;
  }
  throw new Error("accepted");
}

describe("run-instance", () => {
  test("gives the lowest free address from the fifth on, and places after the subnets'", () => {
    const world = after("run-instance a web --name one", "run-instance a web --name two --ip 10.0.1.7", "run-instance a web --name three", "run-instance a web --name four");
    expect(["one", "two", "three", "four"].map((name) => [instance(world, name).address as string, instance(world, name).slot])).toEqual([
      ["10.0.1.5", 2],
      ["10.0.1.7", 3],
      ["10.0.1.6", 4],
      ["10.0.1.8", 5],
    ]);
  });

  test("and add-subnet share the places: what one gave back the other takes", () => {
    const world = after("run-instance a web --name one", "add-subnet a db 10.0.3.0/24", "terminate-instance a one", "add-subnet a app 10.0.4.0/24");
    expect(Object.values(world.vpcs["a"]?.subnets ?? {}).map(({ name, slot }) => [name, slot])).toEqual([["web", 0], ["small", 1], ["db", 3], ["app", 2]]);
  });

  test("again is no change, and with other arguments a conflict that names each", () => {
    const line = "run-instance a web --name one --security-group default --restart always -- sleep 1000";
    const world = after(line);
    expect(worldAfter([line], world)).toBe(world);
    const error = refusal(line, "run-instance a small --name one --ip 10.0.2.5 --public -- sleep 5");
    expect(error).toMatchObject({ code: "InvalidInstance.Duplicate", exitStatus: 4 });
    expect(error.message).toBe(
      "Instance a/one exists with subnet web, not small; address 10.0.1.5, not 10.0.2.5; public address no, not yes; " +
        "program sleep 1000, not sleep 5; restart always, not on-failure.",
    );
  });

  test("tells all that stands against it at once", () => {
    const error = refusal("run-instance a web --name one --ip 10.0.1.2 --security-group x --security-group y");
    expect(error.code).toBe("InvalidGroup.NotFound");
    expect(error.details).toEqual([
      `VPC a has no security group "x".`,
      `VPC a has no security group "y".`,
      "10.0.1.2 is reserved: the first four addresses of subnet a/web and the last are.",
    ]);
  });

  test("answers as EC2 does when there is no room, no group, no subnet, no name", () => {
    const line = "run-instance a small --name";
    const cases: readonly (readonly [code: string, ...lines: string[]])[] = [
      ["InsufficientFreeAddressesInSubnet", `${line} x`, `${line} y`, `${line} z`],
      ["InvalidIPAddress.InUse", "run-instance a web --name x", "run-instance a web --name y --ip 10.0.1.5"],
      ["InvalidIPAddress.InUse", "run-instance a web --name y --ip 10.0.1.4"],
      ["InvalidParameterValue", "run-instance a web --name y --ip 10.0.9.5"],
      ["InvalidParameterValue", "run-instance a web --name y --ip ten"],
      ["InvalidParameterValue", "run-instance a web --name Web1"],
      ["InvalidSubnetID.NotFound", "run-instance a nope --name y"],
      ["InvalidVpcID.NotFound", "run-instance b web --name y"],
      ["MissingParameter", "run-instance a web"],
      ["MissingParameter", "run-instance a web --name y --restart always"],
      ["SecurityGroupsPerInstanceLimitExceeded", `run-instance a web --name y ${["default", "b", "c", "d", "e", "f"].map((name) => `--security-group ${name}`).join(" ")}`],
      ["InvalidInstanceID.NotFound", "stop-instance a nope"],
      ["InvalidInstanceID.NotFound", "start-instance a constructor"],
      ["InvalidInstanceID.NotFound", "modify-instance a nope --source-dest-check false"],
      ["MissingParameter", "run-instance a web --name y", "modify-instance a y"],
    ];
    for (const [code, ...lines] of cases) {
      const error = refusal(...lines);
      expect([lines.at(-1), [error.code, ...(error.details ?? [])].join(" ")]).toEqual([lines.at(-1), expect.stringContaining(error.code)]);
      if (code !== "SecurityGroupsPerInstanceLimitExceeded") expect([lines.at(-1), error.code as string]).toEqual([lines.at(-1), code]);
      else expect(error.details?.join(" ")).toContain("6 security groups: 5 are the most");
    }
  });

  test("a thousand in one go cost no more than a walk each", () => {
    const lines = Array.from({ length: 1000 }, (_, n) => `run-instance a big --name i${n} --public`);
    const world = worldAfter(["add-subnet a big 10.0.16.0/20", ...lines], start);
    const all = Object.values(world.vpcs["a"]?.instances ?? {});
    expect(new Set(all.map(({ address }) => address)).size).toBe(1000);
    expect(new Set(all.map(({ publicAddress }) => publicAddress)).size).toBe(1000);
    expect(all.map(({ slot }) => slot)).toEqual(Array.from({ length: 1000 }, (_, n) => n + 3));
  });
});

describe("public addresses", () => {
  test("are the pool's lowest, come with --public or with the subnet, and go with a stop", () => {
    const world = after("enable-internet a web", "run-instance a small --name x --public", "run-instance a small --name y");
    expect(instance(world, "y").publicAddress).toBeUndefined();
    const address = instance(world, "x").publicAddress;
    expect(address).toBeDefined();
    const stopped = worldAfter(["stop-instance a x"], world);
    expect(instance(stopped, "x")).toMatchObject({ state: "stopped", address: "10.0.2.5" });
    expect(instance(stopped, "x").publicAddress).toBeUndefined();
    const taken = worldAfter(["run-instance a web --name z --public", "start-instance a x"], stopped);
    expect([instance(taken, "z").publicAddress, instance(taken, "x").publicAddress === address]).toEqual([address, false]);
    expect(instance(taken, "x").publicAddress).toBeDefined();
  });

  test("of an Elastic IP stay through a stop, and lose their owner with it", () => {
    const running = after("run-instance a web --name x --public");
    const vpc = running.vpcs["a"];
    if (vpc === undefined) throw new Error("no VPC");
    const owned = { ...instance(running, "x"), publicAddress: instance(running, "x").publicAddress ?? instance(running, "x").address };
    const elastic = { name: "e", address: owned.publicAddress, association: { vpc: "a", instance: "x" } };
    const world: World = { ...running, elasticIps: { e: elastic } };
    expect(instance(worldAfter(["stop-instance a x"], world), "x").publicAddress).toBe(owned.publicAddress);
    expect(worldAfter(["terminate-instance a x"], world).elasticIps?.["e"]).toEqual({ name: "e", address: owned.publicAddress });
  });
});

describe("what depends on instances", () => {
  const world = after("run-instance a web --name one");

  test("keeps its subnet and its VPC from going, unless forced", () => {
    expect(refusal("run-instance a web --name one", "delete-subnet a web")).toMatchObject({
      code: "DependencyViolation",
      details: ["instance a/one (10.0.1.5)"],
      message: "Subnet a/web is not empty: an instance is in it.",
    });
    expect(refusal("run-instance a web --name one", "delete-vpc a")).toMatchObject({
      message: "VPC a is not empty: 2 subnets and 1 instance.",
      details: expect.arrayContaining(["instance a/one (10.0.1.5)"]),
    });
    const left = worldAfter(["delete-subnet a web --force"], world).vpcs["a"];
    expect([Object.keys(left?.subnets ?? {}), left?.instances]).toEqual([["small"], undefined]);
    expect(worldAfter(["delete-vpc a --force"], world)).toEqual(emptyWorld);
  });

  test("of faults goes with it, and no other", () => {
    const vpc = world.vpcs["a"];
    if (vpc === undefined) throw new Error("no VPC");
    const kept = { kind: "link-down", a: { subnet: "web" } } as const;
    const gone = { kind: "partition", a: { subnet: "small" }, b: { instance: "one" } } as const;
    const faulty: World = { ...world, vpcs: { a: { ...vpc, faults: [kept, gone] } } };
    expect(worldAfter(["terminate-instance a one"], faulty).vpcs["a"]?.faults).toEqual([kept]);
    expect(worldAfter(["terminate-instance a one"], { ...world, vpcs: { a: { ...vpc, faults: [gone] } } }).vpcs["a"]).not.toHaveProperty("faults");
  });
});

test("modify-instance changes what is named and nothing else, and the same again is no change", () => {
  const world = after("run-instance a web --name one");
  const router = worldAfter(["modify-instance a one --source-dest-check false"], world);
  expect(instance(router, "one")).toEqual({ ...instance(world, "one"), sourceDestCheck: false });
  expect(worldAfter(["modify-instance a one --source-dest-check false --security-group default"], router)).toBe(router);
  expect(worldAfter(["modify-instance a one --source-dest-check true"], router)).toEqual(world);
});
