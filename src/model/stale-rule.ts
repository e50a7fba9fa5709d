import { peeringBetween } from "./peering.ts";
import { findSecurityGroup, type SecurityRule } from "./security-group.ts";
import { findVpc, type World } from "./world.ts";

/** Does the rule of a VPC's group name one of another VPC that is gone, or is not peered any more? Then it lets nobody through (EC2: stale). */
export function isStale(world: World, vpc: string, { peer }: SecurityRule): boolean {
  if (peer.kind !== "group" || peer.vpc === undefined) return false;
  const other = findVpc(world, peer.vpc);
  const isGone = other === undefined || findSecurityGroup(other, peer.group) === undefined;
  return isGone || peeringBetween(world, vpc, peer.vpc)?.status !== "active";
}
