// Who has which public address: the two places of the World where it is written, kept the same. An address stands at its owner (a subnet's
// own namespace or an instance); an Elastic IP names its owner as well. An Elastic IP takes the place of an address of the pool, and when
// it goes, whoever is to have a public address anyway gets another one of the pool, as in EC2.
import type { Ipv4 } from "../model/cidr.ts";
import type { AddressOwner, ElasticIp } from "../model/gateways.ts";
import { requireInstance, requireSubnet, requireVpc } from "../model/lookup.ts";
import { freePublicAddress } from "../model/public-pool.ts";
import { findInstance, findSubnet, findVpc, type World } from "../model/world.ts";
import { withElasticIp, withInstance, withSubnet, withVpc } from "./replace.ts";

/** Who can have a public address of its own. */
export type AttachmentOwner = { readonly vpc: string } & ({ readonly subnet: string } | { readonly instance: string });

/** Same owner? */
export function isSameOwner(a: AddressOwner, b: AddressOwner): boolean {
  return a.vpc === b.vpc && nameIn(a) === nameIn(b);
}

const nameIn = (owner: AddressOwner): string =>
  "instance" in owner ? `instance ${owner.instance}` : "subnet" in owner ? `subnet ${owner.subnet}` : `natGateway ${owner.natGateway}`;

/** `instance company-a/web1`, for messages. */
export function sayOwner(owner: AddressOwner): string {
  if ("instance" in owner) return `instance ${owner.vpc}/${owner.instance}`;
  return "subnet" in owner ? `subnet ${owner.vpc}/${owner.subnet}` : `NAT gateway ${owner.vpc}/${owner.natGateway}`;
}

/** The Elastic IP that the owner has. */
export function elasticIpOf(world: World, owner: AddressOwner): ElasticIp | undefined {
  return Object.values(world.elasticIps ?? {}).find(({ association }) => association !== undefined && isSameOwner(association, owner));
}

/** The World in which the owner has this public address, or none; throws InvalidVpcID.NotFound, InvalidSubnetID.NotFound, InvalidInstanceID.NotFound. */
export function withPublicAddressAt(world: World, owner: AttachmentOwner, address: Ipv4 | undefined): World {
  const vpc = requireVpc(world, owner.vpc);
  const now = address === undefined ? {} : { publicAddress: address };
  if ("subnet" in owner) {
    const { publicAddress: before, ...subnet } = requireSubnet(vpc, owner.subnet);
    return before === address ? world : withVpc(world, withSubnet(vpc, { ...subnet, ...now }));
  }
  const { publicAddress: before, ...instance } = requireInstance(vpc, owner.instance);
  return before === address ? world : withVpc(world, withInstance(vpc, { ...instance, ...now }));
}

/** The World in which the Elastic IP is nobody's. Its owner, if still there, gets another address if it is to have one. */
export function withoutAssociation(world: World, elasticIp: ElasticIp): World {
  const { association: owner, ...rest } = elasticIp;
  if (owner === undefined) return world;
  const free = withElasticIp(world, rest);
  if ("natGateway" in owner || !isThere(free, owner)) return free;
  const alone = withPublicAddressAt(free, owner, undefined);
  // The pool may be used up; then there is none, and the next start or enable-internet says so.
  return isMeantToHaveOne(alone, owner) ? withPublicAddressAt(alone, owner, freePublicAddress(alone)) : alone;
}

/** The World in which the owner has no public address, Elastic IP or not. */
export function withoutPublicAddressAt(world: World, owner: AttachmentOwner): World {
  const elasticIp = elasticIpOf(world, owner);
  return withPublicAddressAt(elasticIp === undefined ? world : withoutAssociation(world, elasticIp), owner, undefined);
}

function isThere(world: World, owner: AttachmentOwner): boolean {
  const vpc = findVpc(world, owner.vpc);
  return vpc !== undefined && ("subnet" in owner ? findSubnet(vpc, owner.subnet) : findInstance(vpc, owner.instance)) !== undefined;
}

function isMeantToHaveOne(world: World, owner: AttachmentOwner): boolean {
  const vpc = requireVpc(world, owner.vpc);
  if ("subnet" in owner) return requireSubnet(vpc, owner.subnet).mapPublicIp === true;
  const { associatePublicIp, state } = requireInstance(vpc, owner.instance);
  return associatePublicIp === true && state === "running";
}
