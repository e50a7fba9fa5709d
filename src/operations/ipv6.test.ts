import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { ipv6AddressOf, routerAddress6, uniqueLocalCidr } from "../model/addresses6.ts";
import { subnetAttachment } from "../model/attachment.ts";
import { cidr6Range, overlaps6, parseCidr6, parseIpv6 } from "../model/cidr6.ts";
import { VpcctlError } from "../model/errors.ts";
import { validateWorld } from "../model/validate.ts";
import { emptyWorld, findSubnet, findVpc, type Subnet, type Vpc, type World } from "../model/world.ts";
import { planChanges } from "../plan/plan-changes.ts";
import { addSubnet } from "./add-subnet.ts";
import { associateIpv6Cidr, disassociateIpv6Cidr } from "./associate-ipv6-cidr.ts";
import { createVpc } from "./create-vpc.ts";
import { deleteSubnet } from "./delete-subnet.ts";
import { enableInternet } from "./enable-internet.ts";

const vpcOf = (world: World, name = "a") => findVpc(world, name) as Vpc;
const subnetOf = (world: World, name: string) => findSubnet(vpcOf(world), name) as Subnet;
const withSubnets = (world: World, ...names: string[]) =>
  names.reduce((before, name, n) => addSubnet(before, { vpc: "a", name, cidr: `10.0.${n}.0/24` }), world);
const bare = createVpc(emptyWorld, { name: "a", cidr: "10.0.0.0/16" });
const two = withSubnets(bare, "web", "db");
const block = "fd00:1234:5678:ab00::/56";

function refusal(act: () => unknown): VpcctlError {
  try {
    act();
  } catch (error) {
    if (error instanceof VpcctlError) return error;
    throw error;
  }
  throw new Error("was not refused");
}

test("a VPC gets the block, its subnets the first parts, and one that comes later the next", () => {
  const world = withSubnets(associateIpv6Cidr(two, { vpc: "a", cidr: "FD00:1234:5678:AB00:0::/56" }), "web", "db", "later");
  expect(vpcOf(world).ipv6Cidr).toBe(parseCidr6(block));
  expect(["web", "db", "later"].map((name) => String(subnetOf(world, name).ipv6Cidr))).toEqual([
    "fd00:1234:5678:ab00::/64", "fd00:1234:5678:ab01::/64", "fd00:1234:5678:ab02::/64",
  ]);
  expect(validateWorld(structuredClone(world))).toEqual(world);
});

test("the part of a subnet that went is given again", () => {
  const world = deleteSubnet(associateIpv6Cidr(two, { vpc: "a", cidr: block }), { vpc: "a", name: "web" });
  expect(subnetOf(addSubnet(world, { vpc: "a", name: "new", cidr: "10.0.9.0/24" }), "new").ipv6Cidr).toBe(parseCidr6("fd00:1234:5678:ab00::/64"));
});

test("a subnet may choose its part", () => {
  const world = associateIpv6Cidr(two, { vpc: "a", cidr: block });
  const input = { vpc: "a", name: "new", cidr: "10.0.9.0/24", ipv6Cidr: "fd00:1234:5678:abff::/64" };
  const chosen = addSubnet(world, input);
  expect(subnetOf(chosen, "new").ipv6Cidr).toBe(parseCidr6(input.ipv6Cidr));
  expect(addSubnet(chosen, input)).toBe(chosen);
  expect(refusal(() => addSubnet(chosen, { ...input, ipv6Cidr: "fd00:1234:5678:abfe::/64" })).code).toBe("InvalidSubnet.Duplicate");
  const others = { ...input, name: "other", cidr: "10.0.10.0/24" };
  expect(refusal(() => addSubnet(chosen, others)).code).toBe("InvalidSubnet.Conflict");
  expect(refusal(() => addSubnet(chosen, { ...others, ipv6Cidr: "fd00:1234:5678:aa00::/64" })).message).toContain("not inside");
  expect(refusal(() => addSubnet(chosen, { ...others, ipv6Cidr: "fd00:1234:5678:ab80::/65" })).message).toContain("/65");
  expect(refusal(() => addSubnet(two, { ...others, ipv6Cidr: "fd00::/64" })).hint).toContain("associate-ipv6-cidr a");
  expect(refusal(() => addSubnet(chosen, { ...others, ipv6Cidr: "fd00::1/64" })).code).toBe("InvalidParameterValue");
});

test("a VPC has room for IPv6 in 256 subnets, and one more has none", () => {
  let world = associateIpv6Cidr(bare, { vpc: "a" });
  for (let n = 0; n < 257; n++) world = addSubnet(world, { vpc: "a", name: `s${n}`, cidr: `10.0.${n >> 4}.${(n & 15) * 16}/28` });
  expect(new Set(Object.values(vpcOf(world).subnets).map((subnet) => subnet.ipv6Cidr)).size).toBe(257);
  expect(subnetOf(world, "s255").ipv6Cidr).toBeDefined();
  expect(subnetOf(world, "s256").ipv6Cidr).toBeUndefined();
  const anew = associateIpv6Cidr(disassociateIpv6Cidr(world, { vpc: "a" }), { vpc: "a" });
  expect(anew).toEqual(world);
});

test("again is no change, and taking away leaves nothing of it", () => {
  const world = associateIpv6Cidr(two, { vpc: "a", cidr: block });
  expect(associateIpv6Cidr(world, { vpc: "a", cidr: block })).toBe(world);
  expect(associateIpv6Cidr(world, { vpc: "a" })).toBe(world);
  expect(disassociateIpv6Cidr(world, { vpc: "a" })).toEqual(two);
  expect(disassociateIpv6Cidr(two, { vpc: "a" })).toBe(two);
  expect(planChanges(two, world).map(({ action, subject }) => `${action} ${subject}`)).toEqual([
    "create IPv6 block of VPC a", "create IPv6 block of subnet a/web", "create IPv6 block of subnet a/db",
  ]);
  expect(planChanges(world, two)).toHaveLength(3);
});

test("a subnet that is made public is so by IPv6 as well, from when the VPC has it", () => {
  const routesOf = (world: World) => vpcOf(world).routeTables["public"]?.routes.map(({ destination }) => String(destination));
  const before = enableInternet(two, { vpc: "a", subnet: "web" });
  expect(routesOf(before)).toEqual(["0.0.0.0/0"]);
  const after = enableInternet(associateIpv6Cidr(before, { vpc: "a" }), { vpc: "a", subnet: "web" });
  expect(routesOf(after)).toEqual(["0.0.0.0/0", "::/0"]);
  expect(enableInternet(after, { vpc: "a", subnet: "web" })).toBe(after);
});

test("create-vpc --ipv6 makes what associate-ipv6-cidr makes", () => {
  const made = createVpc(emptyWorld, { name: "a", cidr: "10.0.0.0/16", ipv6: true });
  expect(made).toEqual(associateIpv6Cidr(bare, { vpc: "a" }));
  expect(createVpc(made, { name: "a", cidr: "10.0.0.0/16", ipv6: true })).toBe(made);
  expect(createVpc(made, { name: "a", cidr: "10.0.0.0/16" })).toBe(made);
  expect(refusal(() => createVpc(bare, { name: "a", cidr: "10.0.0.0/16", ipv6: true }))).toMatchObject({ code: "InvalidVpc.Duplicate" });
});

describe("refused", () => {
  const world = associateIpv6Cidr(createVpc(two, { name: "b", cidr: "10.0.0.0/16" }), { vpc: "b", cidr: block });
  test.each([
    ["fd00::1/56", "InvalidParameterValue"],
    ["fd00::/64", "InvalidVpc.Range"],
    ["fd00::/48", "InvalidVpc.Range"],
    ["fe80::/56", "InvalidVpc.Range"],
    ["ff00::/56", "InvalidVpc.Range"],
    ["fd76:7063:746c:ff00::/56", "InvalidVpc.Range"],
    ["fd00:ec2::/56", "InvalidVpc.Range"],
    ["fd00:ec2:ffff:ff00::/56", "InvalidVpc.Range"],
    [block, "InvalidVpc.Conflict"],
  ] as const)("%s with %s", (cidr, code) => {
    expect(refusal(() => associateIpv6Cidr(world, { vpc: "a", cidr })).code).toBe(code);
  });

  test("a second block", () => {
    expect(refusal(() => associateIpv6Cidr(world, { vpc: "b", cidr: "fd00::/56" })).code).toBe("CidrLimitExceeded");
  });

  test("a VPC that is not there", () => {
    expect(refusal(() => associateIpv6Cidr(world, { vpc: "constructor" })).code).toBe("InvalidVpcID.NotFound");
  });
});

test("the blocks of VPCs that bring none are private, never overlap, and are the same everywhere", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 2, maxLength: 12 }), (names) => {
      const world = names.reduce((before, name) => createVpc(before, { name, cidr: "10.0.0.0/16", ipv6: true }), emptyWorld);
      const blocks = names.flatMap((name) => vpcOf(world, name).ipv6Cidr ?? []);
      expect(blocks).toHaveLength(names.length);
      for (const [at, one] of blocks.entries()) {
        expect(one).toStartWith("fd");
        expect(cidr6Range(one).prefix).toBe(56);
        expect(blocks.some((other, n) => n !== at && overlaps6(one, other))).toBe(false);
      }
    }),
  );
  // One that somebody has taken by hand is passed by.
  const own = uniqueLocalCidr({ name: "a", number: 1 }, emptyWorld);
  const taken = associateIpv6Cidr(createVpc(bare, { name: "b", cidr: "10.0.0.0/16" }), { vpc: "b", cidr: own });
  expect(associateIpv6Cidr(taken, { vpc: "a" })).not.toBe(taken);
  expect(vpcOf(associateIpv6Cidr(taken, { vpc: "a" })).ipv6Cidr).not.toBe(own);
});

test("an address follows from the IPv4 address", () => {
  const world = associateIpv6Cidr(two, { vpc: "a", cidr: block });
  expect(ipv6AddressOf(subnetAttachment(subnetOf(world, "db")))).toBe(parseIpv6("fd00:1234:5678:ab01::a00:104"));
  expect(routerAddress6(parseCidr6("fd00:1234:5678:ab01::/64"))).toBe(parseIpv6("fd00:1234:5678:ab01::1"));
  expect(ipv6AddressOf(subnetAttachment(subnetOf(two, "db")))).toBeUndefined();
});

test("a damaged state is refused with its path", () => {
  const world = associateIpv6Cidr(createVpc(two, { name: "b", cidr: "10.0.0.0/16" }), { vpc: "a", cidr: block });
  type Spoilt = { vpcs: Record<string, { ipv6Cidr?: unknown; subnets: Record<string, { ipv6Cidr?: unknown }> }> };
  const says = (spoil: (copy: Spoilt) => void): string => {
    const copy = structuredClone(world) as unknown as Spoilt;
    spoil(copy);
    return String(refusal(() => validateWorld(copy)).details?.join(" "));
  };
  expect(says(({ vpcs: { a } }) => a && (a.ipv6Cidr = "FD00::/56"))).toContain("vpcs.a.ipv6Cidr is not an IPv6 block");
  expect(says(({ vpcs: { a } }) => a && (a.ipv6Cidr = 7))).toContain("vpcs.a.ipv6Cidr is not an IPv6 block");
  expect(says(({ vpcs: { a } }) => a && (a.ipv6Cidr = "fe80::/56"))).toContain("cannot be fe80::/56");
  expect(says(({ vpcs: { b } }) => b && (b.ipv6Cidr = block))).toContain("vpcs.b.ipv6Cidr overlaps a");
  expect(says(({ vpcs: { a } }) => a?.subnets["db"] && (a.subnets["db"].ipv6Cidr = "fd00:1234:5678:ab00::/64"))).toContain("which web has");
  expect(says(({ vpcs: { a } }) => a?.subnets["db"] && (a.subnets["db"].ipv6Cidr = "fd00:1234:5678:ac00::/64"))).toContain("not inside");
  expect(says(({ vpcs: { a } }) => a && delete a.ipv6Cidr)).toContain("the VPC has no IPv6 block");
});
