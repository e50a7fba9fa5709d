import { describe, expect, test } from "bun:test";
import { refused } from "../../test/support/memory-engine.ts";
import { emptyWorld, type World } from "../model/world.ts";
import { addSubnet } from "./add-subnet.ts";
import { createVpc } from "./create-vpc.ts";
import { applyPolicy, removePolicy } from "./subnet-policy.ts";

const bare = addSubnet(createVpc(emptyWorld, { name: "a", cidr: "10.0.0.0/16" }), { vpc: "a", name: "web", cidr: "10.0.1.0/24" });
const world = addSubnet(bare, { vpc: "a", name: "db", cidr: "10.0.2.0/24" });
const apply = (policy: unknown, on = world): World => applyPolicy(on, { vpc: "a", policy: typeof policy === "string" ? policy : JSON.stringify(policy) });
const policyOf = (on: World, subnet = "web") => on.vpcs["a"]?.subnets[subnet]?.policy;
const http = { port: 80, protocol: "tcp", action: "allow" };
const ssh = { port: 22, protocol: "tcp", action: "deny" };

describe("a policy file", () => {
  test("gives the subnet with its CIDR or name its rules, in order", () => {
    const done = apply({ subnet: "10.0.1.0/24", ingress: [http, ssh] });
    expect(policyOf(done)).toEqual({
      ingress: [
        { action: "allow", protocol: "tcp", ports: { from: 80, to: 80 } },
        { action: "deny", protocol: "tcp", ports: { from: 22, to: 22 } },
      ],
    });
    expect(apply({ subnet: "web", ingress: [http, ssh] }, done)).toBe(done);
    expect(done.vpcs["a"]?.subnets["db"]).toBe(world.vpcs["a"]?.subnets["db"] as never);
  });

  test("takes the place of the one before, whole", () => {
    const done = apply({ subnet: "web", ingress: [http], egress: [] });
    expect(policyOf(apply({ subnet: "web", ingress: [ssh] }, done))).toEqual({ ingress: [{ action: "deny", protocol: "tcp", ports: { from: 22, to: 22 } }] });
    expect(removePolicy(done, { vpc: "a", subnet: "web" })).toEqual(world);
    expect(removePolicy(world, { vpc: "a", subnet: "web" })).toBe(world);
  });

  test("may speak of several subnets, of both directions, of blocks and ICMP", () => {
    const done = apply([
      { subnet: "web", ingress: [], egress: [{ protocol: "icmp", icmpType: "3/4", action: "allow", destination: "10.0.0.0/8" }] },
      { subnet: "db", ingress: [{ ...http, port: "8000-8100", source: "FD00::/8" }, { ...http, port: "0-65535", cidr: "0.0.0.0/0" }, { action: "deny" }] },
    ]);
    expect(policyOf(done)?.egress as unknown).toEqual([{ action: "allow", protocol: "icmp", icmp: { type: 3, code: 4 }, cidr: "10.0.0.0/8" }]);
    expect(policyOf(done, "db")?.ingress as unknown).toEqual([
      { action: "allow", protocol: "tcp", ports: { from: 8000, to: 8100 }, cidr: "fd00::/8" },
      { action: "allow", protocol: "tcp", cidr: "0.0.0.0/0" },
      { action: "deny", protocol: "all" },
    ]);
  });

  const wrong: readonly (readonly [document: unknown, ...problems: string[]])[] = [
    ["{", "The policy is not JSON: JSON Parse error: Expected '}'."],
    [5, "The policy is 5, not an object."],
    [{}, "subnet is not the name or CIDR of a subnet.", "ingress is missing."],
    [{ subnet: "nope", ingress: [] }, `subnet is "nope", and VPC a has no such subnet.`],
    [{ subnet: "constructor", ingress: [] }, `subnet is "constructor", and VPC a has no such subnet.`],
    [[{ subnet: "web", ingress: [] }, { subnet: "10.0.1.0/24", ingress: [] }], `[1].subnet is "10.0.1.0/24", which [0].subnet speaks of already.`],
    [{ subnet: "web", ingress: {}, "e x": 1 }, `"e x" is not known here.`, "ingress is not a list of rules."],
    [{ subnet: "web", ingress: [{ port: 80 }] }, "ingress[0].action is missing.", "ingress[0].protocol is missing."],
    [{ subnet: "web", ingress: [{ ...http, port: 65_536 }] }, "ingress[0].port is 65536, which is no port or range of ports."],
    [{ subnet: "web", ingress: [{ ...http, port: "90-80" }] }, `ingress[0].port is "90-80", which is no port or range of ports.`],
    [
      { subnet: "web", ingress: [{ ...http, port: 80.5 }, { ...http, port: null }] },
      "ingress[0].port is 80.5, which is no port or range of ports.",
      "ingress[1].port is null, which is no port or range of ports.",
    ],
    [{ subnet: "web", ingress: [{ ...http, protocol: "icmp" }] }, "ingress[0].port cannot be: icmp has no ports."],
    [{ subnet: "web", ingress: [{ ...http, protocol: "all" }] }, "ingress[0].port cannot be: all has no ports."],
    [{ subnet: "web", ingress: [{ ...http, protocol: "all", port: "0-65535" }] }, "ingress[0].port cannot be: all has no ports."],
    [{ subnet: "web", ingress: [{ ...http, protocol: "sctp" }] }, `ingress[0].protocol is "sctp".`],
    [{ subnet: "web", ingress: [{ action: "allow", protocol: "tcp", icmpType: 8 }] }, "ingress[0].icmpType cannot be: tcp has no ICMP types."],
    [{ subnet: "web", ingress: [{ action: "allow", protocol: "icmp", icmpType: 256 }] }, "ingress[0].icmpType is 256, which is no ICMP type."],
    [{ subnet: "web", ingress: [{ action: "Allow", protocol: "sctp" }] }, `ingress[0].action is "Allow".`, `ingress[0].protocol is "sctp".`],
    [{ subnet: "web", ingress: [{ action: "deny", source: "10.0.0.1/8" }] }, `ingress[0].source is wrong: "10.0.0.1/8" is not a CIDR block: host bits are set.`],
    [{ subnet: "web", ingress: [{ action: "deny", source: "10.0.0.0/8", cidr: "10.0.0.0/8" }] }, "ingress[0].source says the same as cidr."],
    [{ subnet: "web", ingress: [{ action: "deny", destination: "10.0.0.0/8" }] }, "ingress[0].destination is not known here."],
    [{ subnet: "web", ingress: [{ action: "deny", protocol: "icmp", cidr: "::/0" }] }, "ingress[0].cidr is ::/0, and no packet of icmp has such an address."],
    [{ subnet: "web", ingress: [], egress: Array.from({ length: 1001 }, () => http) }, "egress has 1001 rules; 1000 are the most."],
  ];
  const cases = wrong.map(([given, ...problems]) => ({ shown: JSON.stringify(given).slice(0, 90), given, problems }));
  test.each(cases)("$shown is refused with every problem", ({ given, problems }) => {
    const error = refused(() => apply(given));
    expect([...(error.details ?? [error.message])]).toEqual(problems);
  });
});
