import { VpcctlError } from "../model/errors.ts";
import { requirePeering } from "../model/lookup.ts";
import { findPeering } from "../model/peering.ts";
import type { World } from "../model/world.ts";
import { withoutPeerings, withPeering } from "./replace.ts";

export interface PeeringInput {
  readonly name: string;
}

/** From now on packets may pass, where routes lead over it. Accepted again is no change. Throws InvalidVpcPeeringConnectionID.NotFound. */
export function acceptPeering(world: World, { name }: PeeringInput): World {
  const peering = requirePeering(world, name);
  return peering.status === "active" ? world : withPeering(world, { ...peering, status: "active" });
}

/** Takes a request away that was not accepted. One that does not exist is no change. Throws InvalidStateTransition. */
export function rejectPeering(world: World, { name }: PeeringInput): World {
  const peering = findPeering(world, name);
  if (peering?.status === "active") {
    throw new VpcctlError({
      code: "InvalidStateTransition",
      message: `Peering ${name} is accepted already, so it cannot be rejected.`,
      hint: `To end it: vpcctl delete-peering ${name}`,
    });
  }
  return deletePeering(world, { name });
}

/** Ends a peering, or takes the request away. Routes over it stay, as blackholes. One that does not exist is no change. */
export function deletePeering(world: World, { name }: PeeringInput): World {
  return findPeering(world, name) === undefined ? world : withoutPeerings(world, new Set([name]));
}
