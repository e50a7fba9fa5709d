import { requireInstance, requireVpc } from "../model/lookup.ts";
import type { World } from "../model/world.ts";
import { hasElasticIp, withoutPublicAddress } from "./instance-public-address.ts";
import { withInstance, withVpc } from "./replace.ts";

export interface InstanceInput {
  readonly vpc: string;
  readonly name: string;
}

/**
 * Ends what runs in an instance and takes it off the wire. It keeps its address and its Elastic IP, not a public address of the pool.
 * One that is stopped is no change. Throws InvalidVpcID.NotFound, InvalidInstanceID.NotFound.
 */
export function stopInstance(world: World, { vpc: vpcName, name }: InstanceInput): World {
  const vpc = requireVpc(world, vpcName);
  const instance = requireInstance(vpc, name);
  if (instance.state === "stopped") return world;
  const kept = hasElasticIp(world, vpcName, name) ? instance : withoutPublicAddress(instance);
  return withVpc(world, withInstance(vpc, { ...kept, state: "stopped" }));
}
