import { describe, expect, test } from "bun:test";
import { addSubnet } from "../../operations/add-subnet.ts";
import { createVpc } from "../../operations/create-vpc.ts";
import { partition } from "../../operations/fault.ts";
import { createNetworkAclEntry } from "../../operations/network-acl-entry.ts";
import { associateNetworkAcl, createNetworkAcl } from "../../operations/network-acl.ts";
import { runInstance } from "../../operations/run-instance.ts";
import { VpcctlError } from "../errors.ts";
import { validateWorld } from "../validate.ts";
import { emptyWorld, type World } from "../world.ts";

const steps: readonly ((world: World) => World)[] = [
  (world) => createVpc(world, { name: "a", cidr: "10.0.0.0/16" }),
  (world) => addSubnet(world, { vpc: "a", name: "web", cidr: "10.0.1.0/24" }),
  (world) => createNetworkAcl(world, { vpc: "a", name: "strict" }),
  (world) => createNetworkAclEntry(world, { vpc: "a", acl: "strict", ruleNumber: "7", ingress: true, action: "allow", protocol: "tcp", port: "80", cidr: "10.0.0.0/8" }),
  (world) => createNetworkAclEntry(world, { vpc: "a", acl: "strict", ruleNumber: "9", ingress: true, action: "deny", protocol: "icmpv6", icmpType: "1/2", cidr: "FD00::/8" }),
  (world) => createNetworkAclEntry(world, { vpc: "a", acl: "default", ruleNumber: "9", egress: true, action: "deny", protocol: "all", cidr: "10.9.0.0/16" }),
  (world) => associateNetworkAcl(world, { vpc: "a", subnet: "web", acl: "strict" }),
  (world) => runInstance(world, { vpc: "a", subnet: "web", name: "one" }),
  (world) => partition(world, { vpc: "a", a: "web/one", b: "web" }),
];
const world = steps.reduce((before, step) => step(before), emptyWorld);

/** A copy in which the value at the path inside VPC `a` is another. */
function spoilt(path: string, value: unknown): unknown {
  const copy = structuredClone(world);
  const keys = path.split("/");
  const last = keys.pop() ?? "";
  let at = copy.vpcs["a"] as unknown as Record<string, unknown>;
  for (const key of keys) at = at[key] as Record<string, unknown>;
  at[last] = value;
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

test("what the operations make is valid, also through JSON", () => {
  expect(validateWorld(JSON.parse(JSON.stringify(world)) as unknown)).toEqual(world);
});

describe("damage is refused with its path", () => {
  test.each([
    ["networkAcls", [], "vpcs.a.networkAcls is not an object"],
    ["networkAcls/strict/name", "other", "networkAcls.strict.name is not the same as its key"],
    ["networkAcls/strict/egress", undefined, "networkAcls.strict.egress is not a list"],
    ["networkAcls/strict/ingress/0", 5, "ingress[0] is not an object"],
    ["networkAcls/strict/ingress/0/number", 0, "ingress[0].number is not a whole number from 1 to 32766"],
    ["networkAcls/strict/ingress/1/number", 7, "ingress[1].number is 7, which does not come after 7"],
    ["networkAcls/strict/ingress/0/action", "drop", "ingress[0].action is neither allow nor deny"],
    ["networkAcls/strict/ingress/0/protocol", "constructor", "ingress[0].protocol is not a protocol"],
    ["networkAcls/strict/ingress/0/protocol", "icmp", "ingress[0].ports is not a range of ports"],
    ["networkAcls/strict/ingress/0/ports", { from: 81, to: 80 }, "ingress[0].ports is not a range of ports"],
    ["networkAcls/strict/ingress/1/icmp", { type: 256 }, "ingress[1].icmp is not an ICMP type"],
    ["networkAcls/strict/ingress/0/cidr", "10.0.0.1/8", "ingress[0].cidr is wrong"],
    ["networkAcls/strict/ingress/1/cidr", "FD00::/8", "ingress[1].cidr is not written as fd00::/8"],
    ["networkAcls/strict/ingress", Array.from({ length: 40 }, (_, at) => ({ number: at + 1, action: "deny", protocol: "all", cidr: "0.0.0.0/0" })), "more than 40"],
    ["subnets/web/networkAcl", "constructor", "vpcs.a.subnets.web.networkAcl names constructor, which does not exist"],
    ["faults", {}, "vpcs.a.faults is not a list"],
    ["faults/0/kind", "constructor", "faults[0] is not a known fault"],
    ["faults/0/a", { instance: "constructor" }, "faults[0].a is not a place"],
    ["faults/0/b", { subnet: "db" }, "faults[0].b is not a place"],
    ["faults/0/kind", "link-down", "faults[0].b is not a place"],
  ])("%s", (path, value, says) => {
    expect(problemsOf(spoilt(path, value)).join("; ")).toContain(says);
  });
});
