import { requireVpc } from "../model/lookup.ts";
import { findInstance, type Vpc, type World } from "../model/world.ts";
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
  return withVpc(withoutAssociations(world, vpc.name, names), withoutFaults(withoutInstances(vpc, names), names));
}

function withoutAssociations(world: World, vpc: string, names: ReadonlySet<string>): World {
  const theirs = Object.values(world.elasticIps ?? {}).filter(({ association: owner }) => owner?.vpc === vpc && "instance" in owner && names.has(owner.instance));
  if (theirs.length === 0) return world;
  const free = theirs.map(({ association: _, ...elasticIp }) => [elasticIp.name, elasticIp] as const);
  return { ...world, elasticIps: { ...world.elasticIps, ...Object.fromEntries(free) } };
}

/** A fault ends with the place it is at: another instance of the name is another place. */
function withoutFaults(vpc: Vpc, names: ReadonlySet<string>): Vpc {
  const places = vpc.faults?.map((fault) => ("b" in fault && fault.b !== undefined ? [fault.a, fault.b] : [fault.a]));
  const kept = vpc.faults?.filter((_, at) => !places?.[at]?.some((place) => "instance" in place && names.has(place.instance)));
  if (kept === undefined || kept.length === vpc.faults?.length) return vpc;
  const { faults: _, ...rest } = vpc;
  return kept.length === 0 ? rest : { ...rest, faults: kept };
}
