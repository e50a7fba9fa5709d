// What is built, by everybody alike: three plans, each as a batch file for vpcctl and as ready nftables text for the others, who then
// need not know how vpcctl writes it (and the C program spends no time on writing it).
//
//   subnets     VPC "bench" (10.0.0.0/16) cut into /26 blocks s0, s1, ...
//   instances   VPC "bench" with one subnet s0 (10.0.0.0/18) and instances i0, i1, ... in it
//   vpcs        VPCs v0, v1, ... alike (10.0.0.0/16), each with one subnet s0 (10.0.0.0/26)
//
// c-limit.c and shell-way.sh know the same plans.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nftCommandsOf, type NftObject } from "../../src/drivers/linux/apply/nft-commands-of.ts";
import { compile } from "../../src/drivers/linux/compile/compile.ts";
import { diff } from "../../src/drivers/linux/diff.ts";
import { emptySpec } from "../../src/drivers/linux/spec.ts";
import { emptyWorld, type World } from "../../src/model/world.ts";
import { worldAfter } from "../support/verb-line.ts";

export type PlanName = "subnets" | "instances" | "vpcs";

interface Plan {
  /** Lines of a batch file that build it with so many. */
  lines(size: number): string[];
  /** The line that adds number `n`. */
  oneMore(n: number): string;
  /** VPCs there are with so many. */
  vpcs(size: number): string[];
}

const addressOf = (n: number): string => `10.0.${n >> 8}.${n & 255}`;

/** The address of a subnet's own namespace in plan `subnets`. */
export const subnetAddress = (subnet: number): string => addressOf(subnet * 64 + 4);
const subnetLine = (n: number, vpc: string): string => `add-subnet ${vpc} s${n} ${addressOf(n * 64)}/26`;
const instanceLine = (n: number): string => `run-instance bench s0 --name i${n} --ip ${addressOf(n + 5)}`;

/** Lines of a VPC with so many /26 subnets. */
export const vpcLines = (subnets: number, vpc = "bench"): string[] => [`create-vpc ${vpc} 10.0.0.0/16`, ...count(subnets).map((n) => subnetLine(n, vpc))];

export const plans: Readonly<Record<PlanName, Plan>> = {
  subnets: { lines: (size) => vpcLines(size), oneMore: (n) => subnetLine(n, "bench"), vpcs: () => ["bench"] },
  instances: {
    lines: (size) => ["create-vpc bench 10.0.0.0/16", "add-subnet bench s0 10.0.0.0/18", ...count(size).map(instanceLine)],
    oneMore: instanceLine,
    vpcs: () => ["bench"],
  },
  vpcs: {
    lines: (size) => count(size).flatMap((n) => vpcLines(1, `v${n}`)),
    oneMore: (n) => vpcLines(1, `v${n}`).join("\n"),
    vpcs: (size) => count(size).map((n) => `v${n}`),
  },
};

function count(size: number): number[] {
  return Array.from({ length: size }, (_, n) => n);
}

/**
 * Writes the nftables text of a plan into a directory:
 * `<vpc>.all` everything in one transaction, as fast as nft takes it; `<vpc>.lines` the same, one command for each thing;
 * `bench.<n>` what number n adds, for each of `additions`.
 */
export function writeNftables(directory: string, name: PlanName, size: number, additions: readonly number[]): void {
  mkdirSync(directory, { recursive: true });
  const plan = plans[name];
  const world = worldAfter(plan.lines(size));
  const all = nftSteps(emptyWorld, world);
  for (const vpc of plan.vpcs(size)) {
    const objects = all.get(`vpc.${vpc}`) ?? [];
    writeFileSync(join(directory, `${vpc}.all`), text(objects));
    writeFileSync(join(directory, `${vpc}.lines`), objects.map((object) => text([object])).join("\n"));
  }
  if (name === "vpcs") return;
  let before = world;
  for (const n of additions) {
    const after = worldAfter([plan.oneMore(n)], before);
    writeFileSync(join(directory, `bench.${n}`), (nftSteps(before, after).get("vpc.bench") ?? []).map((object) => text([object])).join("\n"));
    before = after;
  }
}

/** The nftables objects that the change from one World to another adds, by namespace, in the order in which they are added. */
function nftSteps(before: World, after: World): Map<string, NftObject[]> {
  const facts = () => ({ uplinks: [], barriers: [] });
  const byNamespace = new Map<string, NftObject[]>();
  for (const { object } of diff(compile(after, facts), before === emptyWorld ? emptySpec : compile(before, facts))) {
    if (object.kind !== "nft-table" && object.kind !== "nft-set" && object.kind !== "nft-chain" && object.kind !== "nft-element") continue;
    byNamespace.set(object.namespace, [...(byNamespace.get(object.namespace) ?? []), object]);
  }
  return byNamespace;
}

const text = (objects: readonly NftObject[]): string => nftCommandsOf(objects.map((object) => ({ action: "add", object })));
