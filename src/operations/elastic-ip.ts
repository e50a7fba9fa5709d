import { containsAddress, tryParseIpv4, type Ipv4 } from "../model/cidr.ts";
import { refuseProblems, VpcctlError, type Problem } from "../model/errors.ts";
import type { AddressOwner, ElasticIp } from "../model/gateways.ts";
import { requireElasticIp, requireInstance, requireSubnet, requireVpc } from "../model/lookup.ts";
import { isGivable, publicAddressesIn, publicPoolOf } from "../model/public-pool.ts";
import { findNamed, type World } from "../model/world.ts";
import { nameProblems } from "./check-input.ts";
import { newPublicAddress } from "./instance-public-address.ts";
import { elasticIpOf, isSameOwner, sayOwner, withoutAssociation, withPublicAddressAt, type AttachmentOwner } from "./public-address.ts";
import { withElasticIp, withoutElasticIp } from "./replace.ts";

export interface AllocateAddressInput {
  readonly name: string;
  /** The lowest free one of the pool when absent. */
  readonly address?: string;
}

/**
 * An Elastic IP: a public address that is kept. The same again is no change.
 * Throws InvalidParameterValue, InvalidAddress.Duplicate, InvalidIPAddress.InUse, AddressLimitExceeded.
 */
export function allocateAddress(world: World, { name, address: wish }: AllocateAddressInput): World {
  const wished = wish === undefined ? undefined : tryParseIpv4(wish);
  refuseProblems([...nameProblems("Elastic IP", name), ...(wished !== undefined && "problem" in wished ? [wished.problem] : [])]);
  const asked = wished !== undefined && "value" in wished ? wished.value : undefined;
  const existing = findNamed(world.elasticIps, name);
  if (existing !== undefined) {
    if (asked === undefined || asked === existing.address) return world;
    const message = `Elastic IP ${name} exists with ${existing.address}, not ${asked}.`;
    throw new VpcctlError({ code: "InvalidAddress.Duplicate", message, hint: `Choose another name, or release it first: vpcctl release-address ${name}` });
  }
  refuseProblems(asked === undefined ? [] : poolProblems(world, asked));
  return withElasticIp(world, { name, address: asked ?? newPublicAddress(world) });
}

function poolProblems(world: World, address: Ipv4): Problem[] {
  const pool = publicPoolOf(world);
  if (!containsAddress(pool, address) || !isGivable(pool, address)) {
    const message = `${address} is not one of the addresses that the pool ${pool} has to give.`;
    return [{ code: "InvalidParameterValue", message, hint: "Its first two addresses and the last are nobody's; another pool: vpcctl set-public-pool --help" }];
  }
  for (const taken of publicAddressesIn(world)) {
    if (taken !== address) continue;
    return [{ code: "InvalidIPAddress.InUse", message: `${address} is taken.`, hint: "Choose another, or none: then the lowest free one is given." }];
  }
  return [];
}

export interface ElasticIpInput {
  readonly name: string;
}

/** Gives an Elastic IP back to the pool. One that does not exist is no change. Throws InvalidIPAddress.InUse while somebody has it. */
export function releaseAddress(world: World, { name }: ElasticIpInput): World {
  const elasticIp = findNamed(world.elasticIps, name);
  if (elasticIp === undefined) return world;
  const { association } = elasticIp;
  if (association === undefined) return withoutElasticIp(world, name);
  throw new VpcctlError({
    code: "InvalidIPAddress.InUse",
    message: `Elastic IP ${name} (${elasticIp.address}) belongs to ${sayOwner(association)}.`,
    hint: "natGateway" in association ? deleteHint(association) : `Take it away from there first: vpcctl disassociate-address ${name}`,
  });
}

const deleteHint = ({ vpc, natGateway }: AddressOwner & { natGateway: string }): string =>
  `It is free when the NAT gateway is gone: vpcctl delete-nat-gateway ${vpc} ${natGateway}`;

export interface AssociateAddressInput {
  readonly name: string;
  readonly vpc: string;
  readonly instance?: string;
  /** The subnet's own namespace instead of an instance. */
  readonly subnet?: string;
}

/**
 * Gives an Elastic IP to an instance or to a subnet's own namespace, in the place of the public address it had; whoever had the Elastic
 * IP loses it. The same again is no change. Throws MissingParameter, Gateway.NotAttached, Resource.AlreadyAssociated, and NotFound codes.
 */
export function associateAddress(world: World, input: AssociateAddressInput): World {
  const owner = ownerOf(input);
  const elasticIp = requireElasticIp(world, input.name);
  const vpc = requireVpc(world, owner.vpc);
  if ("subnet" in owner) requireSubnet(vpc, owner.subnet);
  else requireInstance(vpc, owner.instance);
  const { association } = elasticIp;
  if (association !== undefined && isSameOwner(association, owner)) return world;
  refuseProblems([...(vpc.internetGateway ? [] : [notAttached(vpc.name)]), ...boundProblems(elasticIp)]);

  const freed = withoutAssociation(world, elasticIp);
  const other = elasticIpOf(freed, owner);
  const replaced = other === undefined ? freed : withoutAssociation(freed, other);
  const given = withPublicAddressAt(replaced, owner, elasticIp.address);
  return withElasticIp(given, { ...requireElasticIp(given, input.name), association: owner });
}

/** Whom it is for: exactly one must be named. */
export function ownerOf({ vpc, instance, subnet }: AssociateAddressInput): AttachmentOwner {
  if (instance !== undefined && subnet === undefined) return { vpc, instance };
  if (subnet !== undefined && instance === undefined) return { vpc, subnet };
  throw new VpcctlError({
    code: instance === undefined ? "MissingParameter" : "InvalidParameterValue",
    message: instance === undefined ? "It is not said whom the address is for." : "An address is for an instance or for a subnet, not for both.",
    hint: "Name an instance, or a subnet with --subnet, for the subnet's own namespace.",
  });
}

function notAttached(vpc: string): Problem {
  const message = `VPC ${vpc} has no internet gateway, so a public address would lead nowhere.`;
  return { code: "Gateway.NotAttached", message, hint: `Attach one first: vpcctl attach-internet-gateway ${vpc}` };
}

function boundProblems({ name, association }: ElasticIp): Problem[] {
  if (association === undefined || !("natGateway" in association)) return [];
  return [{ code: "Resource.AlreadyAssociated", message: `Elastic IP ${name} belongs to ${sayOwner(association)}.`, hint: deleteHint(association) }];
}

/**
 * Takes an Elastic IP away from who has it; whoever is to have a public address gets another one of the pool. Nobody's is no change.
 * Throws InvalidAllocationID.NotFound, Resource.AlreadyAssociated for that of a NAT gateway.
 */
export function disassociateAddress(world: World, { name }: ElasticIpInput): World {
  const elasticIp = requireElasticIp(world, name);
  refuseProblems(boundProblems(elasticIp));
  return withoutAssociation(world, elasticIp);
}
