import { cidrRange, tryParseCidr4, valueOf, type Cidr4 } from "../model/cidr.ts";
import { refuseProblems, VpcctlError, type Problem } from "../model/errors.ts";
import { rangeProblem } from "../model/limits.ts";
import { defaultPublicPool, longestPoolPrefix, publicAddressesIn, publicPoolOf } from "../model/public-pool.ts";
import type { World } from "../model/world.ts";
import { vpcsInPool } from "./pool-overlap.ts";

export interface PublicPoolInput {
  readonly cidr: string;
}

/**
 * Another block for public addresses. The same again is no change. Throws InvalidParameterValue, also for a block that a VPC has a part of,
 * and DependencyViolation while addresses of the old one are in use.
 */
export function setPublicPool(world: World, { cidr }: PublicPoolInput): World {
  const pool = valueOf(tryParseCidr4(cidr));
  const before = publicPoolOf(world);
  if (pool === before) return world;
  const problems = unfitReasons(world, pool).map((why): Problem => ({ code: "InvalidParameterValue", message: `${pool} cannot be the public pool: ${why}.`, hint }));
  const inUse = [...new Set(publicAddressesIn(world))];
  if (inUse.length > 0) {
    const problem: Problem = {
      code: "DependencyViolation",
      message: `${inUse.length} public address${inUse.length === 1 ? "" : "es"} of ${before} ${inUse.length === 1 ? "is" : "are"} in use.`,
      hint: "Give them back first: vpcctl disable-internet, vpcctl delete-nat-gateway, vpcctl release-address (see vpcctl addresses).",
    };
    if (problems.length === 0) throw new VpcctlError({ ...problem, details: inUse });
    problems.push(problem);
  }
  refuseProblems(problems);
  const { publicPool: _, ...rest } = world;
  return pool === defaultPublicPool ? rest : { ...rest, publicPool: pool };
}

const hint = `A pool needs three addresses for itself; choose a block that nothing else around here uses. The default is ${defaultPublicPool}.`;

/** Each as the end of a sentence. */
function unfitReasons(world: World, pool: Cidr4): string[] {
  const why = cidrRange(pool).prefix > longestPoolPrefix ? `it is smaller than a /${longestPoolPrefix}` : rangeProblem(pool);
  return [...(why === undefined ? [] : [why]), ...vpcsInPool(world, pool)];
}
