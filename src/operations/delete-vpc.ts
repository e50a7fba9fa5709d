import { VpcctlError } from "../model/errors.ts";
import { instancesOf } from "../model/instance.ts";
import { defaultAcl } from "../model/network-acl.ts";
import { peeringsOf } from "../model/peering.ts";
import { defaultGroup } from "../model/security-group.ts";
import { findVpc, mainTableOf, publicTable, type Vpc, type World } from "../model/world.ts";
import { withoutNatGateways } from "./nat-gateway.ts";
import { withElasticIp, withoutVpc } from "./replace.ts";

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
  const contents = contentsOf(world, vpc);
  const dependencies = contents.flatMap(({ things }) => things);
  if (dependencies.length > 0 && !force) {
    throw new VpcctlError({
      code: "DependencyViolation",
      message: `VPC ${name} is not empty: ${sentence(contents)}.`,
      hint: `To take it away with all that is in it: vpcctl delete-vpc ${name} --force`,
      details: dependencies,
    });
  }
  return withoutVpc(withoutAddresses(world, vpc), name);
}

/** Elastic IPs stay allocated, except those that NAT gateways got by themselves. */
function withoutAddresses(world: World, vpc: Vpc): World {
  const cleared = withoutNatGateways(world, vpc, () => true);
  const theirs = Object.values(cleared.elasticIps ?? {}).filter(({ association }) => association?.vpc === vpc.name);
  return theirs.reduce((changed, theirIp) => {
    const { association: _, ...elasticIp } = theirIp;
    return withElasticIp(changed, elasticIp);
  }, cleared);
}

/** What is in the VPC, by kind, in the order in which it would have to go. */
function contentsOf(world: World, vpc: Vpc): readonly Contents[] {
  const own = (noun: string, things: readonly { readonly name: string }[]): Contents => ({ noun, things: things.map(({ name }) => `${noun} ${vpc.name}/${name}`) });
  const once = (noun: string, isThere: boolean | undefined): Contents => ({ noun, alone: true, things: isThere === true ? [`${noun} of ${vpc.name}`] : [] });
  return [
    { noun: "instance", things: instancesOf(vpc).map(({ name, address }) => `instance ${vpc.name}/${name} (${address})`) },
    { noun: "NAT gateway", things: Object.values(vpc.natGateways ?? {}).map(({ name, publicAddress }) => `NAT gateway ${vpc.name}/${name} (${publicAddress})`) },
    { noun: "subnet", isTold: true, things: Object.values(vpc.subnets).map(({ name, cidr }) => `subnet ${vpc.name}/${name} (${cidr})`) },
    // The main one goes with its VPC, as in EC2, and `public` with the last public subnet.
    own("route table", Object.values(vpc.routeTables).filter(({ name }) => name !== mainTableOf(vpc) && name !== publicTable)),
    // The default ACL and the default group go with their VPC too.
    own("network ACL", Object.values(vpc.networkAcls ?? {}).filter(({ name }) => name !== defaultAcl)),
    own("security group", Object.values(vpc.securityGroups ?? {}).filter(({ name }) => name !== defaultGroup)),
    { noun: "peering", things: peeringsOf(world, vpc.name).map(({ peering, other }) => `peering ${peering.name} with ${other.vpc}`) },
    once("internet gateway", vpc.internetGateway),
    once("egress-only internet gateway", vpc.egressOnlyInternetGateway),
  ];
}

interface Contents {
  readonly noun: string;
  readonly things: readonly string[];
  /** There is one at most. */
  readonly alone?: true;
  /** Counted also when there is none. */
  readonly isTold?: true;
}

/** `2 subnets, 1 instance and an internet gateway`: the subnets first, as the largest. */
function sentence(contents: readonly Contents[]): string {
  const told = contents.filter(({ things, isTold }) => things.length > 0 || isTold === true).toSorted((a, b) => Number(b.isTold ?? false) - Number(a.isTold ?? false));
  const parts = told.map(({ noun, things, alone }) => (alone === true ? `an ${noun}` : `${things.length} ${noun}${things.length === 1 ? "" : "s"}`));
  return parts.length === 1 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}
