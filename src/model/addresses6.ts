// The IPv6 side of the address plan. A VPC has a /56, each of its subnets a /64 of it, and everything in a subnet one address, which
// follows from its IPv4 address: nothing more is stored, and one is read off the other.
//
//   prefix::1              the router, for everything in the subnet
//   prefix::0a00:104       the attachment with 10.0.1.4
//
// No VPC may have IPv4 addresses of 0.0.0.0/8, so no attachment is ever taken for the router.
import type { Attachment } from "./attachment.ts";
import { cidrContainsAddress, type Ip } from "./cidr-any.ts";
import { ipToNumber, type Ipv4 } from "./cidr.ts";
import { cidr6Range, contains6, nthAddress6, nthSubnet6, overlaps6, literalCidr6, literalIpv6, parseCidr6, type Cidr6, type Ipv6 } from "./cidr6.ts";
import type { Named, Subnet, Vpc, World } from "./world.ts";

/** The sizes of EC2. */
export const vpcPrefix6 = 56;
export const subnetPrefix6 = 64;

/** How many subnets of a VPC can have IPv6. */
export const subnetsPerVpc6 = 2 ** (subnetPrefix6 - vpcPrefix6);

/** As this address the host is seen by whoever has IPv6 and an internet gateway. Its neighbourhood is kept out of VPCs. */
export const hostAddress6: Ipv6 = literalIpv6("fd76:7063:746c::1");
const hostRange6 = literalCidr6("fd76:7063:746c::/48");

/** EC2's own services, as the resolver, which is fd00:ec2::253. Routed nowhere: on a cloud host the host's metadata service is there. */
export const serviceRange6 = literalCidr6("fd00:ec2::/32");

/** Addresses for everybody, and those of private networks (RFC 4193). */
const usableRanges6 = [literalCidr6("2000::/3"), literalCidr6("fc00::/7")] as const;

/** Private, so the host translates it out of its uplink. */
const uniqueLocal = literalCidr6("fc00::/7");

export const isUniqueLocal = (cidr: Cidr6): boolean => contains6(uniqueLocal, cidr);

export const isUniqueLocalAddress = (address: Ip): boolean => cidrContainsAddress(uniqueLocal, address);

/** The gateway of everything in the subnet. */
export const routerAddress6 = (subnet: Cidr6): Ipv6 => nthAddress6(subnet, 1n);

/** What the attachment with this IPv4 address has by IPv6. */
export const ipv6AddressIn = (subnet: Cidr6, address: Ipv4): Ipv6 => nthAddress6(subnet, BigInt(ipToNumber(address)));

/** `undefined` when the subnet has no IPv6. */
export function ipv6AddressOf({ subnet, address }: Pick<Attachment, "subnet" | "address">): Ipv6 | undefined {
  return subnet.ipv6Cidr && ipv6AddressIn(subnet.ipv6Cidr, address);
}

/** The smallest /64 of the VPC that no subnet has; `undefined` when all are taken. */
export function freeSubnetCidr6(vpc: Cidr6, subnets: Named<Subnet>): Cidr6 | undefined {
  const taken = new Set<string>();
  for (const name in subnets) taken.add(subnets[name]?.ipv6Cidr ?? "");
  for (let n = 0; n < subnetsPerVpc6; n++) {
    const cidr = nthSubnet6(vpc, subnetPrefix6, n);
    if (!taken.has(cidr)) return cidr;
  }
  return undefined;
}

/** The VPC other than `name` whose block shares an address with this one. */
export function overlappingVpc6(world: World, cidr: Cidr6, name: string): Vpc | undefined {
  return Object.values(world.vpcs).find((vpc) => vpc.name !== name && vpc.ipv6Cidr !== undefined && overlaps6(vpc.ipv6Cidr, cidr));
}

/**
 * A private block for a VPC that brings none. RFC 4193 wants 40 bits of chance after `fd`; ours come from a hash of what the VPC is, so
 * that the same commands give the same addresses everywhere.
 */
export function uniqueLocalCidr({ name, number }: Pick<Vpc, "name" | "number">, world: World): Cidr6 {
  for (let attempt = 0; ; attempt++) {
    const digest = new Bun.CryptoHasher("sha256").update(`${name} ${number} ${attempt}`).digest("hex");
    const cidr = parseCidr6(`fd${digest.slice(0, 2)}:${digest.slice(2, 6)}:${digest.slice(6, 10)}::/${vpcPrefix6}`);
    if (overlappingVpc6(world, cidr, name) === undefined && newVpcCidr6Problem(cidr) === undefined) return cidr;
  }
}

/** Why no VPC may have this block, as the end of a sentence; `undefined` when it may. */
export function vpcCidr6Problem(cidr: Cidr6): string | undefined {
  const { prefix } = cidr6Range(cidr);
  if (prefix !== vpcPrefix6) return `it is a /${prefix}, and a VPC has a /${vpcPrefix6}`;
  if (overlaps6(cidr, hostRange6)) return `it overlaps ${hostRange6}, by which the host itself is known`;
  return usableRanges6.some((range) => contains6(range, cidr)) ? undefined : `it is neither in ${usableRanges6.join(" nor in ")}`;
}

/** The same for a VPC that does not have it yet: older versions gave what is for EC2's services. */
export function newVpcCidr6Problem(cidr: Cidr6): string | undefined {
  return vpcCidr6Problem(cidr) ?? (overlaps6(cidr, serviceRange6) ? `it overlaps ${serviceRange6}, where EC2 has its own services, the resolver among them` : undefined);
}

/** Why no subnet of the VPC may have this block, as the end of a sentence; `undefined` when it may. */
export function subnetCidr6Problem(vpc: Cidr6, cidr: Cidr6): string | undefined {
  const { prefix } = cidr6Range(cidr);
  if (prefix !== subnetPrefix6) return `it is a /${prefix}, and a subnet has a /${subnetPrefix6}`;
  return contains6(vpc, cidr) ? undefined : `it is not inside ${vpc}, which the VPC has`;
}
