import { hasWayOut } from "../../model/gateways.ts";
import { findVpc, type World } from "../../model/world.ts";

/** Ends a sentence about a public address of somebody in this subnet: with what it still lacks, if the subnet has no way out. */
export function untilWayOut(world: World, vpcName: string, subnet: string, what: "It" | "That address"): string {
  const vpc = findVpc(world, vpcName);
  if (vpc === undefined || hasWayOut(world, vpc, subnet)) return ".";
  return `. ${what} does not work until its subnet has a route to an internet gateway: vpcctl enable-internet ${vpcName} ${subnet}`;
}
