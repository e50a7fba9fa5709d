import { describe, expect, test } from "bun:test";
import { refused } from "../../test/support/memory-engine.ts";
import { parseCidr4 } from "../model/cidr.ts";
import { limits } from "../model/limits.ts";
import { sayRule } from "../model/say-rule.ts";
import { emptyWorld, type World } from "../model/world.ts";
import { addSubnet } from "./add-subnet.ts";
import { createVpc } from "./create-vpc.ts";
import type { RuleInput } from "./parse-rules.ts";
import { createPrefixList, deletePrefixList, modifyPrefixList } from "./prefix-list.ts";
import { runInstance } from "./run-instance.ts";
import { authorize, revoke } from "./security-group-rules.ts";
import { createSecurityGroup, deleteSecurityGroup } from "./security-group.ts";
import { setSecurityGroups } from "./set-security-groups.ts";

const bare = addSubnet(createVpc(emptyWorld, { name: "a", cidr: "10.0.0.0/16" }), { vpc: "a", name: "web", cidr: "10.0.1.0/24" });
const two = createVpc(bare, { name: "b", cidr: "10.1.0.0/16" });
const grouped = createSecurityGroup(createSecurityGroup(two, { vpc: "a", name: "web" }), { vpc: "b", name: "other" });
const peered: World = {
  ...grouped,
  peerings: { p: { name: "p", number: 1, requester: { vpc: "a" }, accepter: { vpc: "b" }, status: "active" } },
};
const http = { protocol: "tcp", port: "80", cidrs: ["0.0.0.0/0"] };
const web = (rule: Omit<RuleInput, "vpc" | "group">): RuleInput => ({ vpc: "a", group: "web", ...rule });
const rulesOf = (world: World, direction: "ingress" | "egress", group = "web"): string[] =>
  world.vpcs["a"]?.securityGroups?.[group]?.[direction].map((rule) => sayRule(direction, rule)) ?? [];

describe("a security group", () => {
  test("lets nothing in and everything out when it is new, and the same again is no change", () => {
    expect(rulesOf(grouped, "ingress")).toEqual([]);
    expect(rulesOf(grouped, "egress")).toEqual(["egress all to 0.0.0.0/0", "egress all to ::/0"]);
    expect(createSecurityGroup(grouped, { vpc: "a", name: "web" })).toBe(grouped);
  });

  test("is refused when its name is taken by another, is `default`, or is no name", () => {
    expect(refused(() => createSecurityGroup(grouped, { vpc: "a", name: "web", description: "x" })).code).toBe("InvalidGroup.Duplicate");
    expect(refused(() => createSecurityGroup(grouped, { vpc: "a", name: "default" })).code).toBe("InvalidGroup.Reserved");
    expect(refused(() => createSecurityGroup(grouped, { vpc: "a", name: "A", description: "a\nb" })).details).toHaveLength(2);
    expect(refused(() => createSecurityGroup(grouped, { vpc: "c", name: "web" })).code).toBe("InvalidVpcID.NotFound");
  });

  test("goes only when nothing is in it and no other group names it, here or in a peered VPC", () => {
    const member = setSecurityGroups(grouped, { vpc: "a", attachment: "web", securityGroups: ["web"] });
    expect(refused(() => deleteSecurityGroup(member, { vpc: "a", name: "web" }))).toMatchObject({ code: "DependencyViolation", details: ["a/web is in it"] });
    const named = authorize("egress", peered, { vpc: "b", group: "other", protocol: "all", groups: ["a/web"] });
    expect(refused(() => deleteSecurityGroup(named, { vpc: "a", name: "web" })).details).toEqual(["b/other has egress all to group a/web"]);
    const self = authorize("ingress", grouped, web({ protocol: "all", self: true }));
    expect(deleteSecurityGroup(self, { vpc: "a", name: "web" }).vpcs["a"]?.securityGroups).toBeUndefined();
    expect(refused(() => deleteSecurityGroup(grouped, { vpc: "a", name: "default" })).code).toBe("CannotDelete");
    expect(deleteSecurityGroup(grouped, { vpc: "a", name: "constructor" })).toBe(grouped);
  });
});

describe("rules", () => {
  test("come once each, whatever words name them, and go the same way", () => {
    const open = authorize("ingress", grouped, web({ ...http, cidrs: ["0.0.0.0/0", "0.0.0.0/0", "::/0"], self: true, groups: ["web", "a/web", "default"] }));
    expect(rulesOf(open, "ingress")).toEqual([
      "ingress tcp 80 from 0.0.0.0/0",
      "ingress tcp 80 from ::/0",
      "ingress tcp 80 from group web",
      "ingress tcp 80 from group default",
    ]);
    expect(authorize("ingress", open, web(http))).toBe(open);
    const less = revoke("ingress", open, web({ ...http, self: true }));
    expect(rulesOf(less, "ingress")).toEqual(["ingress tcp 80 from ::/0", "ingress tcp 80 from group default"]);
    expect(revoke("ingress", less, web(http))).toBe(less);
    expect(less.vpcs["b"]).toBe(open.vpcs["b"] as never);
  });

  test("of `default` can be changed like those of any other group", () => {
    const shut = revoke("ingress", grouped, { vpc: "a", group: "default", protocol: "all", self: true });
    expect(rulesOf(shut, "ingress", "default")).toEqual([]);
    expect(rulesOf(shut, "egress", "default")).toHaveLength(2);
  });

  test("that make no sense are refused with all that is wrong", () => {
    const wrong = refused(() => authorize("ingress", grouped, web({ protocol: "tcp", port: "80-70", cidrs: ["10.0.0.1/8"], groups: ["x/y/z"] })));
    expect(wrong.details).toHaveLength(3);
    expect(refused(() => authorize("ingress", grouped, web({ protocol: "tcp" }))).code).toBe("MissingParameter");
    expect(refused(() => authorize("ingress", grouped, web({ protocol: "icmp", cidrs: ["::/0"] }))).code).toBe("InvalidPermission.Malformed");
    expect(refused(() => authorize("ingress", grouped, web({ protocol: "icmpv6", cidrs: ["10.0.0.0/8"] }))).code).toBe("InvalidPermission.Malformed");
  });

  test("name only what exists: groups here or in a peered VPC, and prefix lists; revoke does not ask", () => {
    const codeOf = (world: World, rule: Omit<RuleInput, "vpc" | "group">): string => refused(() => authorize("ingress", world, web({ protocol: "all", ...rule }))).code;
    expect(codeOf(grouped, { groups: ["nobody"] })).toBe("InvalidGroup.NotFound");
    expect(codeOf(grouped, { groups: ["b/other"] })).toBe("InvalidGroup.NotFound");
    expect(codeOf(peered, { groups: ["b/nobody"] })).toBe("InvalidGroup.NotFound");
    expect(codeOf(peered, { groups: ["c/other"] })).toBe("InvalidVpcID.NotFound");
    expect(codeOf(peered, { prefixLists: ["offices"] })).toBe("InvalidPrefixListID.NotFound");
    expect(rulesOf(authorize("ingress", peered, web({ protocol: "all", groups: ["b/other"] })), "ingress")).toEqual(["ingress all from group b/other"]);
    expect(revoke("ingress", grouped, web({ protocol: "all", groups: ["b/gone"], prefixLists: ["gone"] }))).toBe(grouped);
    expect(refused(() => revoke("ingress", grouped, { vpc: "a", group: "gone", ...http })).code).toBe("InvalidGroup.NotFound");
  });

  test("are as many as EC2 allows at most", () => {
    const most = limits.rulesPerSecurityGroup.value;
    const cidrs = Array.from({ length: most + 1 }, (_, i) => `10.${i >> 8}.${i & 255}.0/24`);
    const full = authorize("ingress", grouped, web({ protocol: "all", cidrs: cidrs.slice(0, most) }));
    expect(refused(() => authorize("ingress", full, web({ protocol: "all", cidrs: cidrs.slice(-1) }))).code).toBe("RulesPerSecurityGroupLimitExceeded");
    expect(rulesOf(authorize("egress", full, web(http)), "egress")).toHaveLength(3);
    // IPv6 is counted apart, and a group counts for both.
    expect(rulesOf(authorize("ingress", full, web({ protocol: "all", cidrs: ["::/0"] })), "ingress")).toHaveLength(most + 1);
    expect(refused(() => authorize("ingress", full, web({ protocol: "all", self: true }))).message).toBe(
      "Security group a/web would have 1001 ingress rules for IPv4; 1000 are the most.",
    );
  });
});

describe("set-security-groups", () => {
  const put = (world: World, ...securityGroups: string[]): World => setSecurityGroups(world, { vpc: "a", attachment: "web", securityGroups });

  test("keeps the groups in order, each once, and nothing for `default` alone", () => {
    const both = put(grouped, "web", "default", "web");
    expect(both.vpcs["a"]?.subnets["web"]?.securityGroups).toEqual(["default", "web"]);
    expect(put(both, "default", "web")).toBe(both);
    expect(put(both, "default")).toEqual(grouped);
    expect(put(grouped, "default")).toBe(grouped);
  });

  test("finds an instance by its name alone, too", () => {
    const world = runInstance(grouped, { vpc: "a", subnet: "web", name: "web1" });
    const [short, long] = ["web1", "web/web1"].map((attachment) => setSecurityGroups(world, { vpc: "a", attachment, securityGroups: ["web"] }));
    expect(short?.vpcs["a"]?.instances?.["web1"]?.securityGroups).toEqual(["web"]);
    expect(short).toEqual(long);
  });

  test("refuses what does not exist, and what names nothing", () => {
    expect(refused(() => put(grouped, "nobody")).code).toBe("InvalidGroup.NotFound");
    expect(refused(() => put(grouped)).code).toBe("MissingParameter");
    const at = (attachment: string): string => refused(() => setSecurityGroups(grouped, { vpc: "a", attachment, securityGroups: ["web"] })).code;
    expect([at("db"), at("web/web1"), at("constructor")]).toEqual(["InvalidSubnetID.NotFound", "InvalidInstanceID.NotFound", "InvalidSubnetID.NotFound"]);
  });
});

describe("a prefix list", () => {
  const offices = createPrefixList(grouped, { name: "offices", cidrs: ["192.0.2.0/24", "2001:DB8::/32", "192.0.2.0/24"] });

  test("holds each block once, in its one way of writing; the same again is no change", () => {
    expect(offices.prefixLists?.["offices"]?.cidrs.map(String)).toEqual(["192.0.2.0/24", "2001:db8::/32"]);
    expect(createPrefixList(offices, { name: "offices", cidrs: ["2001:db8::/32", "192.0.2.0/24"] })).toBe(offices);
    expect(refused(() => createPrefixList(offices, { name: "offices" })).code).toBe("InvalidPrefixList.Duplicate");
  });

  test("is changed by what comes and goes", () => {
    const moved = modifyPrefixList(offices, { name: "offices", add: ["10.0.0.0/8"], remove: ["192.0.2.0/24", "1.0.0.0/8"] });
    expect(moved.prefixLists?.["offices"]?.cidrs.map(String)).toEqual(["2001:db8::/32", "10.0.0.0/8"]);
    expect(modifyPrefixList(moved, { name: "offices", add: ["10.0.0.0/8"], remove: ["1.0.0.0/8"] })).toBe(moved);
    expect(refused(() => modifyPrefixList(offices, { name: "offices", add: ["10.0.0.0/8"], remove: ["10.0.0.0/8"] })).code).toBe("InvalidParameterValue");
    expect(refused(() => modifyPrefixList(offices, { name: "offices" })).code).toBe("MissingParameter");
    expect(refused(() => modifyPrefixList(offices, { name: "toString", add: ["10.0.0.0/8"] })).code).toBe("InvalidPrefixListID.NotFound");
    const many = Array.from({ length: limits.prefixListEntries.value }, (_, i) => `10.${i >> 8}.${i & 255}.0/24`);
    expect(refused(() => modifyPrefixList(offices, { name: "offices", add: many })).code).toBe("PrefixListMaxEntriesExceeded");
  });

  test("counts in a group with all its CIDRs, of each kind of IP for itself, however often it is named", () => {
    const cidrs = Array.from({ length: limits.rulesPerSecurityGroup.value / 2 }, (_, i) => `10.0.${i >> 4}.${(i & 15) << 4}/28`);
    const lists = createPrefixList(createPrefixList(offices, { name: "half", cidrs }), { name: "six", cidrs: ["2001:db8::/32"] });
    const name = (world: World, list: string, port: string): World => authorize("ingress", world, web({ protocol: "tcp", port, prefixLists: [list] }));
    const full = name(name(lists, "half", "22"), "half", "80");
    const tooFull = { code: "RulesPerSecurityGroupLimitExceeded", message: "Security group a/web would have 1001 ingress rules for IPv4; 1000 are the most." };
    expect(refused(() => name(full, "offices", "22"))).toMatchObject(tooFull);
    expect(refused(() => authorize("ingress", full, web(http)))).toMatchObject(tooFull);
    expect(rulesOf(name(full, "six", "22"), "ingress")).toHaveLength(3);
    expect(rulesOf(authorize("egress", full, web({ protocol: "tcp", prefixLists: ["half"] })), "egress")).toHaveLength(3);
  });

  test("does not grow when a group that names it would become too full, in either direction", () => {
    const most = limits.rulesPerSecurityGroup.value;
    const cidrs = Array.from({ length: most - 1 }, (_, i) => `10.9.${i >> 4}.${(i & 15) << 4}/28`);
    for (const direction of ["ingress", "egress"] as const) {
      const bare = direction === "egress" ? revoke("egress", offices, web({ protocol: "all", cidrs: ["0.0.0.0/0"] })) : offices;
      const full = authorize(direction, authorize(direction, bare, web({ protocol: "all", prefixLists: ["offices"] })), web({ protocol: "tcp", cidrs }));
      const change = (change: { add?: string[]; remove?: string[] }, world = full): World => modifyPrefixList(world, { name: "offices", ...change });
      expect(refused(() => change({ add: ["198.51.100.0/24"] }))).toMatchObject({
        code: "RulesPerSecurityGroupLimitExceeded",
        message: `Security group a/web would have 1001 ${direction} rules for IPv4; 1000 are the most.`,
      });
      expect(change({ add: ["2001:db8:1::/48"] }).prefixLists?.["offices"]?.cidrs).toHaveLength(3);
      expect(change({ add: ["198.51.100.0/24"], remove: ["192.0.2.0/24"] }).prefixLists?.["offices"]?.cidrs).toHaveLength(2);
      // As before lists were counted: too full, and it may become less so.
      const legacy: World = { ...full, prefixLists: { offices: { name: "offices", cidrs: ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"].map(parseCidr4) } } };
      expect(change({ remove: ["192.0.2.0/24"] }, legacy).prefixLists?.["offices"]?.cidrs).toHaveLength(2);
      expect(refused(() => change({ add: ["9.9.9.9/32"] }, legacy)).code).toBe("RulesPerSecurityGroupLimitExceeded");
    }
  });

  test("goes when no rule names it", () => {
    const used = authorize("egress", offices, web({ protocol: "all", prefixLists: ["offices"] }));
    expect(refused(() => deletePrefixList(used, { name: "offices" }))).toMatchObject({ code: "DependencyViolation", details: ["a/web has egress all to prefix list offices"] });
    expect(deletePrefixList(offices, { name: "offices" })).toEqual(grouped);
    expect(deletePrefixList(grouped, { name: "offices" })).toBe(grouped);
  });
});
