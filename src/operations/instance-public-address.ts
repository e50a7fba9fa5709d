// The public address of an instance: an Elastic IP stays with it, one of the pool comes with each start and goes with each stop, as in EC2.
import type { Ipv4 } from "../model/cidr.ts";
import { VpcctlError } from "../model/errors.ts";
import type { Instance } from "../model/instance.ts";
import { freePublicAddress, publicPoolOf } from "../model/public-pool.ts";
import type { World } from "../model/world.ts";

/** Throws AddressLimitExceeded when the pool has none left. */
export function newPublicAddress(world: World): Ipv4 {
  const address = freePublicAddress(world);
  if (address !== undefined) return address;
  throw new VpcctlError({
    code: "AddressLimitExceeded",
    message: `The pool ${publicPoolOf(world)} has no public address left.`,
    hint: "See who has them, and which nobody has: vpcctl addresses",
  });
}

/** Is the instance's public address one that stays with it? */
export function hasElasticIp(world: World, vpc: string, instance: string): boolean {
  return Object.values(world.elasticIps ?? {}).some(({ association: owner }) => owner?.vpc === vpc && "instance" in owner && owner.instance === instance);
}

export function withoutPublicAddress(instance: Instance): Instance {
  const { publicAddress: _, ...rest } = instance;
  return rest;
}
