import { describe, expect, test } from "bun:test";
import { runInstance } from "../../operations/run-instance.ts";
import { addSubnet } from "../../operations/add-subnet.ts";
import { createVpc } from "../../operations/create-vpc.ts";
import { VpcctlError } from "../errors.ts";
import { validateWorld } from "../validate.ts";
import { emptyWorld } from "../world.ts";

const web = addSubnet(createVpc(emptyWorld, { name: "a", cidr: "10.0.0.0/16" }), { vpc: "a", name: "web", cidr: "10.0.1.0/24" });
const one = runInstance(web, { vpc: "a", subnet: "web", name: "one", public: true, command: ["sleep", "1"] });
const world = runInstance(one, { vpc: "a", subnet: "web", name: "two", securityGroups: ["default"] });

/** A copy in which the field at the path of instance `one` is another. */
function spoilt(field: string, value: unknown): unknown {
  const copy = structuredClone(world) as unknown as { vpcs: { a: { instances: { one: Record<string, unknown> } } } };
  copy.vpcs.a.instances.one[field] = value;
  return copy;
}

function problemsOf(value: unknown): readonly string[] {
  try {
    validateWorld(value);
  } catch (error) {
    if (error instanceof VpcctlError) return error.details ?? [];
    throw error;
  }
  return [];
}

test("what the operations make is valid", () => {
  expect(validateWorld(structuredClone(world))).toEqual(world);
});

describe("a damaged instance is refused with its path", () => {
  const damages: readonly (readonly [field: string, value: unknown, says: string])[] = [
    ["name", "other", "name is not the same as its key"],
    ["subnet", 1, "subnet is not a name"],
    ["subnet", "db", "subnet names db, which does not exist"],
    ["address", "10.0.1", "address is not an IPv4 address"],
    ["address", "10.0.2.5", "address is 10.0.2.5, which no host of web may have"],
    ["address", "10.0.1.2", "address is 10.0.1.2, which no host of web may have"],
    ["publicAddress", true, "publicAddress is not an IPv4 address"],
    ["associatePublicIp", false, "associatePublicIp is not true"],
    ["slot", -1, "slot is not a whole number from 0 to 63999"],
    ["slot", 0, "slot is 0, which subnet web has"],
    ["state", "gone", "state is neither running nor stopped"],
    ["sourceDestCheck", true, "sourceDestCheck is not false"],
    ["securityGroups", [], "securityGroups is not a list of names"],
    ["securityGroups", ["A"], "securityGroups is not a list of names"],
    ["workload", "sleep", "workload is not an object"],
    ["workload", { command: [], restart: "always" }, "workload.command is neither a string nor a list of words"],
    ["workload", { command: "x", restart: "sometimes" }, "workload.restart is not a restart policy"],
    ["attachedTo", { pid: 0, inode: 1 }, "attachedTo names no process"],
    ["attachedTo", { pid: 1 }, "attachedTo names no process"],
  ];
  for (const [field, value, says] of damages) {
    test(`${field} = ${JSON.stringify(value)}`, () => {
      expect(problemsOf(spoilt(field, value))).toContain(`vpcs.a.instances.one.${says}`);
    });
  }

  test("an address given twice", () => {
    expect(problemsOf(spoilt("address", "10.0.1.6"))).toEqual(["vpcs.a.instances.two.address is 10.0.1.6, which one has"]);
  });
});
