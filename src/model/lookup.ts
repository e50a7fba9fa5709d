// Parts of a World that must exist. The operations and everything else that is given a name by the user find it through these, so that
// "not found" always has the same code and words.
import { VpcctlError, type ErrorCode } from "./errors.ts";
import type { Instance } from "./instance.ts";
import { findNetworkAcl, networkAclsOf, type NetworkAcl } from "./network-acl.ts";
import { quote } from "./quote.ts";
import { findInstance, findSubnet, findVpc, type Subnet, type Vpc, type World } from "./world.ts";

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

/** Throws InvalidNetworkAclID.NotFound. */
export function requireNetworkAcl(vpc: Vpc, name: string): NetworkAcl {
  const message = `VPC ${vpc.name} has no network ACL ${quote(name)}.`;
  return findNetworkAcl(vpc, name) ?? notFound("InvalidNetworkAclID.NotFound", message, networkAclsOf(vpc), `vpcctl describe ${vpc.name}`);
}

/** A hint lists what exists as long as it stays a line. */
const mostNamesInHint = 8;

function notFound(code: ErrorCode, message: string, existing: Readonly<Record<string, unknown>>, command: string): never {
  const names = Object.keys(existing);
  const list = names.length > 0 && names.length <= mostNamesInHint ? `There is ${names.join(", ")}. ` : "";
  throw new VpcctlError({ code, message, hint: `${list}See what exists: ${command}` });
}
