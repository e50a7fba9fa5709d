// The public pool and the VPCs share no address. Inside its VPC such an address is local: nobody there would reach its owner outside, nor
// answer the host, which is known by the pool's first address.
import { overlaps, type Cidr4 } from "../model/cidr.ts";
import type { Problem } from "../model/errors.ts";
import { publicPoolOf } from "../model/public-pool.ts";
import { cidrsOf } from "../model/vpc-cidrs.ts";
import type { World } from "../model/world.ts";

/** Why no VPC may have this block now. */
export function poolOverlapProblems(world: World, block: Cidr4): Problem[] {
  const pool = publicPoolOf(world);
  if (!overlaps(pool, block)) return [];
  const message = `A VPC cannot have ${block}: it overlaps ${pool}, the pool of public addresses.`;
  return [{ code: "InvalidVpc.Range", message, hint: "Choose another block, or another pool: vpcctl set-public-pool CIDR" }];
}

/** Why this block cannot be the pool now, as ends of a sentence: one for each block of a VPC that it overlaps. */
export const vpcsInPool = ({ vpcs }: World, pool: Cidr4): string[] =>
  Object.values(vpcs).flatMap((vpc) => cidrsOf(vpc).flatMap((cidr) => (overlaps(cidr, pool) ? [`VPC ${vpc.name} has ${cidr}`] : [])));
