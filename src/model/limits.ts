// Every limit on what a World may hold. EC2's quotas on counts protect a shared service and can be raised there; ours are what they can be
// raised to, or, where nothing but the address plan or the kernel's numbers is in the way, what these allow. Limits on CIDR sizes are EC2's,
// and `--any-prefix` lifts them.
import { cidrRange, overlaps, literalCidr4, type Cidr4 } from "./cidr.ts";
import { literalCidr6, type Cidr6 } from "./cidr6.ts";
import { serviceRange6 } from "./addresses6.ts";
import { longestSubnetPrefix, peeringCapacity, peeringRange, transitRange } from "./addresses.ts";

interface Limit {
  readonly value: number;
  /** What EC2 allows by default. */
  readonly ec2: string;
  /** Why it is this number here. */
  readonly why: string;
}

export const limits = {
  vpcs: {
    value: cidrRange(transitRange).size / 2 - 1,
    ec2: "5 per Region, adjustable",
    why: `Each VPC has a pair of addresses of ${transitRange} for its internet gateway; the pair with the network address is not used.`,
  },
  subnetsPerVpc: { value: 4096, ec2: "200 per VPC, adjustable", why: "The biggest VPC, a /16, holds 4,096 of the smallest subnets, a /28 each." },
  attachmentsPerVpc: {
    value: 64_000,
    ec2: "64,000 network address usage units per VPC, adjustable up to 256,000",
    why: "EC2's own: subnets and instances are counted together, and each is a wire in the VPC's router.",
  },
  cidrsPerVpc: { value: 50, ec2: "5 IPv4 blocks per VPC, adjustable up to 50", why: "EC2's highest: each block is a local route in every route table." },
  peeringsPerVpc: { value: 125, ec2: "50 active peerings per VPC, adjustable up to 125", why: "EC2's highest; requests that are not accepted yet count too." },
  peerings: { value: peeringCapacity, ec2: "by VPC only", why: `Each peering has a pair of addresses of ${peeringRange} for its link.` },
  securityGroupsPerInstance: { value: 5, ec2: "5 per network interface, adjustable up to 16", why: "EC2's rule; whoever needs more wants another group." },
  securityGroupsPerVpc: { value: 2500, ec2: "2,500 per Region, adjustable", why: "EC2's own; one group serves as many instances as you like." },
  rulesPerSecurityGroup: {
    value: 1000,
    ec2: "60 per direction, for IPv4 and for IPv6 each, adjustable up to 1,000",
    why: "EC2's highest: rules times groups per interface may be 1,000 there. A prefix list counts with all its CIDRs. A packet costs the same with one rule and with all.",
  },
  prefixListEntries: { value: 1000, ec2: "1,000 per prefix list", why: "EC2's own." },
  policyRules: { value: 1000, ec2: "no such thing", why: "The rules of a policy file are compared one after the other with the first packet of each flow." },
  routeTablesPerVpc: { value: 200, ec2: "200 per VPC, adjustable", why: "EC2's own; one table serves as many subnets as you like." },
  routesPerTable: {
    value: 1000,
    ec2: "500 non-propagated routes per table (50 until June 2025), for IPv4 and for IPv6 each, adjustable up to 1,000",
    why: "EC2's highest. `local` routes do not count, and a prefix list counts with all its CIDRs. A packet costs about the same with one route and with all.",
  },
  networkAclsPerVpc: { value: 200, ec2: "200 per VPC, adjustable", why: "EC2's own; one ACL serves as many subnets as you like." },
  networkAclEntries: {
    value: 40,
    ec2: "20 per direction, for IPv4 and for IPv6 each, adjustable up to 40",
    why: "EC2's highest: entries are compared one after the other with every packet that crosses the subnet's edge.",
  },
  networkAclEntryNumber: { value: 32_766, ec2: "32766", why: "EC2's rule: the numbers behind belong to the last entry, which denies what no other fits." },
  privateZonesPerVpc: { value: 500, ec2: "500 hosted zones per account, adjustable (Route 53)", why: "Route 53's own." },
  recordsPerZone: { value: 10_000, ec2: "10,000 per hosted zone, adjustable (Route 53)", why: "Route 53's own." },
  dhcpNameServers: {
    value: 4,
    ec2: "four addresses, or AmazonProvidedDNS",
    why: "EC2's number, for each kind of address. Most programs ask the first three only (resolv.conf(5)).",
  },
  dhcpDomainNames: { value: 6, ec2: "one value; some systems read several names in it", why: "Older C libraries read six (resolv.conf(5))." },
  dhcpDomainLength: { value: 255, ec2: "a DHCP option holds 255 bytes", why: "RFC 2132: names and the spaces between them; the C library of Alpine reads no more." },
  shapedSubnetsPerVpc: { value: 1_500, ec2: "EC2 has none", why: "The kernel numbers classes of packets with 16 bits, and each attachment has one too." },
  shortestPrefix: { value: 16, ec2: "/16", why: "EC2's rule for VPCs and subnets." },
  longestPrefix: { value: 28, ec2: "/28", why: "EC2's rule for VPCs and subnets." },
  longestAnyPrefix: {
    value: longestSubnetPrefix,
    ec2: "/28",
    why: "A subnet needs its first four addresses and the last for itself, and .4 for its own namespace; a /30 has no .4.",
  },
} as const satisfies Record<string, Limit>;

/** Ranges that hosts cannot have on any network, so a VPC made of them could not work. EC2 takes every other range, public ones too. */
export const unusableRanges: readonly { readonly cidr: Cidr4; readonly why: string }[] = [
  { cidr: literalCidr4("0.0.0.0/8"), why: "it means this network (RFC 1122)" },
  { cidr: literalCidr4("127.0.0.0/8"), why: "it is the loopback of every host (RFC 1122)" },
  { cidr: literalCidr4("169.254.0.0/16"), why: "it is link-local (RFC 3927); internet gateways use it" },
  { cidr: literalCidr4("224.0.0.0/3"), why: "it is multicast and reserved (RFC 1112)" },
];

/** The same for IPv6, for routes: a VPC's own block is of 2000::/3 or fc00::/7 anyway. */
export const unusableRanges6: readonly { readonly cidr: Cidr6; readonly why: string }[] = [
  { cidr: literalCidr6("::/127"), why: "these are no address and the loopback of every host (RFC 4291)" },
  { cidr: literalCidr6("fe80::/10"), why: "it is link-local (RFC 4291); internet gateways use it" },
  { cidr: serviceRange6, why: "it is EC2's own, for its metadata service and its resolvers" },
  { cidr: literalCidr6("ff00::/8"), why: "it is multicast (RFC 4291)" },
];

/** What is wrong with the size of a block, as the end of a sentence; `undefined` when nothing is. */
export function sizeProblem(cidr: Cidr4, anyPrefix: boolean): string | undefined {
  const { prefix } = cidrRange(cidr);
  const shortest = anyPrefix ? 0 : limits.shortestPrefix.value;
  const longest = anyPrefix ? limits.longestAnyPrefix.value : limits.longestPrefix.value;
  if (prefix < shortest) return `it is bigger than a /${shortest}`;
  if (prefix > longest) return `it is smaller than a /${longest}`;
  return undefined;
}

/** Why no VPC may have this block, as the end of a sentence; `undefined` when it may. */
export function rangeProblem(cidr: Cidr4): string | undefined {
  const range = unusableRanges.find((unusable) => overlaps(unusable.cidr, cidr));
  return range && `it overlaps ${range.cidr}, and ${range.why}`;
}
