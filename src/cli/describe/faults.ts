import { sayFault } from "../../model/fault.ts";
import type { Vpc } from "../../model/world.ts";

/** Rows for `describe`: what is broken on purpose. */
export function faultRows({ name, faults = [] }: Vpc): string[][] {
  const lines = faults.map((fault, at) => [`│  ${at === faults.length - 1 ? "└─" : "├─"} ${sayFault(name, fault)}`]);
  return lines.length === 0 ? [] : [[`├─ faults, until: vpcctl heal ${name}`], ...lines];
}
