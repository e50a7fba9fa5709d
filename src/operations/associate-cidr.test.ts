import { expect, test } from "bun:test";
import { VpcctlError } from "../model/errors.ts";
import { limits } from "../model/limits.ts";
import { validateWorld } from "../model/validate.ts";
import { cidrsOf } from "../model/vpc-cidrs.ts";
import { emptyWorld, type Vpc, type World } from "../model/world.ts";
import { addSubnet } from "./add-subnet.ts";
import { associateCidr, disassociateCidr } from "./associate-cidr.ts";
import { createPeering } from "./create-peering.ts";
import { createVpc } from "./create-vpc.ts";

const one = createVpc(emptyWorld, { name: "a", cidr: "10.0.0.0/16" });
const two = associateCidr(one, { vpc: "a", cidr: "10.5.0.0/16" });
const blocks = (world: World): readonly string[] => cidrsOf(world.vpcs["a"] as Vpc);

function refusal(operate: () => unknown): VpcctlError {
  try {
    operate();
  } catch (error) {
    if (error instanceof VpcctlError) return error;
    throw error;
  }
  throw new Error("accepted");
}

test("a VPC gets a further block and loses it again; each again is no change", () => {
  expect(blocks(two)).toEqual(["10.0.0.0/16", "10.5.0.0/16"]);
  expect(associateCidr(two, { vpc: "a", cidr: "10.5.0.0/16" })).toBe(two);
  expect(associateCidr(two, { vpc: "a", cidr: "10.0.0.0/16" })).toBe(two);
  expect(disassociateCidr(two, { vpc: "a", cidr: "10.5.0.0/16" })).toEqual(one);
  expect(disassociateCidr(one, { vpc: "a", cidr: "10.5.0.0/16" })).toBe(one);
  expect(validateWorld(two)).toBe(two);
});

test("a subnet lies in one block of the VPC, whichever", () => {
  const world = addSubnet(two, { vpc: "a", name: "far", cidr: "10.5.1.0/24" });
  expect(world.vpcs["a"]?.subnets["far"]?.cidr as string).toBe("10.5.1.0/24");
  expect(validateWorld(world)).toBe(world);
  const error = refusal(() => addSubnet(one, { vpc: "a", name: "far", cidr: "10.5.1.0/24" }));
  expect([error.code, error.message]).toEqual(["InvalidSubnet.Range", "10.5.1.0/24 is not inside VPC a, which has 10.0.0.0/16."]);
  const adjacent = associateCidr(one, { vpc: "a", cidr: "10.1.0.0/16" });
  expect(refusal(() => addSubnet(adjacent, { vpc: "a", name: "both", cidr: "10.0.0.0/15", anyPrefix: true })).code).toBe("InvalidSubnet.Range");
});

test("a block with a subnet in it stays, and so does the primary one", () => {
  const world = addSubnet(two, { vpc: "a", name: "far", cidr: "10.5.1.0/24" });
  const error = refusal(() => disassociateCidr(world, { vpc: "a", cidr: "10.5.0.0/16" }));
  expect([error.code, error.details]).toEqual(["InvalidCidrBlock.InUse", ["subnet a/far (10.5.1.0/24)"]]);
  expect(refusal(() => disassociateCidr(two, { vpc: "a", cidr: "10.0.0.0/16" })).code).toBe("OperationNotPermitted");
});

test.each([
  ["a part of its own block", "10.0.7.0/24", "InvalidVpc.Range"],
  ["a part of its further block", "10.5.7.0/24", "InvalidVpc.Range"],
  ["too big", "10.6.0.0/15", "InvalidVpc.Range"],
  ["too small", "10.6.0.0/29", "InvalidVpc.Range"],
  ["link-local", "169.254.0.0/16", "InvalidVpc.Range"],
  ["another private range", "192.168.0.0/16", "InvalidVpc.Range"],
  ["no block", "10.6.0.0", "InvalidParameterValue"],
])("refused: %s", (_, cidr, code) => {
  expect<string>(refusal(() => associateCidr(two, { vpc: "a", cidr })).code).toBe(code);
});

test("ranges that EC2 does not mix can be mixed when asked for, public ones always", () => {
  expect(blocks(associateCidr(one, { vpc: "a", cidr: "192.168.0.0/16", anyRange: true }))).toEqual(["10.0.0.0/16", "192.168.0.0/16"]);
  expect(blocks(associateCidr(one, { vpc: "a", cidr: "100.64.0.0/16" }))).toEqual(["10.0.0.0/16", "100.64.0.0/16"]);
});

test("no block of a peer, whether it has accepted or not", () => {
  const peered = createPeering(createVpc(one, { name: "b", cidr: "10.1.0.0/16" }), { name: "a-b", requester: "a", accepter: "b" });
  for (const [vpc, cidr] of [["a", "10.1.7.0/24"], ["b", "10.0.0.0/20"]] as const) {
    const error = refusal(() => associateCidr(peered, { vpc, cidr }));
    expect(error.code).toBe("InvalidVpc.Range");
    expect(error.hint).toContain("vpcctl delete-peering a-b");
  }
  expect(() => associateCidr(peered, { vpc: "a", cidr: "10.2.0.0/16" })).not.toThrow();
});

test("no block in which a route lies; one inside the route's destination is more specific, and may be", () => {
  const vpc = one.vpcs["a"] as Vpc;
  const main = { name: "main", number: 1, routes: [{ destination: "10.8.0.0/20" as Vpc["cidr"], target: { kind: "blackhole" } }] } as const;
  const routed: World = { ...one, vpcs: { a: { ...vpc, routeTables: { main } } } };
  for (const cidr of ["10.8.0.0/16", "10.8.0.0/20"]) expect(refusal(() => associateCidr(routed, { vpc: "a", cidr })).message).toContain("a/main has a route to 10.8.0.0/20");
  expect(blocks(associateCidr(routed, { vpc: "a", cidr: "10.8.1.0/24" }))).toContain("10.8.1.0/24");
});

test("a VPC has at most as many blocks as EC2 allows", () => {
  let world = one;
  for (let n = 1; n < limits.cidrsPerVpc.value; n++) world = associateCidr(world, { vpc: "a", cidr: `10.${n}.0.0/16` });
  expect(validateWorld(world)).toBe(world);
  expect(refusal(() => associateCidr(world, { vpc: "a", cidr: "10.200.0.0/16" })).code).toBe("CidrLimitExceeded");
});

test("saved blocks are checked when they are read", () => {
  const saved = (secondaryCidrs: unknown): World => ({ ...one, vpcs: { a: { ...(one.vpcs["a"] as Vpc), secondaryCidrs: secondaryCidrs as never } } });
  const problems = (value: unknown) => refusal(() => validateWorld(saved(value))).details;
  expect(problems("10.5.0.0/16")).toEqual(["vpcs.a.secondaryCidrs is not a list"]);
  expect(problems(["10.5.0.0/16", "10.5.1.0/24"])).toEqual(["vpcs.a.secondaryCidrs[1] is 10.5.1.0/24, which overlaps 10.5.0.0/16"]);
  expect(problems(["10.0.1.0/24"])).toEqual(["vpcs.a.secondaryCidrs[0] is 10.0.1.0/24, which overlaps 10.0.0.0/16"]);
  expect(problems(["169.254.0.0/16"])?.join()).toContain("cannot be 169.254.0.0/16");
});
