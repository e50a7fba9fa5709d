// Each row of the table of limits is one that somebody keeps: as many as it says fit, and one more is refused, by its code.
import { expect, test } from "bun:test";
import { bindLine, worldAfter } from "../../test/support/verb-line.ts";
import { cidrRange, numberToIp, parseCidr4, type Cidr4 } from "../model/cidr.ts";
import { type Problem, VpcctlError } from "../model/errors.ts";
import { limits } from "../model/limits.ts";
import type { Vpc, World } from "../model/world.ts";
import { parsePolicies } from "./parse-policy.ts";

const base = worldAfter(["create-vpc a 10.0.0.0/16", "add-subnet a s 10.0.0.0/17", "create-vpc b 10.99.0.0/16", "create-security-group a g", "create-network-acl a n"]);
const { a, b } = base.vpcs as { a: Vpc; b: Vpc };
const subnet = a.subnets["s"];

const withA = (change: Partial<Vpc>): World => ({ ...base, vpcs: { ...base.vpcs, a: { ...a, ...change } } });
const list = <T>(count: number, of: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => of(n));
const named = <T extends { readonly name: string }>(count: number, of: (n: number) => T): Record<string, T> => Object.fromEntries(list(count, of).map((one) => [one.name, one]));

/** The n-th /28 of a block. */
const block = (of: Cidr4, n: number): Cidr4 => parseCidr4(`${numberToIp(cidrRange(of).base + 16 * n)}/28`);

/** So many VPCs in a ring, each peered with the next 60, until there are enough peerings. */
function ringOfPeerings(count: number): World {
  const vpcs = named(300, (n) => ({ ...b, name: `v${n}`, number: n + 3 }));
  const peerings = named(count, (n) => {
    const [from, distance] = [n % 300, 1 + Math.floor(n / 300)];
    return { name: `p${n}`, number: n + 1, requester: { vpc: `v${from}` }, accepter: { vpc: `v${(from + distance) % 300}` }, status: "active" } as const;
  });
  return { ...base, vpcs: { ...base.vpcs, ...vpcs }, peerings };
}

const instance = (n: number) => ({ name: `i${n}`, subnet: "s", address: numberToIp(0x0a000005 + n), slot: n + 1, state: "running" }) as const;
const smallSubnet = (n: number) => ({ name: `s${n}`, cidr: block(a.cidr, n), slot: n });
const shapedSubnet = (n: number) => ({ ...smallSubnet(n), shaping: { number: n + 1, bandwidth: 1_000_000 } });
/** Two domain names that have this length with the space between them. */
function domainsOfLength(length: number): string[] {
  const first = list(4, () => "a".repeat(31)).join(".");
  const rest = length - first.length - 1;
  const labels = list(Math.ceil(rest / 60), (n) => "b".repeat(Math.min(59, rest - 60 * n)));
  return [first, labels.join(".")];
}
const port = (n: number) => ({ protocol: "tcp", ports: { from: n + 1, to: n + 1 } }) as const;
const anywhere = parseCidr4("0.0.0.0/0");
const hole = (n: number) => ({ destination: block(b.cidr, n), target: { kind: "blackhole" } }) as const;
const record = (n: number) => ({ name: `r${n}.z.internal`, type: "A", value: "10.0.0.4" }) as const;

type Case = readonly [code: string, before: (count: number) => World, line: string | ((count: number) => string)];

/** `before`: a World with so many. The line adds one. */
const cases: Readonly<Record<Exclude<keyof typeof limits, "policyRules">, Case>> = {
  vpcs: ["VpcLimitExceeded", (count) => ({ ...base, vpcs: named(count, (n) => ({ ...b, name: `v${n}`, number: n + 1 })) }), "create-vpc more 10.0.0.0/16"],
  subnetsPerVpc: [
    "SubnetLimitExceeded",
    (count) => withA({ subnets: named(count, smallSubnet), secondaryCidrs: [parseCidr4("10.1.0.0/16")] }),
    "add-subnet a more 10.1.0.0/24",
  ],
  attachmentsPerVpc: [
    "InstanceLimitExceeded",
    (count) => withA({ subnets: { s: { ...subnet, name: "s", cidr: a.cidr, slot: 0 } }, instances: named(count - 1, instance) }),
    "run-instance a s --name more",
  ],
  cidrsPerVpc: ["CidrLimitExceeded", (count) => withA({ secondaryCidrs: list(count - 1, (n) => parseCidr4(`10.${n + 1}.0.0/16`)) }), "associate-cidr a 10.200.0.0/16"],
  peeringsPerVpc: [
    "VpcPeeringConnectionsPerVpcLimitExceeded",
    (count) => ({
      ...base,
      peerings: named(count, (n) => ({ name: `p${n}`, number: n + 1, requester: { vpc: "a" }, accepter: { vpc: `v${n}` }, status: "pending-acceptance" }) as const),
    }),
    "create-peering more a b",
  ],
  peerings: ["VpcPeeringConnectionsPerVpcLimitExceeded", ringOfPeerings, "create-peering more a b"],
  securityGroupsPerInstance: [
    "SecurityGroupsPerInstanceLimitExceeded",
    (count) => withA({ securityGroups: named(count + 1, (n) => ({ name: `g${n}`, ingress: [], egress: [] })) }),
    (count) => `set-security-groups a s ${list(count + 1, (n) => `--security-group g${n}`).join(" ")}`,
  ],
  securityGroupsPerVpc: [
    "SecurityGroupLimitExceeded",
    // `default` is one of them.
    (count) => withA({ securityGroups: named(count - 1, (n) => ({ name: `g${n}`, ingress: [], egress: [] })) }),
    "create-security-group a more",
  ],
  rulesPerSecurityGroup: [
    "RulesPerSecurityGroupLimitExceeded",
    (count) => withA({ securityGroups: { g: { name: "g", ingress: list(count, (n) => ({ ...port(n), peer: { kind: "cidr", cidr: anywhere } }) as const), egress: [] } } }),
    "authorize-ingress a g --protocol udp --port 53 --cidr 0.0.0.0/0",
  ],
  prefixListEntries: [
    "PrefixListMaxEntriesExceeded",
    (count) => ({ ...base, prefixLists: { p: { name: "p", cidrs: list(count, (n) => block(a.cidr, n)) } } }),
    "modify-prefix-list p --add 192.0.2.0/24",
  ],
  routeTablesPerVpc: [
    "RouteTableLimitExceeded",
    (count) => withA({ routeTables: { ...a.routeTables, ...named(count - 1, (n) => ({ name: `t${n}`, number: n + 2, routes: [] })) } }),
    "create-route-table a more",
  ],
  routesPerTable: [
    "RouteLimitExceeded",
    (count) => withA({ routeTables: { main: { name: "main", number: 1, routes: list(count, hole) } } }),
    "create-route a main 192.0.2.0/24 blackhole",
  ],
  networkAclsPerVpc: [
    "NetworkAclLimitExceeded",
    (count) => withA({ networkAcls: named(count - 1, (n) => ({ name: `n${n}`, ingress: [], egress: [] })) }),
    "create-network-acl a more",
  ],
  networkAclEntries: [
    "NetworkAclEntryLimitExceeded",
    // The last one, *, is one of them.
    (count) => withA({ networkAcls: { n: { name: "n", ingress: list(count - 1, (n) => ({ ...port(n), number: n + 1, action: "deny", cidr: anywhere }) as const), egress: [] } } }),
    "create-network-acl-entry a n --rule-number 1000 --ingress --action allow --protocol all --cidr 0.0.0.0/0",
  ],
  networkAclEntryNumber: [
    "InvalidParameterValue",
    () => base,
    (count) => `create-network-acl-entry a n --rule-number ${count + 1} --ingress --action allow --protocol all --cidr 0.0.0.0/0`,
  ],
  privateZonesPerVpc: [
    "TooManyHostedZones",
    (count) => withA({ dns: { enabled: true, zones: named(count, (n) => ({ name: `z${n}.internal`, records: [] })) } }),
    "create-private-zone a more.internal",
  ],
  recordsPerZone: [
    "LimitsExceeded",
    (count) => withA({ dns: { enabled: true, zones: { "z.internal": { name: "z.internal", records: list(count, record) } } } }),
    "create-record a more.z.internal A 10.0.0.4",
  ],
  dhcpNameServers: [
    "InvalidParameterValue",
    () => base,
    (count) => `set-dhcp-options a ${list(count + 1, (n) => `--domain-name-server 10.0.2.${n + 10}`).join(" ")}`,
  ],
  dhcpDomainNames: ["InvalidParameterValue", () => base, (count) => `set-dhcp-options a ${list(count + 1, (n) => `--domain-name d${n}.internal`).join(" ")}`],
  dhcpDomainLength: ["InvalidParameterValue", () => base, (count) => `set-dhcp-options a ${domainsOfLength(count + 1).map((name) => `--domain-name ${name}`).join(" ")}`],
  shapedSubnetsPerVpc: [
    "ShapedSubnetLimitExceeded",
    (count) => withA({ subnets: { ...named(count, shapedSubnet), more: { ...smallSubnet(count), name: "more" } } }),
    "shape a more --bandwidth 1mbit",
  ],
  // The biggest is the shortest prefix.
  shortestPrefix: ["InvalidVpc.Range", () => base, (count) => `create-vpc more ${count === limits.shortestPrefix.value - 1 ? "10.0.0.0/16" : "10.0.0.0/15"}`],
  longestPrefix: ["InvalidVpc.Range", () => base, (count) => `create-vpc more 10.0.0.0/${count + 1}`],
  longestAnyPrefix: ["InvalidVpc.Range", () => base, (count) => `create-vpc more 10.0.0.0/${count + 1} --any-prefix`],
};

for (const [limit, [code, before, line]] of Object.entries(cases)) {
  test(`${limit}: as many as the table says fit, and one more is ${code}`, () => {
    const most = limits[limit as keyof typeof limits].value;
    const add = (count: number): World => bindLine(typeof line === "string" ? line : line(count)).operate(before(count));
    expect(add(most - 1)).not.toEqual(before(most - 1));
    expect(codeOf(() => add(most))).toBe(code);
  });
}

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof VpcctlError) return error.code;
    throw error;
  }
  return "accepted";
}

test("policyRules: as many as the table says fit, and one more is InvalidPolicyDocument", () => {
  const codes = (count: number): string[] => {
    const problems: Problem[] = [];
    parsePolicies(JSON.stringify({ subnet: "s", ingress: list(count, (n) => ({ port: n + 1, protocol: "tcp", action: "allow" })) }), problems);
    return problems.map(({ code }) => code);
  };
  expect([codes(limits.policyRules.value), codes(limits.policyRules.value + 1)]).toEqual([[], ["InvalidPolicyDocument"]]);
});
