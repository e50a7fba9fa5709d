import { tryParseCidr, type Cidr } from "../model/cidr-any.ts";
import { refuseProblems, VpcctlError, type Problem } from "../model/errors.ts";
import { limits } from "../model/limits.ts";
import { requirePrefixList } from "../model/lookup.ts";
import { sayRule, type RuleDirection } from "../model/say-rule.ts";
import { listDestination } from "../model/list-destination.ts";
import type { SecurityGroup, SecurityRule } from "../model/security-group.ts";
import { findNamed, type Route, type RouteTable, type Vpc, type World } from "../model/world.ts";
import { nameProblems } from "./check-input.ts";
import { withoutPrefixList, withPrefixList } from "./replace.ts";
import { destinationProblems, limitProblem } from "./route-destination.ts";
import { routeTargetText } from "./route-target.ts";
import { ruleLimitProblems } from "./rule-limit.ts";

export interface CreatePrefixListInput {
  readonly name: string;
  readonly cidrs?: readonly string[];
}

/**
 * A list of blocks under a name; the blocks are kept in the order given, each once. The same again is no change.
 * Throws InvalidParameterValue, InvalidPrefixList.Duplicate, PrefixListMaxEntriesExceeded.
 */
export function createPrefixList(world: World, { name, cidrs = [] }: CreatePrefixListInput): World {
  const problems: Problem[] = [...nameProblems("prefix list", name)];
  const blocks = parseBlocks(cidrs, problems);
  problems.push(...sizeProblems(name, blocks));
  refuseProblems(problems);
  const existing = findNamed(world.prefixLists, name);
  if (existing === undefined) return withPrefixList(world, { name, cidrs: blocks });
  if (existing.cidrs.length === blocks.length && blocks.every((block) => existing.cidrs.includes(block))) return world;
  throw new VpcctlError({
    code: "InvalidPrefixList.Duplicate",
    message: `Prefix list ${name} exists with ${sayBlocks(existing.cidrs)}, not ${sayBlocks(blocks)}.`,
    hint: `Choose another name, or change it: vpcctl modify-prefix-list ${name} --add CIDR --remove CIDR`,
  });
}

export interface ModifyPrefixListInput {
  readonly name: string;
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
}

/**
 * Adds blocks that are not there, removes blocks that are. Every rule and route that names the list follows.
 * Throws InvalidParameterValue, MissingParameter, InvalidPrefixListID.NotFound, PrefixListMaxEntriesExceeded, RouteLimitExceeded,
 * RulesPerSecurityGroupLimitExceeded.
 */
export function modifyPrefixList(world: World, { name, add = [], remove = [] }: ModifyPrefixListInput): World {
  const problems: Problem[] = [];
  const coming = parseBlocks(add, problems);
  const going = parseBlocks(remove, problems);
  const both = coming.filter((block) => going.includes(block));
  problems.push(...both.map((block): Problem => ({ code: "InvalidParameterValue", message: `${block} is to be added and removed.`, hint: "Say one of both." })));
  if (add.length + remove.length === 0) problems.push({ code: "MissingParameter", message: "There is nothing to change.", hint: "Say what: --add CIDR, --remove CIDR." });
  refuseProblems(problems);
  const list = requirePrefixList(world, name);
  const left = list.cidrs.filter((block) => !going.includes(block));
  const blocks = [...new Set([...left, ...coming])];
  const isSame = left.length === list.cidrs.length && blocks.length === left.length;
  const changed = withPrefixList(world, { ...list, cidrs: blocks });
  refuseProblems([
    ...sizeProblems(name, blocks),
    ...rulesNaming(world, name).flatMap(({ vpc, group, direction }) => {
      const rules = group[direction];
      return ruleLimitProblems(`${vpc.name}/${group.name}`, direction, { world, rules }, { world: changed, rules });
    }),
    ...routesOver(changed, name).flatMap((one) => routeProblems(changed, one)),
  ]);
  return isSame ? world : changed;
}

export interface PrefixListInput {
  readonly name: string;
}

/** Takes a list away that neither rule nor route names. One that does not exist is no change. Throws DependencyViolation with the whole list. */
export function deletePrefixList(world: World, { name }: PrefixListInput): World {
  if (findNamed(world.prefixLists, name) === undefined) return world;
  const rules = rulesNaming(world, name).flatMap(({ vpc, group, direction, naming }) =>
    naming.map((rule) => `${vpc.name}/${group.name} has ${sayRule(direction, rule)}`),
  );
  const routes = routesOver(world, name).map(({ vpc, table, route }) => `${vpc.name}/${table.name} sends it to ${routeTargetText(route.target)}`);
  const mentions = [...rules, ...routes];
  if (mentions.length === 0) return withoutPrefixList(world, name);
  const count = [counted(rules, "rule"), counted(routes, "route")].filter((some) => some !== "").join(" and ");
  throw new VpcctlError({
    code: "DependencyViolation",
    message: `Prefix list ${name} is in use by ${count}: ${mentions.slice(0, 3).join("; ")}${mentions.length > 3 ? " ..." : ""}.`,
    hint: "Take away what names it first: vpcctl revoke-ingress, vpcctl revoke-egress, vpcctl delete-route.",
    details: mentions,
  });
}

const counted = ({ length }: readonly string[], what: string): string => (length === 0 ? "" : length === 1 ? `a ${what}` : `${length} ${what}s`);

/** Names of the VPCs with a rule or a route that names the list. */
export const vpcsUsing = (world: World, name: string): readonly string[] => [
  ...new Set([...rulesNaming(world, name).map(({ vpc }) => vpc.name), ...routesOver(world, name).map(({ vpc }) => vpc.name)]),
];

interface RouteOver {
  readonly vpc: Vpc;
  readonly table: RouteTable;
  readonly route: Route;
}

function routesOver(world: World, name: string): RouteOver[] {
  const destination = listDestination(name);
  return Object.values(world.vpcs).flatMap((vpc) =>
    Object.values(vpc.routeTables).flatMap((table) => table.routes.flatMap((route) => (route.destination === destination ? [{ vpc, table, route }] : []))),
  );
}

/** What stands against the blocks that the list now has, in a route that names it. */
function routeProblems(world: World, { vpc, table, route }: RouteOver): Problem[] {
  const problems = destinationProblems(world, vpc, route);
  const from = `Route table ${vpc.name}/${table.name} sends it to ${routeTargetText(route.target)}`;
  return [...problems.map((problem) => ({ ...problem, message: `${from}: ${problem.message}` })), ...limitProblem(world, vpc, table)];
}

interface RulesNaming {
  readonly vpc: Vpc;
  readonly group: SecurityGroup;
  readonly direction: RuleDirection;
  /** Not empty. */
  readonly naming: readonly SecurityRule[];
}

/** Of each group and direction the rules that name the list. */
function rulesNaming(world: World, name: string): RulesNaming[] {
  return Object.values(world.vpcs).flatMap((vpc) =>
    Object.values(vpc.securityGroups ?? {}).flatMap((group) =>
      (["ingress", "egress"] as const).flatMap((direction): RulesNaming[] => {
        const naming = group[direction].filter(({ peer }) => peer.kind === "prefix-list" && peer.name === name);
        return naming.length === 0 ? [] : [{ vpc, group, direction, naming }];
      }),
    ),
  );
}

function parseBlocks(texts: readonly string[], problems: Problem[]): readonly Cidr[] {
  const blocks = texts.flatMap((text) => {
    const parsed = tryParseCidr(text);
    if ("value" in parsed) return [parsed.value];
    problems.push(parsed.problem);
    return [];
  });
  return [...new Set(blocks)];
}

function sizeProblems(name: string, blocks: readonly Cidr[]): Problem[] {
  const most = limits.prefixListEntries.value;
  if (blocks.length <= most) return [];
  const message = `Prefix list ${name} would have ${blocks.length} CIDRs; ${most} are the most.`;
  return [{ code: "PrefixListMaxEntriesExceeded", message, hint: "Use a second list; rules may name several." }];
}

const sayBlocks = (blocks: readonly Cidr[]): string => (blocks.length === 0 ? "no CIDRs" : blocks.join(", "));
