// The verbs on the World. One row makes a command, a line of a batch file and its completion.
import type { Verb } from "./verb.ts";
import { cidrVerbs } from "./verbs/cidr.ts";
import { dhcpOptionsVerbs } from "./verbs/dhcp-options.ts";
import { dnsVerbs } from "./verbs/dns.ts";
import { elasticIpVerbs } from "./verbs/elastic-ip.ts";
import { faultVerbs } from "./verbs/fault.ts";
import { gatewayVerbs } from "./verbs/gateway.ts";
import { instanceVerbs } from "./verbs/instance.ts";
import { internetVerbs } from "./verbs/internet.ts";
import { ipv6Verbs } from "./verbs/ipv6.ts";
import { natGatewayVerbs } from "./verbs/nat-gateway.ts";
import { networkAclVerbs } from "./verbs/network-acl.ts";
import { peeringVerbs } from "./verbs/peering.ts";
import { policyVerbs } from "./verbs/policy.ts";
import { prefixListVerbs } from "./verbs/prefix-list.ts";
import { routeTableVerbs } from "./verbs/route-table.ts";
import { ruleVerbs } from "./verbs/security-group-rules.ts";
import { securityGroupVerbs } from "./verbs/security-group.ts";
import { shapingVerbs } from "./verbs/shaping.ts";
import { subnetVerbs } from "./verbs/subnet.ts";
import { vpcVerbs } from "./verbs/vpc.ts";

/** In the order help shows them within a group. */
export const verbs: readonly Verb[] = [
  ...vpcVerbs,
  ...cidrVerbs,
  ...subnetVerbs,
  ...ipv6Verbs,
  ...internetVerbs,
  ...gatewayVerbs,
  ...routeTableVerbs,
  ...natGatewayVerbs,
  ...elasticIpVerbs,
  ...instanceVerbs,
  ...securityGroupVerbs,
  ...ruleVerbs,
  ...policyVerbs,
  ...prefixListVerbs,
  ...networkAclVerbs,
  ...peeringVerbs,
  ...dnsVerbs,
  ...dhcpOptionsVerbs,
  ...shapingVerbs,
  ...faultVerbs,
];

export function findVerb(name: string): Verb | undefined {
  return verbs.find((verb) => verb.name === name);
}
