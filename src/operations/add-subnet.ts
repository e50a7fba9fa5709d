import { contains, type Cidr4 } from "../model/cidr.ts";
import { refuseProblems, VpcctlError, type Problem } from "../model/errors.ts";
import { limits } from "../model/limits.ts";
import { requireVpc } from "../model/lookup.ts";
import { freeSlot } from "../model/slot-index.ts";
import { overlappingSubnet, recordAddition, subnetCount } from "../model/subnet-index.ts";
import { findSubnet, mainTable, type Vpc, type World } from "../model/world.ts";
import { acceptNamed, parseSubnetCidr } from "./check-input.ts";
import { withSubnet, withVpc } from "./replace.ts";

export interface AddSubnetInput {
  readonly vpc: string;
  readonly name: string;
  readonly cidr: string;
  /** Takes sizes that EC2 does not. */
  readonly anyPrefix?: boolean;
}

/**
 * A subnet that uses the `main` route table, so it has no internet. The same again is no change.
 * Throws InvalidParameterValue, InvalidVpcID.NotFound, InvalidSubnet.Range, .Conflict and .Duplicate, SubnetLimitExceeded.
 */
export function addSubnet(world: World, { vpc: vpcName, name, cidr, anyPrefix = false }: AddSubnetInput): World {
  const block = acceptNamed("subnet", name, parseSubnetCidr(cidr, anyPrefix));

  const vpc = requireVpc(world, vpcName);
  const existing = findSubnet(vpc, name);
  if (existing?.cidr === block) return world;
  if (existing !== undefined) {
    throw new VpcctlError({
      code: "InvalidSubnet.Duplicate",
      message: `Subnet ${vpcName}/${name} exists with CIDR ${existing.cidr}, not ${block}.`,
      hint: `Choose another name, or take it away first: vpcctl delete-subnet ${vpcName} ${name}`,
    });
  }
  refuseProblems(placeProblems(vpc, block));

  const subnet = { name, cidr: block, slot: freeSlot(vpc), routeTable: mainTable };
  const changed = withSubnet(vpc, subnet);
  recordAddition(vpc.subnets, changed.subnets, subnet);
  return withVpc(world, changed);
}

/** What stands against one more subnet with this block. */
function placeProblems(vpc: Vpc, cidr: Cidr4): Problem[] {
  const problems: Problem[] = [];
  if (!contains(vpc.cidr, cidr)) {
    problems.push({
      code: "InvalidSubnet.Range",
      message: `${cidr} is not inside VPC ${vpc.name}, which has ${vpc.cidr}.`,
      hint: `Choose a block inside ${vpc.cidr}.`,
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
