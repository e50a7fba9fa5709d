import { limits, unusableRanges } from "../../src/model/limits.ts";

const labels: Readonly<Record<keyof typeof limits, string>> = {
  vpcs: "VPCs on a machine",
  subnetsPerVpc: "subnets in a VPC",
  attachmentsPerVpc: "subnets and instances in a VPC",
  cidrsPerVpc: "IPv4 CIDRs of a VPC",
  peeringsPerVpc: "peerings of a VPC",
  peerings: "peerings on a machine",
  securityGroupsPerInstance: "security groups of an instance",
  securityGroupsPerVpc: "security groups in a VPC",
  rulesPerSecurityGroup: "rules of a security group in one direction, for IPv4 and for IPv6 each (what names a group counts for both)",
  prefixListEntries: "CIDRs of a prefix list",
  policyRules: "rules of a policy in one direction",
  routeTablesPerVpc: "route tables in a VPC",
  routesPerTable: "routes in a route table",
  networkAclsPerVpc: "network ACLs in a VPC",
  networkAclEntries: "entries of a network ACL in one direction, for IPv4 and for IPv6 each, `*` included",
  networkAclEntryNumber: "highest number of an entry",
  privateZonesPerVpc: "private zones in a VPC",
  recordsPerZone: "records in a private zone",
  dhcpNameServers: "name servers of DHCP options, by IPv4 and by IPv6",
  dhcpDomainNames: "domain names of DHCP options",
  dhcpDomainLength: "characters of these together",
  shapedSubnetsPerVpc: "shaped subnets in a VPC",
  shortestPrefix: "biggest VPC or subnet",
  longestPrefix: "smallest VPC or subnet",
  longestAnyPrefix: "smallest with `--any-prefix`",
};

/** The numbers a World must keep to. */
export function generate(): string {
  const rows = Object.entries(limits).map(([name, { value, ec2, why }]) => {
    const shown = name.endsWith("Prefix") ? `/${value}` : value.toLocaleString("en");
    return `| ${labels[name as keyof typeof limits]} | ${shown} | ${ec2} | ${why} |`;
  });
  const ranges = unusableRanges.map(({ cidr, why }) => `\`${cidr}\` (${why})`).join(", ");
  return ["| what | here | EC2 | why |", "|---|---|---|---|", ...rows, "", `No VPC can have addresses of ${ranges}.`].join("\n");
}
