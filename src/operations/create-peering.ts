import { VpcctlError, refuseProblems, type Problem } from "../model/errors.ts";
import { requireVpc } from "../model/lookup.ts";
import { findPeering, type Peering, type PeeringSide } from "../model/peering.ts";
import type { World } from "../model/world.ts";
import { nameProblems } from "./check-input.ts";
import { outsideProblems, pairProblems, parseLimits } from "./peering-problems.ts";
import { smallestFree, withPeering } from "./replace.ts";

export interface PeeringLimits {
  /** Only these blocks of the requester may use it. */
  readonly requesterCidrs?: readonly string[];
  /** Only these blocks of the accepter. */
  readonly accepterCidrs?: readonly string[];
}

export interface CreatePeeringInput extends PeeringLimits {
  readonly name: string;
  readonly requester: string;
  readonly accepter: string;
  /** At once. */
  readonly accept?: boolean;
}

/**
 * Asks for a peering of two VPCs; nothing passes before it is accepted. The same again is no change.
 * Throws InvalidParameterValue, InvalidVpcID.NotFound, OperationNotPermitted (their CIDRs overlap), VpcPeeringConnectionAlreadyExists,
 * VpcPeeringConnectionsPerVpcLimitExceeded, InvalidVpcPeeringConnection.Duplicate.
 */
export function createPeering(world: World, input: CreatePeeringInput): World {
  const { name, accept = false } = input;
  const problems: Problem[] = [...nameProblems("peering", name)];
  const requester = side(input.requester, input.requesterCidrs, problems);
  const accepter = side(input.accepter, input.accepterCidrs, problems);
  if (requester.vpc === accepter.vpc) {
    problems.push({ code: "InvalidParameterValue", message: `VPC ${requester.vpc} cannot be peered with itself.`, hint: "Its subnets reach each other already." });
  }
  refuseProblems(problems);

  const vpcs = [requireVpc(world, requester.vpc), requireVpc(world, accepter.vpc)] as const;
  const existing = findPeering(world, name);
  if (existing !== undefined) return again(world, existing, { requester, accepter }, accept);
  refuseProblems([...pairProblems(world, ...vpcs), ...outsideProblems(vpcs[0], requester.cidrs), ...outsideProblems(vpcs[1], accepter.cidrs)]);

  const number = smallestFree(Object.values(world.peerings ?? {}).map((peering) => peering.number), 1);
  return withPeering(world, { name, number, requester, accepter, status: accept ? "active" : "pending-acceptance" });
}

function side(vpc: string, texts: readonly string[] | undefined, problems: Problem[]): PeeringSide {
  const cidrs = parseLimits(texts, problems);
  return cidrs === undefined ? { vpc } : { vpc, cidrs };
}

function again(world: World, existing: Peering, wanted: Pick<Peering, "requester" | "accepter">, accept: boolean): World {
  if (sameSide(existing.requester, wanted.requester) && sameSide(existing.accepter, wanted.accepter)) {
    return accept && existing.status !== "active" ? withPeering(world, { ...existing, status: "active" }) : world;
  }
  throw new VpcctlError({
    code: "InvalidVpcPeeringConnection.Duplicate",
    message: `Peering ${existing.name} exists and connects ${pairText(existing)}, not ${pairText(wanted)}.`,
    hint: `Choose another name, or take it away first: vpcctl delete-peering ${existing.name}`,
  });
}

const pairText = ({ requester, accepter }: Pick<Peering, "requester" | "accepter">): string => `${sideText(requester)} and ${sideText(accepter)}`;

/** The same VPC with the same blocks, in whatever order. */
const sameSide = (a: PeeringSide, b: PeeringSide): boolean => a.vpc === b.vpc && blocksText(a) === blocksText(b);

const blocksText = ({ cidrs }: PeeringSide): string => cidrs?.toSorted().join(", ") ?? "";

/** `company-a`, or `company-a (only 10.0.1.0/24)`. */
export const sideText = (one: PeeringSide): string => (one.cidrs === undefined ? one.vpc : `${one.vpc} (only ${one.cidrs.join(", ")})`);
