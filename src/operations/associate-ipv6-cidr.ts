import { freeSubnetCidr6, newVpcCidr6Problem, overlappingVpc6, uniqueLocalCidr } from "../model/addresses6.ts";
import { valueOf } from "../model/cidr.ts";
import { tryParseCidr6, type Cidr6 } from "../model/cidr6.ts";
import { VpcctlError } from "../model/errors.ts";
import { requireVpc } from "../model/lookup.ts";
import type { Named, Subnet, Vpc, World } from "../model/world.ts";
import { withVpc } from "./replace.ts";

export interface AssociateIpv6CidrInput {
  readonly vpc: string;
  /** A /56; one of its own (RFC 4193) when absent. */
  readonly cidr?: string;
}

/**
 * Gives a VPC IPv6, and each of its subnets a /64 of it as long as there are some. The same again is no change.
 * Throws InvalidParameterValue, InvalidVpcID.NotFound, InvalidVpc.Range and .Conflict, CidrLimitExceeded.
 */
export function associateIpv6Cidr(world: World, { vpc: name, cidr }: AssociateIpv6CidrInput): World {
  const asked = cidr === undefined ? undefined : valueOf(tryParseCidr6(cidr));
  const vpc = requireVpc(world, name);
  if (vpc.ipv6Cidr !== undefined && (asked === undefined || asked === vpc.ipv6Cidr)) return world;
  if (asked !== undefined) refuseUnfit(world, name, asked);
  if (vpc.ipv6Cidr !== undefined) {
    throw new VpcctlError({
      code: "CidrLimitExceeded",
      message: `VPC ${name} has ${vpc.ipv6Cidr} already, and a VPC has one IPv6 block.`,
      hint: `Take that away first: vpcctl disassociate-ipv6-cidr ${name}`,
    });
  }
  return withVpc(world, withIpv6(vpc, asked ?? uniqueLocalCidr(vpc, world)));
}

function refuseUnfit(world: World, name: string, cidr: Cidr6): void {
  const why = newVpcCidr6Problem(cidr);
  const hint = `Leave the block out, and the VPC gets a private one of its own: vpcctl associate-ipv6-cidr ${name}`;
  if (why !== undefined) throw new VpcctlError({ code: "InvalidVpc.Range", message: `A VPC cannot have ${cidr}: ${why}.`, hint });
  const other = overlappingVpc6(world, cidr, name);
  if (other === undefined) return;
  throw new VpcctlError({ code: "InvalidVpc.Conflict", message: `${cidr} overlaps VPC ${other.name}, which has ${other.ipv6Cidr}.`, hint });
}

function withIpv6(vpc: Vpc, ipv6Cidr: Cidr6): Vpc {
  const subnets: Record<string, Subnet> = {};
  for (const subnet of Object.values(vpc.subnets)) {
    const cidr = freeSubnetCidr6(ipv6Cidr, subnets);
    subnets[subnet.name] = cidr === undefined ? subnet : { ...subnet, ipv6Cidr: cidr };
  }
  return { ...vpc, ipv6Cidr, subnets };
}

export interface DisassociateIpv6CidrInput {
  readonly vpc: string;
}

/** Takes IPv6 from a VPC and all its subnets. Routes and rules that speak of it stay, and say nothing any more. Throws InvalidVpcID.NotFound. */
export function disassociateIpv6Cidr(world: World, { vpc: name }: DisassociateIpv6CidrInput): World {
  const { ipv6Cidr, ...vpc } = requireVpc(world, name);
  if (ipv6Cidr === undefined) return world;
  return withVpc(world, { ...vpc, subnets: withoutIpv6(vpc.subnets) });
}

function withoutIpv6(subnets: Named<Subnet>): Named<Subnet> {
  const changed: Record<string, Subnet> = {};
  for (const subnet of Object.values(subnets)) {
    const { ipv6Cidr, ...rest } = subnet;
    changed[subnet.name] = ipv6Cidr === undefined ? subnet : rest;
  }
  return changed;
}
