import { VpcctlError } from "../model/errors.ts";
import { instancesOf } from "../model/instance.ts";
import { defaultAcl } from "../model/network-acl.ts";
import { peeringsOf } from "../model/peering.ts";
import { findVpc, type Vpc, type World } from "../model/world.ts";
import { withoutVpc } from "./replace.ts";

export interface DeleteVpcInput {
  readonly name: string;
  /** Takes away what is in it as well. */
  readonly force?: boolean;
}

/**
 * Takes a VPC away; unless forced, only an empty one. One that does not exist is no change, so a delete can be run again.
 * Throws DependencyViolation with the whole list.
 */
export function deleteVpc(world: World, { name, force = false }: DeleteVpcInput): World {
  const vpc = findVpc(world, name);
  if (vpc === undefined) return world;
  const dependencies = dependenciesOf(world, vpc);
  if (dependencies.length > 0 && !force) {
    throw new VpcctlError({
      code: "DependencyViolation",
      message: `VPC ${name} is not empty: ${contentsOf(world, vpc)}.`,
      hint: `To take it away with all that is in it: vpcctl delete-vpc ${name} --force`,
      details: dependencies,
    });
  }
  return withoutVpc(world, name);
}

function dependenciesOf(world: World, vpc: Vpc): string[] {
  const subnets = Object.values(vpc.subnets).map((subnet) => `subnet ${vpc.name}/${subnet.name} (${subnet.cidr})`);
  const instances = instancesOf(vpc).map((instance) => `instance ${vpc.name}/${instance.name} (${instance.address})`);
  const acls = aclsOf(vpc).map((name) => `network ACL ${vpc.name}/${name}`);
  const peerings = peeringsOf(world, vpc.name).map(({ peering, other }) => `peering ${peering.name} with ${other.vpc}`);
  return [...instances, ...subnets, ...acls, ...peerings, ...(vpc.internetGateway ? [`internet gateway of ${vpc.name}`] : [])];
}

/** The default ACL goes with its VPC, as in EC2. */
const aclsOf = (vpc: Vpc): string[] => Object.keys(vpc.networkAcls ?? {}).filter((name) => name !== defaultAcl);

function contentsOf(world: World, vpc: Vpc): string {
  const instances = instancesOf(vpc).length;
  const peerings = peeringsOf(world, vpc.name).length;
  const parts = [
    count(Object.keys(vpc.subnets).length, "subnet"),
    ...(instances > 0 ? [count(instances, "instance")] : []),
    ...(aclsOf(vpc).length > 0 ? [count(aclsOf(vpc).length, "network ACL")] : []),
    ...(peerings > 0 ? [count(peerings, "peering")] : []),
    ...(vpc.internetGateway ? ["an internet gateway"] : []),
  ];
  return parts.length === 1 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;
