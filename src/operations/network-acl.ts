// Network ACLs as wholes: made, given to subnets, taken away. Their entries are in network-acl-entry.ts.
import { VpcctlError, refuseProblems } from "../model/errors.ts";
import { limits } from "../model/limits.ts";
import { requireNetworkAcl, requireSubnet, requireVpc } from "../model/lookup.ts";
import { defaultAcl, findNetworkAcl, networkAclsOf } from "../model/network-acl.ts";
import type { Subnet, World } from "../model/world.ts";
import { nameProblems } from "./check-input.ts";
import { withNetworkAcl, withoutNetworkAcl, withSubnet, withVpc } from "./replace.ts";

export interface NetworkAclInput {
  readonly vpc: string;
  readonly name: string;
}

/**
 * An ACL without entries: it denies everything. One of that name that is there already stays as it is.
 * Throws InvalidParameterValue, InvalidVpcID.NotFound, NetworkAclLimitExceeded.
 */
export function createNetworkAcl(world: World, { vpc: vpcName, name }: NetworkAclInput): World {
  refuseProblems(nameProblems("network ACL", name));
  const vpc = requireVpc(world, vpcName);
  if (findNetworkAcl(vpc, name) !== undefined) return world;
  const count = Object.keys(networkAclsOf(vpc)).length;
  if (count >= limits.networkAclsPerVpc.value) {
    const message = `VPC ${vpcName} has ${count} network ACLs, and no more fit.`;
    throw new VpcctlError({ code: "NetworkAclLimitExceeded", message, hint: limits.networkAclsPerVpc.why });
  }
  return withVpc(world, withNetworkAcl(vpc, { name, ingress: [], egress: [] }));
}

/**
 * Takes an ACL away that no subnet uses. One that does not exist is no change, so a delete can be run again.
 * Throws InvalidVpcID.NotFound, InvalidParameterValue for `default`, DependencyViolation with the subnets.
 */
export function deleteNetworkAcl(world: World, { vpc: vpcName, name }: NetworkAclInput): World {
  const vpc = requireVpc(world, vpcName);
  if (name === defaultAcl) {
    throw new VpcctlError({
      code: "InvalidParameterValue",
      message: `The default network ACL of VPC ${vpcName} cannot be deleted: every subnet without another uses it.`,
      hint: "Its entries can be changed: vpcctl replace-network-acl-entry --help",
    });
  }
  if (findNetworkAcl(vpc, name) === undefined) return world;
  const users = Object.values(vpc.subnets).filter(({ networkAcl }) => networkAcl === name);
  const [first] = users;
  if (first !== undefined) {
    throw new VpcctlError({
      code: "DependencyViolation",
      message: `Network ACL ${vpcName}/${name} is associated with ${users.length === 1 ? "a subnet" : `${users.length} subnets`}.`,
      hint: `Give each another one first: vpcctl associate-network-acl ${vpcName} ${first.name} ${defaultAcl}`,
      details: users.map((subnet) => `subnet ${vpcName}/${subnet.name} (${subnet.cidr})`),
    });
  }
  return withVpc(world, withoutNetworkAcl(vpc, name));
}

export interface AssociateNetworkAclInput {
  readonly vpc: string;
  readonly subnet: string;
  readonly acl: string;
}

/**
 * Gives the subnet this ACL in place of the one it has (EC2's ReplaceNetworkAclAssociation).
 * Throws InvalidVpcID.NotFound, InvalidSubnetID.NotFound, InvalidNetworkAclID.NotFound.
 */
export function associateNetworkAcl(world: World, { vpc: vpcName, subnet: subnetName, acl }: AssociateNetworkAclInput): World {
  const vpc = requireVpc(world, vpcName);
  const { networkAcl = defaultAcl, ...subnet } = requireSubnet(vpc, subnetName);
  const { name } = requireNetworkAcl(vpc, acl);
  if (networkAcl === name) return world;
  const changed: Subnet = name === defaultAcl ? subnet : { ...subnet, networkAcl: name };
  return withVpc(world, withSubnet(vpc, changed));
}
