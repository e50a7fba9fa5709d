// Which groups somebody has together, and the number of each such combination.
import { VpcctlError } from "../../../model/errors.ts";
import { instancesOf } from "../../../model/instance.ts";
import { defaultGroup } from "../../../model/security-group.ts";
import type { Vpc } from "../../../model/world.ts";

/** Number of a combination of groups: 31 bits of a hash, and the highest set, so that it is never the mark of a route table. */
export function identityOf(vpc: string, groups: readonly string[]): number {
  const name = `${vpc} ${groups.toSorted().join(" ")}`;
  return (0x80000000 | new DataView(new Bun.CryptoHasher("sha256").update(name).digest().buffer).getUint32(0)) >>> 0;
}

interface Combinations {
  readonly instances: unknown;
  readonly all: readonly (readonly string[])[];
}

// A command that leaves the attachments alone compiles two Worlds with the same ones.
const known = new WeakMap<Vpc["subnets"], Combinations>();

/**
 * The combinations that somebody in the VPC has, each once and in order. Whoever is in no group that was named is in `default`.
 * Throws HostConflict when two have one number.
 */
export function combinationsOf(vpc: Vpc): readonly (readonly string[])[] {
  const before = known.get(vpc.subnets);
  if (before !== undefined && before.instances === vpc.instances) return before.all;
  const all = findCombinations(vpc);
  known.set(vpc.subnets, { instances: vpc.instances, all });
  return all;
}

function findCombinations(vpc: Vpc): readonly (readonly string[])[] {
  const lists = new Set<readonly string[] | undefined>();
  for (const name in vpc.subnets) lists.add(vpc.subnets[name]?.securityGroups);
  for (const { securityGroups } of instancesOf(vpc)) lists.add(securityGroups);
  const combinations = new Map([...lists].map((list = [defaultGroup]): [string, readonly string[]] => [list.toSorted().join(" "), list.toSorted()]));
  const all = [...combinations.values()];
  // As good as always there is one, and a hash for each VPC of a thousand is felt.
  if (all.length === 1 || new Set(all.map((groups) => identityOf(vpc.name, groups))).size === all.length) return all;
  throw new VpcctlError({
    code: "HostConflict",
    message: `Two combinations of security groups of VPC ${vpc.name} have the same number.`,
    hint: "Give one of the groups another name.",
  });
}

/** All combinations that hold the group. */
export const combinationsWith = (vpc: Vpc, group: string): readonly (readonly string[])[] => combinationsOf(vpc).filter((groups) => groups.includes(group));
