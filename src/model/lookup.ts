// Parts of a World that must exist. The operations and everything else that is given a name by the user find it through these, so that
// "not found" always has the same code and words.
import { VpcctlError, type ErrorCode } from "./errors.ts";
import type { ElasticIp, NatGateway } from "./gateways.ts";
import type { Instance } from "./instance.ts";
import { findNetworkAcl, networkAclsOf, type NetworkAcl } from "./network-acl.ts";
import type { PrefixList } from "./prefix-list.ts";
import { findPeering, type Peering } from "./peering.ts";
import { quote } from "./quote.ts";
import { findSecurityGroup, securityGroupsOf, type SecurityGroup } from "./security-group.ts";
import { findInstance, findNamed, findRouteTable, findSubnet, findVpc, type RouteTable, type Subnet, type Vpc, type World } from "./world.ts";

/** Throws InvalidVpcID.NotFound. */
export function requireVpc(world: World, name: string): Vpc {
  return findVpc(world, name) ?? notFound("InvalidVpcID.NotFound", `There is no VPC ${quote(name)}.`, world.vpcs, "vpcctl list");
}

/** Throws InvalidSubnetID.NotFound. */
export function requireSubnet(vpc: Vpc, name: string): Subnet {
  const message = `VPC ${vpc.name} has no subnet ${quote(name)}.`;
  return findSubnet(vpc, name) ?? notFound("InvalidSubnetID.NotFound", message, vpc.subnets, `vpcctl describe ${vpc.name}`);
}

/** Throws InvalidInstanceID.NotFound. */
export function requireInstance(vpc: Vpc, name: string): Instance {
  const message = `VPC ${vpc.name} has no instance ${quote(name)}.`;
  return findInstance(vpc, name) ?? notFound("InvalidInstanceID.NotFound", message, vpc.instances ?? {}, `vpcctl instances ${vpc.name}`);
}

/** Throws InvalidGroup.NotFound. */
export function requireSecurityGroup(vpc: Vpc, name: string): SecurityGroup {
  const message = `VPC ${vpc.name} has no security group ${quote(name)}.`;
  return findSecurityGroup(vpc, name) ?? notFound("InvalidGroup.NotFound", message, securityGroupsOf(vpc), `vpcctl describe ${vpc.name}`);
}

/** Throws InvalidPrefixListID.NotFound. */
export function requirePrefixList(world: World, name: string): PrefixList {
  const found = findNamed(world.prefixLists, name);
  return found ?? notFound("InvalidPrefixListID.NotFound", `There is no prefix list ${quote(name)}.`, world.prefixLists ?? {}, "vpcctl prefix-lists");
}

/** Throws InvalidNetworkAclID.NotFound. */
export function requireNetworkAcl(vpc: Vpc, name: string): NetworkAcl {
  const message = `VPC ${vpc.name} has no network ACL ${quote(name)}.`;
  return findNetworkAcl(vpc, name) ?? notFound("InvalidNetworkAclID.NotFound", message, networkAclsOf(vpc), `vpcctl describe ${vpc.name}`);
}

/** Throws InvalidRouteTableID.NotFound. */
export function requireRouteTable(vpc: Vpc, name: string): RouteTable {
  const message = `VPC ${vpc.name} has no route table ${quote(name)}.`;
  return findRouteTable(vpc, name) ?? notFound("InvalidRouteTableID.NotFound", message, vpc.routeTables, `vpcctl describe ${vpc.name}`);
}

/** Throws NatGatewayNotFound. */
export function requireNatGateway(vpc: Vpc, name: string): NatGateway {
  const message = `VPC ${vpc.name} has no NAT gateway ${quote(name)}.`;
  return findNamed(vpc.natGateways, name) ?? notFound("NatGatewayNotFound", message, vpc.natGateways ?? {}, `vpcctl describe ${vpc.name}`);
}

/** Throws InvalidAllocationID.NotFound. */
export function requireElasticIp(world: World, name: string): ElasticIp {
  const message = `There is no Elastic IP ${quote(name)}.`;
  return findNamed(world.elasticIps, name) ?? notFound("InvalidAllocationID.NotFound", message, world.elasticIps ?? {}, "vpcctl addresses");
}

/** Throws InvalidVpcPeeringConnectionID.NotFound. */
export function requirePeering(world: World, name: string): Peering {
  const message = `There is no peering ${quote(name)}.`;
  return findPeering(world, name) ?? notFound("InvalidVpcPeeringConnectionID.NotFound", message, world.peerings ?? {}, "vpcctl describe VPC");
}

/** A hint lists what exists as long as it stays a line. */
const mostNamesInHint = 8;

/** Refuses, with what exists in the hint. */
export function notFound(code: ErrorCode, message: string, existing: Readonly<Record<string, unknown>>, command: string): never {
  const names = Object.keys(existing);
  const list = names.length > 0 && names.length <= mostNamesInHint ? `There is ${names.join(", ")}. ` : "";
  throw new VpcctlError({ code, message, hint: `${list}See what exists: ${command}` });
}
