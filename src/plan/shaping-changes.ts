import { sayPlace, type FaultPlace } from "../model/fault.ts";
import { sayShaping, type Shaping } from "../model/shaping.ts";
import type { Vpc } from "../model/world.ts";
import type { Change } from "./change.ts";
import { change, differing } from "./differences.ts";

/** Which wires were made slow, and which are not any more. */
export function* shapingChanges(vpc: string, before: Vpc | undefined, after: Vpc | undefined): Generator<Change> {
  for (const [old, now, name] of differing(before?.subnets, after?.subnets)) yield* wireChange(vpc, { subnet: name }, old?.shaping, now?.shaping);
  for (const [old, now, name] of differing(before?.instances, after?.instances)) yield* wireChange(vpc, { instance: name }, old?.shaping, now?.shaping);
}

function* wireChange(vpc: string, place: FaultPlace, before: Shaping | undefined, after: Shaping | undefined): Generator<Change> {
  if (before !== after) yield* change(`wire of ${sayPlace(vpc, place)}`, before && sayShaping(before), after && sayShaping(after));
}
