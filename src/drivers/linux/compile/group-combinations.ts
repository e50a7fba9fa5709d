// Which groups somebody has together, and the number of each such combination.
import { VpcctlError } from "../../../model/errors.ts";
import { defaultGroup } from "../../../model/security-group.ts";
import type { Vpc } from "../../../model/world.ts";
import { attachmentFacts, type AttachmentFacts } from "./attachment-facts.ts";

/** Number of a combination of groups: 31 bits of a hash, and the highest set, so that it is never the mark of a route table. */
export function identityOf(vpc: string, groups: readonly string[]): number {
  const name = `${vpc} ${groups.toSorted().join(" ")}`;
  return (0x80000000 | new DataView(new Bun.CryptoHasher("sha256").update(name).digest().buffer).getUint32(0)) >>> 0;
}

// Asked for by each group.
const known = new WeakMap<AttachmentFacts, readonly (readonly string[])[]>();

/**
 * The combinations that somebody in the VPC has, each once and in order. Whoever is in no group that was named is in `default`.
 * Throws HostConflict when two have one number.
 */
export function combinationsOf(vpc: Vpc): readonly (readonly string[])[] {
  const facts = attachmentFacts(vpc);
  const before = known.get(facts);
  if (before !== undefined) return before;
  const all = findCombinations(vpc, facts);
  known.set(facts, all);
  return all;
}

function findCombinations(vpc: Vpc, { groupLists }: AttachmentFacts): readonly (readonly string[])[] {
  const combinations = new Map([...groupLists].map((list = [defaultGroup]): [string, readonly string[]] => [list.toSorted().join(" "), list.toSorted()]));
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
