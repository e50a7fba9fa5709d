import { describe, expect, test } from "bun:test";
import { VpcctlError } from "../model/errors.ts";
import { limits } from "../model/limits.ts";
import { allowsEverything, defaultAcl, findNetworkAcl, type NetworkAcl } from "../model/network-acl.ts";
import { emptyWorld, type Vpc, type World } from "../model/world.ts";
import { addSubnet } from "./add-subnet.ts";
import { createVpc } from "./create-vpc.ts";
import { createNetworkAclEntry, deleteNetworkAclEntry, replaceNetworkAclEntry } from "./network-acl-entry.ts";
import { associateNetworkAcl, createNetworkAcl, deleteNetworkAcl } from "./network-acl.ts";
import type { AclEntryInput } from "./parse-acl-entry.ts";

function refusal(attempt: () => World): VpcctlError {
  try {
    attempt();
  } catch (error) {
    if (error instanceof VpcctlError) return error;
    throw error;
  }
  return expect.unreachable();
}

const bare = addSubnet(createVpc(emptyWorld, { name: "a", cidr: "10.0.0.0/16" }), { vpc: "a", name: "web", cidr: "10.0.1.0/24" });
const world = createNetworkAcl(bare, { vpc: "a", name: "strict" });
const used = associateNetworkAcl(world, { vpc: "a", subnet: "web", acl: "strict" });

const vpcOf = (from: World): Vpc => from.vpcs["a"] as Vpc;
const aclOf = (from: World, name = "strict"): NetworkAcl | undefined => findNetworkAcl(vpcOf(from), name);
/** `undefined` leaves a word out. */
type Words = { readonly [Key in keyof AclEntryInput]?: AclEntryInput[Key] | undefined };
function input(ruleNumber: string | number, more: Words = {}): AclEntryInput {
  const words: Words = { vpc: "a", acl: "strict", ruleNumber: String(ruleNumber), ingress: true, action: "allow", protocol: "tcp", port: "80", cidr: "10.0.0.0/8", ...more };
  return Object.fromEntries(Object.entries(words).filter(([, word]) => word !== undefined)) as unknown as AclEntryInput;
}

describe("a network ACL", () => {
  test("is made without entries, once", () => {
    expect(aclOf(world)).toEqual({ name: "strict", ingress: [], egress: [] });
    expect(createNetworkAcl(world, { vpc: "a", name: "strict" })).toBe(world);
    expect(createNetworkAcl(world, { vpc: "a", name: defaultAcl })).toBe(world);
    expect(aclOf(createNetworkAcl(world, { vpc: "a", name: "constructor" }), "constructor")?.ingress).toEqual([]);
  });

  test("has a name like others, in a VPC that exists", () => {
    expect(refusal(() => createNetworkAcl(world, { vpc: "a", name: "Strict" }))).toMatchObject({
      code: "InvalidParameterValue",
      message: `"Strict" is not a network ACL name: it has the capital letter 'S'.`,
    });
    expect(refusal(() => createNetworkAcl(world, { vpc: "b", name: "strict" })).code).toBe("InvalidVpcID.NotFound");
  });

  test("is one of at most 200, the default one counted", () => {
    const named = Object.fromEntries(Array.from({ length: limits.networkAclsPerVpc.value - 1 }, (_, n) => [`n${n}`, { name: `n${n}`, ingress: [], egress: [] }]));
    const full: World = { ...world, vpcs: { a: { ...vpcOf(world), networkAcls: named } } };
    expect(refusal(() => createNetworkAcl(full, { vpc: "a", name: "more" }))).toMatchObject({ code: "NetworkAclLimitExceeded", exitStatus: 4 });
    const others = Object.fromEntries(Object.entries(named).filter(([name]) => name !== "n7"));
    const oneLess: World = { ...world, vpcs: { a: { ...vpcOf(world), networkAcls: others } } };
    expect(aclOf(createNetworkAcl(oneLess, { vpc: "a", name: "more" }), "more")).toBeDefined();
  });

  test("is taken away unless a subnet uses it, and the default one never is", () => {
    expect(refusal(() => deleteNetworkAcl(used, { vpc: "a", name: "strict" }))).toMatchObject({
      code: "DependencyViolation",
      message: "Network ACL a/strict is associated with a subnet.",
      hint: "Give each another one first: vpcctl associate-network-acl a web default",
      details: ["subnet a/web (10.0.1.0/24)"],
    });
    expect(refusal(() => deleteNetworkAcl(world, { vpc: "a", name: "default" }))).toMatchObject({ code: "InvalidParameterValue", exitStatus: 2 });
    expect(deleteNetworkAcl(world, { vpc: "a", name: "strict" })).toEqual(bare);
    expect(deleteNetworkAcl(bare, { vpc: "a", name: "constructor" })).toBe(bare);
  });
});

describe("an association", () => {
  test("takes the place of the one before, and default is none", () => {
    expect(vpcOf(used).subnets["web"]?.networkAcl).toBe("strict");
    expect(associateNetworkAcl(used, { vpc: "a", subnet: "web", acl: "strict" })).toBe(used);
    expect(associateNetworkAcl(world, { vpc: "a", subnet: "web", acl: "default" })).toBe(world);
    expect(associateNetworkAcl(used, { vpc: "a", subnet: "web", acl: "default" })).toEqual(world);
  });

  test("needs both to exist", () => {
    expect(refusal(() => associateNetworkAcl(world, { vpc: "a", subnet: "db", acl: "strict" })).code).toBe("InvalidSubnetID.NotFound");
    expect(refusal(() => associateNetworkAcl(world, { vpc: "a", subnet: "web", acl: "constructor" }))).toMatchObject({
      code: "InvalidNetworkAclID.NotFound",
      exitStatus: 3,
      hint: "There is default, strict. See what exists: vpcctl describe a",
    });
  });
});

describe("an entry", () => {
  test("stands in order of its number, whatever came first", () => {
    const icmp = input(90, { action: "deny", protocol: "icmp", port: undefined, icmpType: "8" });
    const full = [input(200), icmp, input(32_766, { cidr: "FD00:0::/8" })].reduce(createNetworkAclEntry, world);
    expect(aclOf(full)).toEqual({
      name: "strict",
      ingress: [
        { number: 90, action: "deny", protocol: "icmp", icmp: { type: 8 }, cidr: "10.0.0.0/8" as never },
        { number: 200, action: "allow", protocol: "tcp", ports: { from: 80, to: 80 }, cidr: "10.0.0.0/8" as never },
        { number: 32_766, action: "allow", protocol: "tcp", ports: { from: 80, to: 80 }, cidr: "fd00::/8" as never },
      ],
      egress: [],
    });
  });

  test("is there once in its direction; the same again is no change, another is refused", () => {
    const one = createNetworkAclEntry(world, input(100));
    expect(createNetworkAclEntry(one, input(100))).toBe(one);
    expect(aclOf(createNetworkAclEntry(one, input(100, { ingress: undefined, egress: true })))?.egress).toHaveLength(1);
    expect(refusal(() => createNetworkAclEntry(one, input(100, { port: "81" })))).toMatchObject({
      code: "NetworkAclEntryAlreadyExists",
      exitStatus: 4,
      message: "Network ACL a/strict has ingress entry 100 already: allow tcp 80 10.0.0.0/8.",
    });
  });

  test("is replaced where there is one", () => {
    const one = [input(100), input(110)].reduce(createNetworkAclEntry, world);
    const replaced = replaceNetworkAclEntry(one, input(100, { action: "deny" }));
    expect(aclOf(replaced)?.ingress.map(({ number, action }) => [number, action])).toEqual([[100, "deny"], [110, "allow"]]);
    expect(replaceNetworkAclEntry(one, input(100))).toBe(one);
    expect(refusal(() => replaceNetworkAclEntry(one, input(99)))).toMatchObject({
      code: "InvalidNetworkAclEntry.NotFound",
      exitStatus: 3,
      hint: "There is 100, 110. To add one: vpcctl create-network-acl-entry",
    });
    expect(refusal(() => replaceNetworkAclEntry(world, input(99))).hint).toBe("Add it: vpcctl create-network-acl-entry");
  });

  test("is taken away, and then there is nothing to take away", () => {
    const one = createNetworkAclEntry(world, input(100));
    expect(deleteNetworkAclEntry(one, { vpc: "a", acl: "strict", ruleNumber: "100", egress: true })).toBe(one);
    expect(deleteNetworkAclEntry(one, { vpc: "a", acl: "strict", ruleNumber: "100", ingress: true })).toEqual(world);
  });

  test("is one of at most 40 in its direction, `*` included, for IPv4 and for IPv6 each", () => {
    const most = limits.networkAclEntries.value - 1;
    const ipv6 = { cidr: "::/0", protocol: "tcp" };
    let full = world;
    for (let number = 1; number <= most; number++) full = createNetworkAclEntry(full, input(number));
    expect(refusal(() => createNetworkAclEntry(full, input(most + 1)))).toMatchObject({ code: "NetworkAclEntryLimitExceeded", exitStatus: 4 });
    expect(createNetworkAclEntry(full, input(most))).toBe(full);
    expect(aclOf(createNetworkAclEntry(full, input(most + 1, { ingress: undefined, egress: true })))?.egress).toHaveLength(1);
    const both = createNetworkAclEntry(full, input(most + 1, ipv6));
    expect(aclOf(both)?.ingress).toHaveLength(most + 1);
    expect(refusal(() => replaceNetworkAclEntry(both, input(most + 1))).message).toBe(
      "Network ACL a/strict has 40 ingress entries for IPv4, the last (*) included, and no more fit.",
    );
    expect(aclOf(replaceNetworkAclEntry(both, input(1, ipv6)))?.ingress).toHaveLength(most + 1);
  });

  test("with several mistakes is told all of them", () => {
    const mistaken = { vpc: "a", acl: "strict", ruleNumber: "32767", ingress: true, egress: true, action: "drop", cidr: "10.0.0.1/8" };
    const wrong = refusal(() => createNetworkAclEntry(world, mistaken));
    expect(wrong.details).toEqual([
      "An entry has one direction, not both.",
      `"32767" is not a rule number.`,
      `"drop" is not an action.`,
      "It does not say which protocol.",
      `"10.0.0.1/8" is not a CIDR block: host bits are set.`,
    ]);
    expect(refusal(() => createNetworkAclEntry(world, { vpc: "a", acl: "strict" })).details).toEqual([
      "It does not say which direction.",
      "It does not say which entry.",
      "It does not say whether to allow or to deny.",
      "It does not say which protocol.",
      "It does not say from or to where.",
    ]);
    for (const number of ["0", "007", "1.5", "-1", "constructor"]) expect(refusal(() => deleteNetworkAclEntry(world, input(number))).code).toBe("InvalidParameterValue");
  });

  test("speaks of ICMP of the family of its block", () => {
    expect(refusal(() => createNetworkAclEntry(world, input(1, { protocol: "icmp", port: undefined, cidr: "::/0" }))).hint).toBe("Here it is --protocol icmpv6.");
    expect(refusal(() => createNetworkAclEntry(world, input(1, { protocol: "icmpv6", port: undefined, cidr: "0.0.0.0/0" }))).hint).toBe("Here it is --protocol icmp.");
  });
});

describe("the default network ACL", () => {
  test("can be edited, and is then part of the World", () => {
    const edited = createNetworkAclEntry(bare, input(50, { acl: "default", action: "deny" }));
    expect(aclOf(edited, "default")?.ingress.map(({ number }) => number)).toEqual([50, 100, 101]);
    expect(vpcOf(bare).networkAcls).toBeUndefined();
  });
});

test("an ACL allows everything when nothing is denied before all is allowed, in both directions and for the families there are", () => {
  const entry = (number: number, action: "allow" | "deny", cidr: string, protocol = "all") => ({ number, action, protocol, cidr }) as NetworkAcl["ingress"][number];
  const acl = (ingress: NetworkAcl["ingress"], egress = ingress): NetworkAcl => ({ name: "x", ingress, egress });
  const open4 = entry(100, "allow", "0.0.0.0/0");
  const open6 = entry(101, "allow", "::/0");
  expect(allowsEverything(acl([open4, open6]), true)).toBe(true);
  expect(allowsEverything(acl([open4]), false)).toBe(true);
  expect(allowsEverything(acl([open4]), true)).toBe(false);
  expect(allowsEverything(acl([open4, open6], []), true)).toBe(false);
  expect(allowsEverything(acl([entry(1, "allow", "10.0.0.0/8", "tcp"), open4, entry(200, "deny", "0.0.0.0/0")]), false)).toBe(true);
  expect(allowsEverything(acl([entry(1, "deny", "10.0.0.0/8"), open4]), false)).toBe(false);
  expect(allowsEverything(acl([entry(1, "deny", "fd00::/8"), open4]), false)).toBe(true);
  expect(allowsEverything(acl([entry(1, "allow", "0.0.0.0/0", "tcp")]), false)).toBe(false);
});
