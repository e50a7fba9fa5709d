import { freeSubnetCidr6, subnetCidr6Problem } from "../model/addresses6.ts";
import { valueOf, type Cidr4 } from "../model/cidr.ts";
import { tryParseCidr6, type Cidr6 } from "../model/cidr6.ts";
import { refuseProblems, VpcctlError, type Problem } from "../model/errors.ts";
import { limits } from "../model/limits.ts";
import { requireVpc } from "../model/lookup.ts";
import { freeSlot } from "../model/slot-index.ts";
import { overlappingSubnet, recordAddition, subnetCount } from "../model/subnet-index.ts";
import { blockAround, cidrsOf } from "../model/vpc-cidrs.ts";
import { findSubnet, type Subnet, type Vpc, type World } from "../model/world.ts";
import { acceptNamed, parseSubnetCidr } from "./check-input.ts";
import { withSubnet, withVpc } from "./replace.ts";

export interface AddSubnetInput {
  readonly vpc: string;
  readonly name: string;
  readonly cidr: string;
  /** Takes sizes that EC2 does not. */
  readonly anyPrefix?: boolean;
  /** A /64 of the VPC's IPv6 block; the smallest free one when absent. */
  readonly ipv6Cidr?: string;
}

/**
 * A subnet that uses the main route table, so as a rule it has no internet. The same again is no change.
 * Throws InvalidParameterValue, InvalidVpcID.NotFound, InvalidSubnet.Range, .Conflict and .Duplicate, SubnetLimitExceeded.
 */
export function addSubnet(world: World, { vpc: vpcName, name, cidr, anyPrefix = false, ipv6Cidr }: AddSubnetInput): World {
  const block = acceptNamed("subnet", name, parseSubnetCidr(cidr, anyPrefix));
  const block6 = ipv6Cidr === undefined ? undefined : valueOf(tryParseCidr6(ipv6Cidr));

  const vpc = requireVpc(world, vpcName);
  const existing = findSubnet(vpc, name);
  if (existing?.cidr === block && (block6 === undefined || block6 === existing.ipv6Cidr)) return world;
  if (existing !== undefined) {
    throw new VpcctlError({
      code: "InvalidSubnet.Duplicate",
      message: `Subnet ${vpcName}/${name} exists with CIDR ${sayBlocks(existing.cidr, existing.ipv6Cidr)}, not ${sayBlocks(block, block6)}.`,
      hint: `Choose another name, or take it away first: vpcctl delete-subnet ${vpcName} ${name}`,
    });
  }
  refuseProblems([...placeProblems(vpc, block), ...(block6 === undefined ? [] : ipv6Problems(vpc, block6))]);

  const subnet = { name, cidr: block, slot: freeSlot(vpc), ...ipv6Part(vpc, block6) };
  const changed = withSubnet(vpc, subnet);
  recordAddition(vpc.subnets, changed.subnets, subnet);
  return withVpc(world, changed);
}

const sayBlocks = (cidr: Cidr4, cidr6: Cidr6 | undefined): string => (cidr6 === undefined ? cidr : `${cidr} and ${cidr6}`);

/** The subnet's share of the VPC's IPv6 block, when there is one and some of it is left. */
function ipv6Part({ ipv6Cidr: whole, subnets }: Vpc, asked: Cidr6 | undefined): Pick<Subnet, "ipv6Cidr"> {
  const ipv6Cidr = asked ?? (whole && freeSubnetCidr6(whole, subnets));
  return ipv6Cidr === undefined ? {} : { ipv6Cidr };
}

/** What stands against a subnet with this IPv6 block. */
function ipv6Problems({ name, ipv6Cidr: whole, subnets }: Vpc, cidr: Cidr6): Problem[] {
  if (whole === undefined) {
    const hint = `Give it a block first: vpcctl associate-ipv6-cidr ${name}`;
    return [{ code: "InvalidSubnet.Range", message: `VPC ${name} has no IPv6, so no subnet of it can have ${cidr}.`, hint }];
  }
  const why = subnetCidr6Problem(whole, cidr);
  if (why !== undefined) {
    const message = `A subnet of VPC ${name} cannot have ${cidr}: ${why}.`;
    return [{ code: "InvalidSubnet.Range", message, hint: "Leave --ipv6-cidr out, and it gets the next one." }];
  }
  const other = Object.values(subnets).find((subnet) => subnet.ipv6Cidr === cidr);
  if (other === undefined) return [];
  return [{ code: "InvalidSubnet.Conflict", message: `Subnet ${name}/${other.name} has ${cidr}.`, hint: `See what is taken: vpcctl describe ${name}` }];
}

/** What stands against one more subnet with this block. */
function placeProblems(vpc: Vpc, cidr: Cidr4): Problem[] {
  const problems: Problem[] = [];
  if (blockAround(vpc, cidr) === undefined) {
    const blocks = cidrsOf(vpc).join(", ");
    problems.push({
      code: "InvalidSubnet.Range",
      message: `${cidr} is not inside VPC ${vpc.name}, which has ${blocks}.`,
      hint: `Choose a block inside ${blocks}, or add one to the VPC: vpcctl associate-cidr ${vpc.name} CIDR`,
    });
  }
  const other = overlappingSubnet(vpc.subnets, cidr);
  if (other !== undefined) {
    problems.push({
      code: "InvalidSubnet.Conflict",
      message: `${cidr} overlaps subnet ${vpc.name}/${other.name}, which has ${other.cidr}.`,
      hint: `See what is taken: vpcctl describe ${vpc.name}`,
    });
  }
  const slot = freeSlot(vpc);
  if (slot >= limits.attachmentsPerVpc.value) {
    const message = `VPC ${vpc.name} has ${slot} subnets and instances, and no more fit.`;
    problems.push({ code: "SubnetLimitExceeded", message, hint: limits.attachmentsPerVpc.why });
  }
  const count = subnetCount(vpc.subnets);
  if (count >= limits.subnetsPerVpc.value) {
    const message = `VPC ${vpc.name} has ${count} subnets, and no more fit.`;
    problems.push({ code: "SubnetLimitExceeded", message, hint: limits.subnetsPerVpc.why });
  }
  return problems;
}
