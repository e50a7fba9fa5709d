import { describe, expect, test } from "bun:test";
import { createFakeMachine, type FakeMachine } from "./run-cli.ts";

async function twoVpcs(): Promise<FakeMachine> {
  const machine = createFakeMachine();
  for (const line of ["create-vpc a 10.0.0.0/16", "create-vpc b 10.1.0.0/16", "add-subnet a web 10.0.1.0/24"]) await machine.must(line);
  return machine;
}

describe("a peering", () => {
  test("is asked for, accepted and ended, each step in a sentence, each again with nothing to do", async () => {
    const machine = await twoVpcs();
    const says: string[] = [];
    for (const line of [
      "create-peering x a b --requester-cidr 10.0.1.0/24", "create-peering x a b --requester-cidr 10.0.1.0/24",
      "accept-peering x", "accept-peering x", "delete-peering x", "delete-peering x", "reject-peering x",
    ]) says.push((await machine.must(line)).stdout.trim());
    expect(says).toEqual([
      "Created peering x of a (only 10.0.1.0/24) and b: to be accepted.",
      "Nothing to do: Peering x of a (only 10.0.1.0/24) and b exists already: to be accepted.",
      "Accepted peering x of a (only 10.0.1.0/24) and b.",
      "Nothing to do: Peering x of a (only 10.0.1.0/24) and b is active already.",
      "Deleted peering x.",
      "Nothing to do: There is no peering x.",
      "Nothing to do: There is no peering x.",
    ]);
  });

  test("is made with its routes by one command, and unmade by one", async () => {
    const machine = await twoVpcs();
    expect((await machine.must("peer a b")).stdout).toBe("VPCs a and b are connected by peering a-b, with routes on both sides.\n");
    expect((await machine.must("peer b a")).stdout).toBe("Nothing to do: VPCs b and a are connected already, by peering a-b.\n");
    expect((await machine.must("describe a")).stdout).toMatch(/├─ peerings *\n│ {2}└─ a-b +with b \(10\.1\.0\.0\/16\), active/);
    const { vpc } = JSON.parse((await machine.must("describe b --json")).stdout) as { vpc: { peerings: object[] } };
    expect(vpc.peerings).toEqual([{ name: "a-b", status: "active", role: "accepter", vpc: "a", cidrs: ["10.0.0.0/16"], ownCidrs: ["10.1.0.0/16"] }]);
    expect((await machine.must("unpeer a b")).stdout).toBe("VPCs a and b are not connected any more.\n");
    expect((await machine.must("unpeer a b")).stdout).toBe("Nothing to do: VPCs a and b are not peered.\n");
    expect((await machine.must("describe a")).stdout).not.toContain("peering");
  });

  test("that waits says how it is accepted", async () => {
    const machine = await twoVpcs();
    await machine.must("create-peering x a b --accepter-cidr 10.1.2.0/24");
    expect((await machine.must("describe a")).stdout).toContain("with b (only 10.1.2.0/24), to be accepted: vpcctl accept-peering x");
    expect((await machine.must("describe b")).stdout).toContain("with a (10.0.0.0/16) from 10.1.2.0/24 only, to be accepted");
  });

  test("that cannot be has EC2's code, and an exit status of its kind", async () => {
    const machine = await twoVpcs();
    await machine.must("create-vpc c 10.1.0.0/20");
    for (const [line, status, code] of [
      ["peer b c", 4, "OperationNotPermitted"],
      ["peer a a", 2, "InvalidParameterValue"],
      ["peer a nope", 3, "InvalidVpcID.NotFound"],
      ["accept-peering nope", 3, "InvalidVpcPeeringConnectionID.NotFound"],
      ["create-peering x a", 2, "MissingParameter"],
    ] as const) {
      const result = await machine.run(line);
      expect([line, result.status, result.stderr]).toEqual([line, status, expect.stringContaining(`[${code}]`)]);
    }
  });
});

test("several problems have a line each, and so have their ways out", async () => {
  const machine = await twoVpcs();
  await machine.must("peer a b");
  const { stderr } = await machine.run("associate-cidr a 10.1.0.0/16");
  expect(stderr.trimEnd().split("\n")).toEqual([
    "Error: 2 problems: [InvalidVpc.Range]",
    "  - 10.1.0.0/16 overlaps 10.1.0.0/16 of VPC b, which peering a-b connects with a.",
    "  - Route table a/main has a route to 10.1.0.0/16, which lies in 10.1.0.0/16.",
    "To fix: Choose another block, or end the peering first: vpcctl delete-peering a-b",
    "        Choose a smaller block, or take the route away first: vpcctl delete-route a main 10.1.0.0/16",
  ]);
});

test("a further CIDR shows wherever the VPC's own does", async () => {
  const machine = await twoVpcs();
  expect((await machine.must("associate-cidr a 10.5.0.0/16")).stdout).toBe("VPC a has 10.5.0.0/16 as well.\n");
  expect((await machine.must("describe a")).stdout).toStartWith("VPC a  10.0.0.0/16, 10.5.0.0/16\n");
  expect((await machine.must("list")).stdout).toContain("10.0.0.0/16, 10.5.0.0/16");
  expect(JSON.parse((await machine.must("list --json")).stdout)).toMatchObject({ vpcs: [{ cidr: "10.0.0.0/16", secondaryCidrs: ["10.5.0.0/16"] }, { secondaryCidrs: [] }] });
  await machine.must("add-subnet a far 10.5.1.0/24");
  expect((await machine.run("disassociate-cidr a 10.5.0.0/16")).stderr).toContain("InvalidCidrBlock.InUse");
  await machine.must("delete-subnet a far");
  expect((await machine.must("disassociate-cidr a 10.5.0.0/16")).stdout).toBe("VPC a has 10.5.0.0/16 no more.\n");
});
