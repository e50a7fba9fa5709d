// What each verb refuses, with which code, and what it then says: the sentences users meet most.
import { describe, expect, test } from "bun:test";
import { VpcctlError } from "../model/errors.ts";
import { limits } from "../model/limits.ts";
import { emptyWorld, type Vpc, type World } from "../model/world.ts";
import { addSubnet } from "./add-subnet.ts";
import { createVpc } from "./create-vpc.ts";
import { deleteSubnet } from "./delete-subnet.ts";
import { deleteVpc } from "./delete-vpc.ts";
import { disableInternet } from "./disable-internet.ts";
import { enableInternet } from "./enable-internet.ts";

function refusal(attempt: () => World): VpcctlError {
  try {
    attempt();
  } catch (error) {
    if (error instanceof VpcctlError) return error;
    throw error;
  }
  throw new Error("accepted");
}

const withVpcA = createVpc(emptyWorld, { name: "a", cidr: "10.0.0.0/16" });
const withWeb = addSubnet(withVpcA, { vpc: "a", name: "web", cidr: "10.0.1.0/24" });

describe("create-vpc", () => {
  const create = (name: string, cidr: string, anyPrefix = false) => () => createVpc(withVpcA, { name, cidr, anyPrefix });

  test("tells a bad name and a bad CIDR at once", () => {
    const error = refusal(create("Company A", "10.0.0.300/16"));
    expect(error).toMatchObject({ code: "InvalidParameterValue", exitStatus: 2 });
    expect(error.details).toEqual([
      `"Company A" is not a VPC name: it has the capital letter 'C'.`,
      `"10.0.0.300/16" is not a CIDR block: "300" is not a number from 0 to 255.`,
    ]);
  });

  test("takes the sizes EC2 takes, and others only with --any-prefix", () => {
    for (const cidr of ["10.0.0.0/15", "10.0.0.0/29", "10.0.0.0/8"]) {
      expect(refusal(create("b", cidr))).toMatchObject({ code: "InvalidVpc.Range", exitStatus: 2, hint: expect.stringContaining("--any-prefix") });
      expect(create("b", cidr, true)().vpcs["b"]?.cidr).toBe(cidr as never);
    }
    for (const cidr of ["172.16.0.0/16", "8.8.8.0/24", "100.64.0.0/28"]) expect(create("b", cidr)().vpcs["b"]?.cidr).toBe(cidr as never);
  });

  test("says why nothing is smaller than a /29 even with --any-prefix", () => {
    expect(refusal(create("b", "10.0.0.0/30", true)).hint).toContain("a /30 has no .4");
  });

  test.each([
    ["0.0.0.0/16", "this network"],
    ["127.1.0.0/16", "loopback"],
    ["169.254.0.0/16", "link-local"],
    ["169.254.64.0/28", "link-local"],
    ["224.0.0.0/16", "multicast"],
    ["255.255.0.0/16", "multicast"],
  ])("refuses %s, which no host can have", (cidr, why) => {
    expect(refusal(create("b", cidr))).toMatchObject({ code: "InvalidVpc.Range", message: expect.stringContaining(why) });
  });

  test("refuses even with --any-prefix a block with such addresses inside", () => {
    for (const cidr of ["0.0.0.0/0", "96.0.0.0/3", "128.0.0.0/1"]) expect(refusal(create("b", cidr, true)).code).toBe("InvalidVpc.Range");
  });

  test("names both CIDRs when the name is taken", () => {
    expect(refusal(create("a", "10.1.0.0/16"))).toMatchObject({
      code: "InvalidVpc.Duplicate",
      exitStatus: 4,
      message: "VPC a exists with CIDR 10.0.0.0/16, not 10.1.0.0/16.",
    });
  });

  test("gives the lowest free number, and none when the machine is full", () => {
    const vpc = withVpcA.vpcs["a"] as Vpc;
    const full = Object.fromEntries(Array.from({ length: limits.vpcs.value }, (_, n) => [`v${n + 1}`, { ...vpc, name: `v${n + 1}`, number: n + 1 }]));
    expect(refusal(() => createVpc({ schema: 3, vpcs: full }, { name: "b", cidr: "10.0.0.0/16" }))).toMatchObject({ code: "VpcLimitExceeded", exitStatus: 4 });
    const { v7: _, ...oneLess } = full;
    expect(createVpc({ schema: 3, vpcs: oneLess }, { name: "b", cidr: "10.0.0.0/16" }).vpcs["b"]?.number).toBe(7);
  });
});

describe("add-subnet", () => {
  const add = (name: string, cidr: string, anyPrefix = false) => () => addSubnet(withWeb, { vpc: "a", name, cidr, anyPrefix });

  test("tells a bad name and a bad size at once", () => {
    expect(refusal(add("-", "10.0.0.0/8")).details).toEqual([
      `"-" is not a subnet name: it starts with '-'.`,
      "A subnet cannot have 10.0.0.0/8: it is bigger than a /16.",
    ]);
  });

  test("names the VPC's block when it is left", () => {
    expect(refusal(add("db", "10.1.0.0/24"))).toMatchObject({
      code: "InvalidSubnet.Range",
      exitStatus: 2,
      message: "10.1.0.0/24 is not inside VPC a, which has 10.0.0.0/16.",
    });
  });

  test("names the subnet that is in the way", () => {
    for (const cidr of ["10.0.1.0/24", "10.0.0.0/20", "10.0.1.64/28"]) {
      expect(refusal(add("db", cidr))).toMatchObject({
        code: "InvalidSubnet.Conflict",
        exitStatus: 4,
        message: `${cidr} overlaps subnet a/web, which has 10.0.1.0/24.`,
      });
    }
  });

  test("takes a neighbour that only touches", () => {
    for (const cidr of ["10.0.0.0/24", "10.0.2.0/24"]) expect(add("db", cidr)().vpcs["a"]?.subnets["db"]?.cidr).toBe(cidr as never);
  });

  test("names both CIDRs when the name is taken", () => {
    expect(refusal(add("web", "10.0.2.0/24"))).toMatchObject({
      code: "InvalidSubnet.Duplicate",
      exitStatus: 4,
      message: "Subnet a/web exists with CIDR 10.0.1.0/24, not 10.0.2.0/24.",
    });
  });

  test("fills a /16 with its 4,096 /28s in order of slots, and takes the slot of one that went", () => {
    let world = withVpcA;
    const cidrOf = (n: number) => `10.0.${n >> 4}.${(n & 15) * 16}/28`;
    for (let n = 0; n < limits.subnetsPerVpc.value; n++) world = addSubnet(world, { vpc: "a", name: `s${n}`, cidr: cidrOf(n) });
    expect(world.vpcs["a"]?.subnets["s4095"]?.slot).toBe(4095);
    const smaller = deleteSubnet(world, { vpc: "a", name: "s70" });
    expect(addSubnet(smaller, { vpc: "a", name: "again", cidr: cidrOf(70) }).vpcs["a"]?.subnets["again"]?.slot).toBe(70);
    expect(refusal(() => addSubnet(world, { vpc: "a", name: "more", cidr: "10.0.0.0/29", anyPrefix: true })).details).toEqual([
      "10.0.0.0/29 overlaps subnet a/s0, which has 10.0.0.0/28.",
      "VPC a has 4096 subnets, and no more fit.",
    ]);
  });
});

describe("a name that leads nowhere", () => {
  test.each(["nope", "constructor", "__proto__", "A b"])("exits 3 for VPC %j and tells which VPCs there are", (vpc) => {
    for (const attempt of [
      () => addSubnet(withWeb, { vpc, name: "db", cidr: "10.0.2.0/24" }),
      () => enableInternet(withWeb, { vpc, subnet: "web" }),
      () => disableInternet(withWeb, { vpc, subnet: "web" }),
      () => deleteSubnet(withWeb, { vpc, name: "web" }),
    ]) {
      expect(refusal(attempt)).toMatchObject({ code: "InvalidVpcID.NotFound", exitStatus: 3, hint: "There is a. See what exists: vpcctl list" });
    }
  });

  test.each(["nope", "constructor", "__proto__"])("exits 3 for subnet %j and tells which subnets there are", (subnet) => {
    for (const attempt of [() => enableInternet(withWeb, { vpc: "a", subnet }), () => disableInternet(withWeb, { vpc: "a", subnet })]) {
      expect(refusal(attempt)).toMatchObject({ code: "InvalidSubnetID.NotFound", exitStatus: 3, hint: "There is web. See what exists: vpcctl describe a" });
    }
  });

  test("is told in a line, however much or little there is", () => {
    const ask = (world: World) => refusal(() => deleteSubnet(world, { vpc: "nope", name: "web" })).hint;
    const nine = Array.from("bcdefghi").reduce((world, name) => createVpc(world, { name, cidr: "10.0.0.0/16" }), withVpcA);
    expect(ask(emptyWorld)).toBe("See what exists: vpcctl list");
    expect(ask(nine)).toBe("See what exists: vpcctl list");
  });

  test("is no error for a delete: what it asks for is so", () => {
    expect(deleteVpc(withWeb, { name: "constructor" })).toBe(withWeb);
    expect(deleteSubnet(withWeb, { vpc: "a", name: "constructor" })).toBe(withWeb);
  });
});

describe("delete-vpc", () => {
  test("refuses a VPC in use, lists all that depends on it and names the way out", () => {
    expect(refusal(() => deleteVpc(enableInternet(withWeb, { vpc: "a", subnet: "web" }), { name: "a" }))).toMatchObject({
      code: "DependencyViolation",
      exitStatus: 4,
      message: "VPC a is not empty: 1 subnet and an internet gateway.",
      hint: "To take it away with all that is in it: vpcctl delete-vpc a --force",
      details: ["subnet a/web (10.0.1.0/24)", "internet gateway of a"],
    });
  });

  test("takes it away with all that is in it when forced", () => {
    expect(deleteVpc(withWeb, { name: "a", force: true })).toEqual(emptyWorld);
  });
});
