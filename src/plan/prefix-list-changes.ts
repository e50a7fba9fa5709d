import type { PrefixList } from "../model/prefix-list.ts";
import type { World } from "../model/world.ts";
import type { Change } from "./change.ts";
import { change, differing } from "./differences.ts";

/** What changed about the prefix lists, which belong to no VPC. */
export function* prefixListChanges(before: World, after: World): Generator<Change> {
  for (const [old, now, name] of differing(before.prefixLists, after.prefixLists)) yield* change(`prefix list ${name}`, old && listText(old), now && listText(now));
}

const listText = ({ cidrs }: PrefixList): string => (cidrs.length === 0 ? "no CIDRs" : cidrs.join(", "));
