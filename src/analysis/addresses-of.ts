// Whose is an address? Private ones within a VPC, public ones on the machine.
import { attachmentsOf, type Attachment } from "../model/attachment.ts";
import { cidrContainsAddress, type Ip } from "../model/cidr-any.ts";
import type { NatGateway } from "../model/gateways.ts";
import { blocksOf } from "../model/vpc-cidrs.ts";
import type { Subnet, Vpc, World } from "../model/world.ts";

/** The addresses inside: all that packets to and from it have within its VPC. */
export const addressesOf = (attachment: Attachment): readonly Ip[] => [attachment.address];

export const isInVpc = (vpc: Vpc, address: Ip): boolean => blocksOf(vpc).some((block) => cidrContainsAddress(block, address));

export function isInSubnet(subnet: Subnet, address: Ip): boolean {
  return cidrContainsAddress(subnet.cidr, address) || (subnet.ipv6Cidr !== undefined && cidrContainsAddress(subnet.ipv6Cidr, address));
}

export const attachmentAt = (vpc: Vpc, address: Ip): Attachment | undefined => attachmentsOf(vpc).find((one) => addressesOf(one).includes(address));

/** Who has a public address: an attachment, or a NAT gateway. */
export type PublicOwner = { readonly vpc: Vpc } & ({ readonly attachment: Attachment } | { readonly natGateway: NatGateway });

export function publicOwner(world: World, address: Ip): PublicOwner | undefined {
  for (const vpc of Object.values(world.vpcs)) {
    const attachment = attachmentsOf(vpc).find((one) => one.publicAddress === address);
    if (attachment !== undefined) return { vpc, attachment };
    const natGateway = Object.values(vpc.natGateways ?? {}).find((one) => one.publicAddress === address);
    if (natGateway !== undefined) return { vpc, natGateway };
  }
  return undefined;
}
