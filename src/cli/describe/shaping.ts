import { instancesOf } from "../../model/instance.ts";
import { sayShaping } from "../../model/shaping.ts";
import type { Vpc } from "../../model/world.ts";

/** Rows of `describe`: each wire that is shaped. */
export function shapingRows(vpc: Vpc): string[][] {
  const subnets = Object.values(vpc.subnets).flatMap(({ name, shaping }) => (shaping === undefined ? [] : [`subnet ${name}: ${sayShaping(shaping)}`]));
  const instances = instancesOf(vpc).flatMap(({ name, shaping }) => (shaping === undefined ? [] : [`instance ${name}: ${sayShaping(shaping)}`]));
  return [...subnets, ...instances].map((text) => ["├─ shaped", text]);
}
