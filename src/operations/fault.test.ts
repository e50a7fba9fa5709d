import { describe, expect, test } from "bun:test";
import { sayFault, type Fault } from "../model/fault.ts";
import { VpcctlError } from "../model/errors.ts";
import { emptyWorld, type World } from "../model/world.ts";
import { addSubnet } from "./add-subnet.ts";
import { createVpc } from "./create-vpc.ts";
import { deleteSubnet } from "./delete-subnet.ts";
import { heal, linkDown, linkUp, partition } from "./fault.ts";
import { runInstance } from "./run-instance.ts";
import { terminateInstance } from "./terminate-instance.ts";

function refusal(attempt: () => World): VpcctlError {
  try {
    attempt();
  } catch (error) {
    if (error instanceof VpcctlError) return error;
    throw error;
  }
  return expect.unreachable();
}

const bare = createVpc(emptyWorld, { name: "a", cidr: "10.0.0.0/16" });
const subnets = ["web", "db"].reduce((world, name, at) => addSubnet(world, { vpc: "a", name, cidr: `10.0.${at}.0/24` }), bare);
/** An instance bears the name of a subnet. */
const world = ["one", "two", "db"].reduce((before, name) => runInstance(before, { vpc: "a", subnet: "web", name }), subnets);

const faultsOf = (from: World): readonly Fault[] => from.vpcs["a"]?.faults ?? [];
const said = (from: World): string[] => faultsOf(from).map((fault) => sayFault("a", fault));
const part = (from: World, a: string, b?: string): World => partition(from, { vpc: "a", a, ...(b === undefined ? {} : { b }) });
const mend = (from: World, a?: string, b?: string): World => heal(from, { vpc: "a", ...(a === undefined ? {} : { a }), ...(b === undefined ? {} : { b }) });

describe("a partition", () => {
  test("has no direction and is there once", () => {
    const parted = part(world, "web", "one");
    expect(faultsOf(parted)).toEqual([{ kind: "partition", a: { subnet: "web" }, b: { instance: "one" } }]);
    expect(part(parted, "one", "web")).toBe(parted);
    expect(part(parted, "web/one", "web")).toBe(parted);
    expect(faultsOf(part(parted, "web"))).toHaveLength(2);
  });

  test("names a subnet rather than an instance of that name, which is named with its subnet", () => {
    expect(said(part(part(world, "db", "two"), "web/db"))).toEqual([
      "no packet between subnet a/db and instance a/two",
      "no packet between instance a/db and anything else",
    ]);
  });

  test("needs two places that exist", () => {
    expect(refusal(() => part(world, "web", "web"))).toMatchObject({
      code: "InvalidParameterValue",
      hint: "Name another place, or none to part it from everything: vpcctl partition a web",
    });
    expect(refusal(() => part(world, "one", "web/one")).code).toBe("InvalidParameterValue");
    expect(refusal(() => part(world, "constructor"))).toMatchObject({ code: "InvalidSubnetID.NotFound", exitStatus: 3 });
    expect(refusal(() => part(world, "web/three")).code).toBe("InvalidInstanceID.NotFound");
    expect(refusal(() => part(world, "db/one"))).toMatchObject({ code: "InvalidInstanceID.NotFound", hint: "Write web/one." });
    expect(refusal(() => partition(world, { vpc: "b", a: "web" })).code).toBe("InvalidVpcID.NotFound");
  });
});

describe("heal", () => {
  const broken = linkDown(part(part(part(world, "web", "db"), "one", "two"), "one"), { vpc: "a", place: "one" });

  test("takes away all, those at a place, or the one between two", () => {
    expect(mend(broken)).toEqual(world);
    expect(said(mend(broken, "one"))).toEqual(["no packet between subnet a/web and subnet a/db"]);
    expect(said(mend(broken, "two", "one"))).toEqual([
      "no packet between subnet a/web and subnet a/db",
      "no packet between instance a/one and anything else",
      "link of instance a/one is down",
    ]);
  });

  test("changes nothing where nothing is broken", () => {
    expect(mend(world)).toBe(world);
    expect(mend(broken, "web", "one")).toBe(broken);
    expect(mend(broken, "web/db")).toBe(broken);
    expect(refusal(() => mend(broken, "nope")).code).toBe("InvalidSubnetID.NotFound");
  });
});

test("a link goes down and comes up by itself, whatever else is broken at the place", () => {
  const down = linkDown(part(world, "one"), { vpc: "a", place: "web/one" });
  expect(linkDown(down, { vpc: "a", place: "one" })).toBe(down);
  expect(linkUp(down, { vpc: "a", place: "one" })).toEqual(part(world, "one"));
  expect(linkUp(down, { vpc: "a", place: "web" })).toBe(down);
});

test("a fault goes with the place it is at", () => {
  const broken = linkDown(part(part(part(world, "one", "two"), "web/db", "db"), "db"), { vpc: "a", place: "two" });
  const terminated = terminateInstance(broken, { vpc: "a", name: "two" });
  expect(said(terminated)).toEqual(["no packet between instance a/db and subnet a/db", "no packet between subnet a/db and anything else"]);
  const deleted = deleteSubnet(terminated, { vpc: "a", name: "db" });
  expect(faultsOf(deleted)).toEqual([]);
  expect(deleted.vpcs["a"]).not.toHaveProperty("faults");
  expect(faultsOf(deleteSubnet(linkDown(part(broken, "one"), { vpc: "a", place: "db" }), { vpc: "a", name: "web", force: true }))).toEqual([
    { kind: "partition", a: { subnet: "db" } },
    { kind: "link-down", a: { subnet: "db" } },
  ]);
});
