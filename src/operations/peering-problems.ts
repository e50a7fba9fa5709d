// What stands against a peering.
import { cidrContains, cidrsOverlap, tryParseCidr, type Cidr } from "../model/cidr-any.ts";
import type { Problem } from "../model/errors.ts";
import { limits } from "../model/limits.ts";
import { peeringBetween, peeringsOf } from "../model/peering.ts";
import { blocksOf } from "../model/vpc-cidrs.ts";
import type { Vpc, World } from "../model/world.ts";

/** The blocks that a side is to be limited to, without those that lie in others; `undefined` when none is named. */
export function parseLimits(texts: readonly string[] | undefined, problems: Problem[]): readonly Cidr[] | undefined {
  if (texts === undefined || texts.length === 0) return undefined;
  const cidrs = new Set<Cidr>();
  for (const text of texts) {
    const parsed = tryParseCidr(text);
    if ("problem" in parsed) problems.push(parsed.problem);
    else cidrs.add(parsed.value);
  }
  return [...cidrs].filter((cidr) => ![...cidrs].some((other) => other !== cidr && cidrContains(other, cidr)));
}

/** Only blocks of the VPC can be let in and out of it. */
export function outsideProblems(vpc: Vpc, cidrs: readonly Cidr[] | undefined): Problem[] {
  const blocks = blocksOf(vpc);
  return (cidrs ?? [])
    .filter((cidr) => !blocks.some((block) => cidrContains(block, cidr)))
    .map((cidr) => ({
      code: "InvalidParameterValue",
      message: `${cidr} is not inside VPC ${vpc.name}, which has ${blocks.join(", ")}.`,
      hint: "A peering can be limited to blocks of its own two VPCs, the whole of them or parts.",
    }));
}

/** What stands against a new peering of two different VPCs. */
export function pairProblems(world: World, requester: Vpc, accepter: Vpc): Problem[] {
  return [...overlapProblems(requester, accepter), ...existingProblems(world, requester, accepter), ...limitProblems(world, requester, accepter)];
}

function overlapProblems(requester: Vpc, accepter: Vpc): Problem[] {
  const others = blocksOf(accepter);
  const pairs = blocksOf(requester).flatMap((block) => others.filter((other) => cidrsOverlap(block, other)).map((other) => `${block} and ${other}`));
  if (pairs.length === 0) return [];
  return [{
    code: "OperationNotPermitted",
    message: `VPCs ${requester.name} and ${accepter.name} overlap: ${pairs.join(", ")}.`,
    hint: "No router could tell their addresses apart; EC2 calls such a request `failed`. Only VPCs with other CIDRs can be peered.",
  }];
}

function existingProblems(world: World, requester: Vpc, accepter: Vpc): Problem[] {
  const other = peeringBetween(world, requester.name, accepter.name);
  if (other === undefined) return [];
  return [{
    code: "VpcPeeringConnectionAlreadyExists",
    message: `VPCs ${requester.name} and ${accepter.name} have peering ${other.name} (${other.status}) already.`,
    hint: `Use that one, or take it away first: vpcctl delete-peering ${other.name}`,
  }];
}

function limitProblems(world: World, requester: Vpc, accepter: Vpc): Problem[] {
  const problems: Problem[] = [];
  const add = (message: string, hint: string): number => problems.push({ code: "VpcPeeringConnectionsPerVpcLimitExceeded", message, hint });
  for (const { name } of [requester, accepter]) {
    const count = peeringsOf(world, name).length;
    if (count >= limits.peeringsPerVpc.value) add(`VPC ${name} has ${count} peerings, and no more fit.`, limits.peeringsPerVpc.why);
  }
  const all = Object.keys(world.peerings ?? {}).length;
  if (all >= limits.peerings.value) add(`There are ${all} peerings, and no more fit.`, limits.peerings.why);
  return problems;
}
