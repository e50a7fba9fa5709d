import { requireVpc } from "../model/lookup.ts";
import { findInstance, type Vpc, type World } from "../model/world.ts";
import { withoutFaultsAt } from "./fault.ts";
import { withoutInstances, withVpc } from "./replace.ts";
import type { InstanceInput } from "./stop-instance.ts";

/**
 * Takes an instance away with what runs in it. Its Elastic IP stays allocated, and routes to it lead nowhere. One that does not exist is
 * no change, so it can be run again. Throws InvalidVpcID.NotFound.
 */
export function terminateInstance(world: World, { vpc: vpcName, name }: InstanceInput): World {
  const vpc = requireVpc(world, vpcName);
  return findInstance(vpc, name) === undefined ? world : terminated(world, vpc, new Set([name]));
}

/** The World without these instances of the VPC, and without what was theirs alone. */
export function terminated(world: World, vpc: Vpc, names: ReadonlySet<string>): World {
  return withVpc(withoutAssociations(world, vpc.name, names), withoutFaultsAt(withoutInstances(vpc, names), (place) => "instance" in place && names.has(place.instance)));
}

function withoutAssociations(world: World, vpc: string, names: ReadonlySet<string>): World {
  const theirs = Object.values(world.elasticIps ?? {}).filter(({ association: owner }) => owner?.vpc === vpc && "instance" in owner && names.has(owner.instance));
  if (theirs.length === 0) return world;
  const free = theirs.map((elasticIp) => {
    const { association: _, ...rest } = elasticIp;
    return [rest.name, rest] as const;
  });
  return { ...world, elasticIps: { ...world.elasticIps, ...Object.fromEntries(free) } };
}
