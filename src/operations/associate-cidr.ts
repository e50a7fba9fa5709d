import { contains, isCidr4, overlaps, parseCidr4, valueOf, type Cidr4 } from "../model/cidr.ts";
import { refuseProblems, VpcctlError, type Problem } from "../model/errors.ts";
import { limits } from "../model/limits.ts";
import { listOf } from "../model/list-destination.ts";
import { requireVpc } from "../model/lookup.ts";
import { peeringsOf } from "../model/peering.ts";
import { cidrsOf } from "../model/vpc-cidrs.ts";
import { findVpc, type Vpc, type World } from "../model/world.ts";
import { parseVpcCidr } from "./check-input.ts";
import { poolOverlapProblems } from "./pool-overlap.ts";
import { withVpc } from "./replace.ts";

export interface AssociateCidrInput {
  readonly vpc: string;
  readonly cidr: string;
  /** Takes sizes that EC2 does not. */
  readonly anyPrefix?: boolean;
  /** Takes ranges that EC2 does not mix with the VPC's own. */
  readonly anyRange?: boolean;
}

/**
 * Adds a block of addresses to a VPC; subnets can be made of it at once. The same again is no change.
 * Throws InvalidParameterValue, InvalidVpcID.NotFound, InvalidVpc.Range, CidrLimitExceeded.
 */
export function associateCidr(world: World, { vpc: name, cidr, anyPrefix = false, anyRange = false }: AssociateCidrInput): World {
  const block = valueOf(parseVpcCidr(cidr, anyPrefix));
  const vpc = requireVpc(world, name);
  if (cidrsOf(vpc).includes(block)) return world;
  const problems = [...overlapProblems(world, vpc, block), ...poolOverlapProblems(world, block), ...routeProblems(vpc, block), ...(anyRange ? [] : rangeProblems(vpc, block))];
  const count = cidrsOf(vpc).length;
  if (count >= limits.cidrsPerVpc.value) {
    problems.push({ code: "CidrLimitExceeded", message: `VPC ${name} has ${count} CIDRs, and no more fit.`, hint: limits.cidrsPerVpc.why });
  }
  refuseProblems(problems);
  return withVpc(world, { ...vpc, secondaryCidrs: [...(vpc.secondaryCidrs ?? []), block] });
}

function overlapProblems(world: World, vpc: Vpc, block: Cidr4): Problem[] {
  const hint = "Choose a block beside those that the VPC has.";
  const own = cidrsOf(vpc)
    .filter((other) => overlaps(other, block))
    .map((other): Problem => ({ code: "InvalidVpc.Range", message: `${block} overlaps ${other}, which VPC ${vpc.name} has.`, hint }));
  const peers = peeringsOf(world, vpc.name).flatMap(({ peering, other }) => {
    const cidrs = findVpc(world, other.vpc);
    const hit = cidrs && cidrsOf(cidrs).find((cidr) => overlaps(cidr, block));
    if (hit === undefined) return [];
    const message = `${block} overlaps ${hit} of VPC ${other.vpc}, which peering ${peering.name} connects with ${vpc.name}.`;
    return [{ code: "InvalidVpc.Range", message, hint: `Choose another block, or end the peering first: vpcctl delete-peering ${peering.name}` } as const];
  });
  return [...own, ...peers];
}

/** EC2's rule: a route that is there must not come to lie inside the new local one. */
function routeProblems(vpc: Vpc, block: Cidr4): Problem[] {
  return Object.values(vpc.routeTables).flatMap((table) =>
    table.routes.flatMap(({ destination }): Problem[] => {
      // What a list says of the inside of a VPC does not count.
      if (listOf(destination) !== undefined || !isCidr4(destination) || !contains(block, destination)) return [];
      const message = `Route table ${vpc.name}/${table.name} has a route to ${destination}, which lies in ${block}.`;
      return [{ code: "InvalidVpc.Range", message, hint: `Choose a smaller block, or take the route away first: vpcctl delete-route ${vpc.name} ${table.name} ${destination}` }];
    }),
  );
}

const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map(parseCidr4);

/** EC2's table of restrictions: a VPC of one private range takes no block of another. */
function rangeProblems(vpc: Vpc, block: Cidr4): Problem[] {
  const home = privateRanges.find((range) => overlaps(range, vpc.cidr));
  const strange = privateRanges.find((range) => overlaps(range, block));
  if (home === undefined || strange === undefined || home === strange) return [];
  return [{
    code: "InvalidVpc.Range",
    message: `${block} is of ${strange}, and VPC ${vpc.name} is of ${home}; EC2 does not mix private ranges.`,
    hint: `Choose a block of ${home}, or a public one; --any-range lifts this.`,
  }];
}

export interface DisassociateCidrInput {
  readonly vpc: string;
  readonly cidr: string;
}

/**
 * Takes a block from a VPC again. One that the VPC does not have is no change.
 * Throws InvalidParameterValue, InvalidVpcID.NotFound, OperationNotPermitted (the primary one), InvalidCidrBlock.InUse with the subnets in it.
 */
export function disassociateCidr(world: World, { vpc: name, cidr }: DisassociateCidrInput): World {
  const block = parseCidr4(cidr);
  const { secondaryCidrs = [], ...vpc } = requireVpc(world, name);
  if (vpc.cidr === block) {
    throw new VpcctlError({
      code: "OperationNotPermitted",
      message: `${block} is the primary CIDR of VPC ${name}; it cannot be taken away.`,
      hint: `It goes with the VPC: vpcctl delete-vpc ${name}`,
    });
  }
  if (!secondaryCidrs.includes(block)) return world;
  const inside = Object.values(vpc.subnets).filter((subnet) => contains(block, subnet.cidr));
  if (inside.length > 0) {
    throw new VpcctlError({
      code: "InvalidCidrBlock.InUse",
      message: `VPC ${name} has ${inside.length} subnet${inside.length === 1 ? "" : "s"} in ${block}: ${inside.map((subnet) => subnet.name).join(", ")}.`,
      hint: `Take them away first: vpcctl delete-subnet ${name} ${inside[0]?.name}`,
      details: inside.map((subnet) => `subnet ${name}/${subnet.name} (${subnet.cidr})`),
    });
  }
  const left = secondaryCidrs.filter((other) => other !== block);
  return withVpc(world, left.length === 0 ? vpc : { ...vpc, secondaryCidrs: left });
}
