// Where each verb is, by its name. Every command would pay for loading all of them at its start, so one that is a verb loads the verbs of
// its area, and all others load none. In the order of verbs.ts, whose test sees to it that this is true.
import type { Verb } from "./verb.ts";

interface VerbArea {
  readonly names: readonly string[];
  load(): Promise<readonly Verb[]>;
}

export const verbAreas: readonly VerbArea[] = [
  {
    names: ["create-vpc", "delete-vpc"],
    load: () => import("./verbs/vpc.ts").then(({ vpcVerbs }) => vpcVerbs),
  },
  {
    names: ["associate-cidr", "disassociate-cidr"],
    load: () => import("./verbs/cidr.ts").then(({ cidrVerbs }) => cidrVerbs),
  },
  {
    names: ["add-subnet", "delete-subnet"],
    load: () => import("./verbs/subnet.ts").then(({ subnetVerbs }) => subnetVerbs),
  },
  {
    names: ["associate-ipv6-cidr", "disassociate-ipv6-cidr"],
    load: () => import("./verbs/ipv6.ts").then(({ ipv6Verbs }) => ipv6Verbs),
  },
  {
    names: ["enable-internet", "disable-internet"],
    load: () => import("./verbs/internet.ts").then(({ internetVerbs }) => internetVerbs),
  },
  {
    names: [
      "attach-internet-gateway", "create-egress-only-internet-gateway", "detach-internet-gateway",
      "delete-egress-only-internet-gateway",
    ],
    load: () => import("./verbs/gateway.ts").then(({ gatewayVerbs }) => gatewayVerbs),
  },
  {
    names: [
      "create-route-table", "create-route", "replace-route", "delete-route", "associate-route-table",
      "disassociate-route-table", "set-main-route-table", "delete-route-table",
    ],
    load: () => import("./verbs/route-table.ts").then(({ routeTableVerbs }) => routeTableVerbs),
  },
  {
    names: ["create-nat-gateway", "delete-nat-gateway"],
    load: () => import("./verbs/nat-gateway.ts").then(({ natGatewayVerbs }) => natGatewayVerbs),
  },
  {
    names: ["allocate-address", "associate-address", "set-public-pool", "disassociate-address", "release-address"],
    load: () => import("./verbs/elastic-ip.ts").then(({ elasticIpVerbs }) => elasticIpVerbs),
  },
  {
    names: ["run-instance", "start-instance", "modify-instance", "stop-instance", "terminate-instance"],
    load: () => import("./verbs/instance.ts").then(({ instanceVerbs }) => instanceVerbs),
  },
  {
    names: ["create-security-group", "set-security-groups", "delete-security-group"],
    load: () => import("./verbs/security-group.ts").then(({ securityGroupVerbs }) => securityGroupVerbs),
  },
  {
    names: ["authorize-ingress", "revoke-ingress", "authorize-egress", "revoke-egress"],
    load: () => import("./verbs/security-group-rules.ts").then(({ ruleVerbs }) => ruleVerbs),
  },
  {
    names: ["apply-policy", "remove-policy"],
    load: () => import("./verbs/policy.ts").then(({ policyVerbs }) => policyVerbs),
  },
  {
    names: ["create-prefix-list", "modify-prefix-list", "delete-prefix-list"],
    load: () => import("./verbs/prefix-list.ts").then(({ prefixListVerbs }) => prefixListVerbs),
  },
  {
    names: [
      "create-network-acl", "create-network-acl-entry", "replace-network-acl-entry",
      "delete-network-acl-entry", "associate-network-acl", "delete-network-acl",
    ],
    load: () => import("./verbs/network-acl.ts").then(({ networkAclVerbs }) => networkAclVerbs),
  },
  {
    names: ["peer", "unpeer", "create-peering", "accept-peering", "reject-peering", "delete-peering"],
    load: () => import("./verbs/peering.ts").then(({ peeringVerbs }) => peeringVerbs),
  },
  {
    names: ["enable-dns", "disable-dns", "create-private-zone", "delete-private-zone", "create-record", "delete-record"],
    load: () => import("./verbs/dns.ts").then(({ dnsVerbs }) => dnsVerbs),
  },
  {
    names: ["set-dhcp-options", "reset-dhcp-options"],
    load: () => import("./verbs/dhcp-options.ts").then(({ dhcpOptionsVerbs }) => dhcpOptionsVerbs),
  },
  {
    names: ["shape", "unshape"],
    load: () => import("./verbs/shaping.ts").then(({ shapingVerbs }) => shapingVerbs),
  },
  {
    names: ["partition", "link-down", "link-up", "heal"],
    load: () => import("./verbs/fault.ts").then(({ faultVerbs }) => faultVerbs),
  },
];

/** Is there a verb of this name? Loads none. */
export function isVerb(name: string): boolean {
  for (const { names } of verbAreas) if (names.includes(name)) return true;
  return false;
}

/** The verb of this name; `undefined` when there is none. */
export async function loadVerb(name: string): Promise<Verb | undefined> {
  const area = verbAreas.find(({ names }) => names.includes(name));
  return (await area?.load())?.find((verb) => verb.name === name);
}
