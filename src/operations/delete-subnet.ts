import { requireVpc } from "../model/lookup.ts";
import { findSubnet, type World } from "../model/world.ts";
import { withoutIdleInternet } from "./disable-internet.ts";
import { withoutSubnet, withVpc } from "./replace.ts";

export interface DeleteSubnetInput {
  readonly vpc: string;
  readonly name: string;
}

/** Takes a subnet away, public or not. One that does not exist is no change, so a delete can be run again. Throws InvalidVpcID.NotFound. */
export function deleteSubnet(world: World, { vpc: vpcName, name }: DeleteSubnetInput): World {
  const vpc = requireVpc(world, vpcName);
  if (findSubnet(vpc, name) === undefined) return world;
  return withVpc(world, withoutIdleInternet(withoutSubnet(vpc, name)));
}
