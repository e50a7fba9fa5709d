// Whose is an address? Private ones within a VPC, public ones on the machine. An analysis of all pairs asks this a million times, so each
// VPC is gone through once; Worlds never change, so what was found stays true as long as the VPC lives.
import { ipv6AddressOf } from "../model/addresses6.ts";
import { attachmentsOf, type Attachment } from "../model/attachment.ts";
import { cidrContainsAddress, type Ip } from "../model/cidr-any.ts";
import type { NatGateway } from "../model/gateways.ts";
import { blocksOf } from "../model/vpc-cidrs.ts";
import type { Subnet, Vpc, World } from "../model/world.ts";

/** The addresses inside: all that packets to and from it have within its VPC. IPv4 first. */
export function addressesOf(attachment: Attachment): readonly Ip[] {
  const ipv6 = ipv6AddressOf(attachment);
  return ipv6 === undefined ? [attachment.address] : [attachment.address, ipv6];
}

interface Owners {
  readonly inside: ReadonlyMap<Ip, Attachment>;
  readonly outside: ReadonlyMap<Ip, Attachment>;
}

const known = new WeakMap<Vpc, Owners>();

function ownersIn(vpc: Vpc): Owners {
  const owners = known.get(vpc);
  if (owners !== undefined) return owners;
  const all = attachmentsOf(vpc);
  const found = {
    inside: new Map(all.flatMap((one) => addressesOf(one).map((address) => [address, one] as const))),
    outside: new Map(all.flatMap((one) => (one.publicAddress === undefined ? [] : [[one.publicAddress, one] as const]))),
  };
  known.set(vpc, found);
  return found;
}

export const isInVpc = (vpc: Vpc, address: Ip): boolean => blocksOf(vpc).some((block) => cidrContainsAddress(block, address));

export function isInSubnet(subnet: Subnet, address: Ip): boolean {
  return cidrContainsAddress(subnet.cidr, address) || (subnet.ipv6Cidr !== undefined && cidrContainsAddress(subnet.ipv6Cidr, address));
}

/** By its address inside. */
export const attachmentAt = (vpc: Vpc, address: Ip): Attachment | undefined => ownersIn(vpc).inside.get(address);

/** By any of its addresses: an attachment, or the NAT gateway. */
export function anyOwner(vpc: Vpc, address: Ip): Attachment | NatGateway | undefined {
  const { inside, outside } = ownersIn(vpc);
  return inside.get(address) ?? outside.get(address) ?? natGatewayAt(vpc, address);
}

const natGatewayAt = (vpc: Vpc, address: Ip): NatGateway | undefined =>
  Object.values(vpc.natGateways ?? {}).find((one) => one.address === address || one.publicAddress === address);

/** Who has a public address: an attachment, or a NAT gateway. */
export type PublicOwner = { readonly vpc: Vpc } & ({ readonly attachment: Attachment } | { readonly natGateway: NatGateway });

export function publicOwner(world: World, address: Ip): PublicOwner | undefined {
  for (const vpc of Object.values(world.vpcs)) {
    const attachment = ownersIn(vpc).outside.get(address);
    if (attachment !== undefined) return { vpc, attachment };
    const natGateway = Object.values(vpc.natGateways ?? {}).find((one) => one.publicAddress === address);
    if (natGateway !== undefined) return { vpc, natGateway };
  }
  return undefined;
}
