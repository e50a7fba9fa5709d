import { requireInstance, requireVpc } from "../model/lookup.ts";
import type { World } from "../model/world.ts";
import { newPublicAddress } from "./instance-public-address.ts";
import { withInstance, withVpc } from "./replace.ts";
import type { InstanceInput } from "./stop-instance.ts";

/**
 * Puts a stopped instance back on the wire, with the address it had and, if it is to have one, a new public address of the pool.
 * One that runs is no change. Throws InvalidVpcID.NotFound, InvalidInstanceID.NotFound, AddressLimitExceeded.
 */
export function startInstance(world: World, { vpc: vpcName, name }: InstanceInput): World {
  const vpc = requireVpc(world, vpcName);
  const instance = requireInstance(vpc, name);
  if (instance.state === "running") return world;
  const needsAddress = instance.associatePublicIp === true && instance.publicAddress === undefined;
  const started = { ...instance, state: "running", ...(needsAddress ? { publicAddress: newPublicAddress(world) } : {}) } as const;
  return withVpc(world, withInstance(vpc, started));
}
