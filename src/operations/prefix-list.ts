import { tryParseCidr, type Cidr } from "../model/cidr-any.ts";
import { refuseProblems, VpcctlError, type Problem } from "../model/errors.ts";
import { limits } from "../model/limits.ts";
import { requirePrefixList } from "../model/lookup.ts";
import { sayRule } from "../model/say-rule.ts";
import { findNamed, type World } from "../model/world.ts";
import { nameProblems } from "./check-input.ts";
import { withoutPrefixList, withPrefixList } from "./replace.ts";

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
 * Adds blocks that are not there, removes blocks that are. Every rule that names the list follows.
 * Throws InvalidParameterValue, MissingParameter, InvalidPrefixListID.NotFound, PrefixListMaxEntriesExceeded.
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
  refuseProblems(sizeProblems(name, blocks));
  const isSame = left.length === list.cidrs.length && blocks.length === left.length;
  return isSame ? world : withPrefixList(world, { ...list, cidrs: blocks });
}

export interface PrefixListInput {
  readonly name: string;
}

/** Takes a list away that no rule names. One that does not exist is no change. Throws DependencyViolation with the whole list. */
export function deletePrefixList(world: World, { name }: PrefixListInput): World {
  if (findNamed(world.prefixLists, name) === undefined) return world;
  const mentions = mentionsOf(world, name).map(({ vpc, rule }) => `${vpc}/${rule}`);
  if (mentions.length === 0) return withoutPrefixList(world, name);
  const count = mentions.length === 1 ? "a rule" : `${mentions.length} rules`;
  throw new VpcctlError({
    code: "DependencyViolation",
    message: `Prefix list ${name} is in use by ${count}: ${mentions.slice(0, 3).join("; ")}${mentions.length > 3 ? " ..." : ""}.`,
    hint: "Revoke the rules that name it first.",
    details: mentions,
  });
}

/** Names of the VPCs with a rule that names the list. */
export const vpcsUsing = (world: World, name: string): readonly string[] => [...new Set(mentionsOf(world, name).map(({ vpc }) => vpc))];

function mentionsOf(world: World, name: string): { readonly vpc: string; readonly rule: string }[] {
  return Object.values(world.vpcs).flatMap((vpc) =>
    Object.values(vpc.securityGroups ?? {}).flatMap((group) =>
      (["ingress", "egress"] as const).flatMap((direction) =>
        group[direction].flatMap((rule) =>
          rule.peer.kind === "prefix-list" && rule.peer.name === name ? [{ vpc: vpc.name, rule: `${group.name} has ${sayRule(direction, rule)}` }] : [],
        ),
      ),
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
