import type { SpecObject } from "../objects/object.ts";
import type { Hop } from "./route-hop.ts";

/** The kernel table that stands for a route table. */
export interface KernelTable {
  readonly namespace: string;
  readonly table: number;
}

/** To the hop, or nowhere. */
export function kernelRoute(kernel: KernelTable, destination: string, hop: Hop | undefined): SpecObject {
  if (hop === undefined) return blackhole(kernel, destination, "This route leads nowhere.");
  return { kind: "route", ...kernel, destination, type: "unicast", onlink: true, ...hop };
}

export const blackhole = (kernel: KernelTable, destination: string, why: string): SpecObject => ({ kind: "route", ...kernel, destination, type: "blackhole", why });
