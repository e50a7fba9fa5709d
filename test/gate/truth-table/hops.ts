// Partitions, as the oracle sees them.
import type { Fault, FaultPlace } from "../../../src/model/fault.ts";
import type { Node } from "./nodes.ts";

/** One end of a step: a node, a NAT gateway (its subnet), or neither: the edge of the VPC. */
export interface Hop {
  readonly node?: Node;
  readonly subnet?: string | undefined;
}

export function isThere(place: FaultPlace, hop: Hop): boolean {
  if ("subnet" in place) return (hop.node?.subnet ?? hop.subnet) === place.subnet;
  return hop.node?.instance === place.instance;
}

export function cuts(fault: Fault, [from, to, source, destination]: readonly [Hop, Hop, Hop, Hop]): boolean {
  if (fault.kind !== "partition") return false;
  const { a, b } = fault;
  if (b === undefined) return isThere(a, from) !== isThere(a, to);
  const between = (x: Hop, y: Hop) => (isThere(a, x) && isThere(b, y)) || (isThere(b, x) && isThere(a, y));
  return between(from, to) || between(source, destination);
}
