import { cidrsOverlap, tryParseCidr, type Cidr } from "../cidr-any.ts";
import { limits } from "../limits.ts";
import { peeringsOf, type Peering } from "../peering.ts";
import { blocksOf } from "../vpc-cidrs.ts";
import { findVpc, type Named, type Vpc, type World } from "../world.ts";
import { checkRecord, checkUnique, isRecord, type Fields, type Problems } from "./checks.ts";

const statuses: readonly unknown[] = ["pending-acceptance", "active"] satisfies Peering["status"][];

/** All peerings of a World whose other parts have been checked. */
export function checkPeerings(world: Fields, problems: Problems): void {
  const peerings = checkRecord(world["peerings"], "peerings", "peering", problems, checkPeering);
  checkUnique(peerings, "number", 1, limits.peerings.value, "peerings", problems);
  if (problems.found.length === 0) checkPairs(world as unknown as World, problems);
}

function checkPeering(peering: Fields, path: string, problems: Problems): void {
  if (!statuses.includes(peering["status"])) problems.add(`${path}.status`, "is neither pending-acceptance nor active");
  for (const side of ["requester", "accepter"]) checkSide(peering[side], `${path}.${side}`, problems);
}

function checkSide(side: unknown, path: string, problems: Problems): void {
  if (!isRecord(side)) {
    problems.add(path, "is not an object");
    return;
  }
  if (typeof side["vpc"] !== "string") problems.add(`${path}.vpc`, "is not a name");
  const { cidrs } = side;
  if (cidrs === undefined) return;
  if (!Array.isArray(cidrs)) {
    problems.add(`${path}.cidrs`, "is not a list");
    return;
  }
  const known: Cidr[] = [];
  for (const [at, text] of cidrs.entries()) {
    const parsed = tryParseCidr(String(text));
    if ("problem" in parsed) problems.add(`${path}.cidrs[${at}]`, `is wrong: ${parsed.problem.message}`);
    else if (known.some((other) => cidrsOverlap(other, parsed.value))) problems.add(`${path}.cidrs[${at}]`, `is ${parsed.value}, which overlaps another`);
    else known.push(parsed.value);
  }
}

/** What needs the peerings and their VPCs together. */
function checkPairs(world: World, problems: Problems): void {
  const { peerings = {} } = world;
  for (const { name, requester, accepter } of Object.values(peerings)) {
    const [one, other] = [findVpc(world, requester.vpc), findVpc(world, accepter.vpc)];
    if (one === undefined) problems.add(`peerings.${name}.requester.vpc`, `names ${requester.vpc}, which does not exist`);
    if (other === undefined) problems.add(`peerings.${name}.accepter.vpc`, `names ${accepter.vpc}, which does not exist`);
    if (one === undefined || other === undefined) continue;
    if (one === other) problems.add(`peerings.${name}`, "connects a VPC with itself");
    else if (overlap(one, other)) problems.add(`peerings.${name}`, "connects two VPCs that overlap");
  }
  checkPartners(world, peerings, problems);
}

const overlap = (one: Vpc, other: Vpc): boolean => blocksOf(one).some((block) => blocksOf(other).some((another) => cidrsOverlap(block, another)));

/** No two VPCs have two peerings. */
function checkPartners(world: World, peerings: Named<Peering>, problems: Problems): void {
  for (const { name, requester, accepter } of Object.values(peerings)) {
    const first = peeringsOf(world, requester.vpc).find(({ other }) => other.vpc === accepter.vpc)?.peering.name;
    if (first !== undefined && first !== name) problems.add(`peerings.${name}`, `connects the VPCs that ${first} connects`);
  }
}
