// Instances that are somebody else's programs, and whose namespace is gone: after a reboot, or when the program has ended and its name with it.
// There is nothing any more to put an interface into. So for this machine they are not there, as if terminated, and everything else in their
// VPC can be made and put right; the World keeps their place until the user takes them away.
import type { Instance } from "../../../model/instance.ts";
import type { Named, Vpc, World } from "../../../model/world.ts";
import { attachmentFacts } from "../compile/attachment-facts.ts";
import { isNamespaceLost } from "./lost-part.ts";

/** The very same World when nothing is lost. */
export function withoutLost(world: World): World {
  let vpcs: Named<Vpc> | undefined;
  for (const vpc of Object.values(world.vpcs)) {
    const lost = attachmentFacts(vpc).attached.filter((instance) => isNamespaceLost(vpc.name, instance));
    if (lost.length > 0) vpcs = { ...(vpcs ?? world.vpcs), [vpc.name]: without(vpc, lost) };
  }
  return vpcs === undefined ? world : { ...world, vpcs };
}

function without({ instances = {}, ...vpc }: Vpc, lost: readonly Instance[]): Vpc {
  const left = Object.entries(instances).filter(([, instance]) => !lost.includes(instance));
  return left.length === 0 ? vpc : { ...vpc, instances: Object.fromEntries(left) };
}
