import { attachmentsOf } from "../model/attachment.ts";
import { VpcctlError } from "../model/errors.ts";
import { requireVpc } from "../model/lookup.ts";
import type { Vpc, World } from "../model/world.ts";
import { withVpc } from "./replace.ts";

export interface GatewayInput {
  readonly vpc: string;
}

/** Gives the VPC an internet gateway; which subnets use it, route tables decide. The same again is no change. Throws InvalidVpcID.NotFound. */
export function attachInternetGateway(world: World, input: GatewayInput): World {
  const vpc = requireVpc(world, input.vpc);
  return vpc.internetGateway ? world : withVpc(world, { ...vpc, internetGateway: true });
}

/**
 * Takes the internet gateway away; routes to it stay and lead nowhere. None there is no change. Throws InvalidVpcID.NotFound, and
 * DependencyViolation while public addresses lead through it, with the whole list.
 */
export function detachInternetGateway(world: World, input: GatewayInput): World {
  const vpc = requireVpc(world, input.vpc);
  if (!vpc.internetGateway) return world;
  const mapped = mappedAddresses(vpc);
  if (mapped.length === 0) return withVpc(world, { ...vpc, internetGateway: false });
  throw new VpcctlError({
    code: "DependencyViolation",
    message: `VPC ${vpc.name} has ${mapped.length === 1 ? "1 public address that leads" : `${mapped.length} public addresses that lead`} through its internet gateway.`,
    hint: `Take them away first: vpcctl disable-internet, vpcctl disassociate-address, vpcctl delete-nat-gateway (see vpcctl describe ${vpc.name})`,
    details: mapped,
  });
}

/** Every public address of the VPC and whose it is. */
export function mappedAddresses(vpc: Vpc): string[] {
  const attached = attachmentsOf(vpc).flatMap(({ path, publicAddress, instance }) =>
    publicAddress === undefined ? [] : [`${publicAddress} of ${instance === undefined ? "subnet" : "instance"} ${vpc.name}/${instance?.name ?? path}`],
  );
  const gateways = Object.values(vpc.natGateways ?? {}).map(({ name, publicAddress }) => `${publicAddress} of NAT gateway ${vpc.name}/${name}`);
  return [...attached, ...gateways];
}

/** Gives the VPC a way out for IPv6 that lets only answers back in. The same again is no change. Throws InvalidVpcID.NotFound. */
export function createEgressOnlyInternetGateway(world: World, input: GatewayInput): World {
  const vpc = requireVpc(world, input.vpc);
  return vpc.egressOnlyInternetGateway === true ? world : withVpc(world, { ...vpc, egressOnlyInternetGateway: true });
}

/** Takes it away; routes to it stay and lead nowhere. None there is no change. Throws InvalidVpcID.NotFound. */
export function deleteEgressOnlyInternetGateway(world: World, input: GatewayInput): World {
  const { egressOnlyInternetGateway, ...vpc } = requireVpc(world, input.vpc);
  return egressOnlyInternetGateway === undefined ? world : withVpc(world, vpc);
}
