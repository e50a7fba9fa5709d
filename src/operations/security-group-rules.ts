// authorize and revoke: rules that come to a group and go from it. A rule is what its words say, so the same words again add nothing.
import { refuseProblems } from "../model/errors.ts";
import { requireSecurityGroup, requireVpc } from "../model/lookup.ts";
import { sayRule, type RuleDirection } from "../model/say-rule.ts";
import type { SecurityGroup, SecurityRule } from "../model/security-group.ts";
import type { World } from "../model/world.ts";
import { parseRules, peerProblems, type RuleInput } from "./parse-rules.ts";
import { withSecurityGroup, withVpc } from "./replace.ts";
import { ruleLimitProblems } from "./rule-limit.ts";

/**
 * Adds what is not there yet. Throws InvalidParameterValue, MissingParameter, InvalidPermission.Malformed, InvalidVpcID.NotFound,
 * InvalidGroup.NotFound, InvalidPrefixListID.NotFound, RulesPerSecurityGroupLimitExceeded.
 */
export function authorize(direction: RuleDirection, world: World, input: RuleInput): World {
  const rules = parseRules(input);
  const vpc = requireVpc(world, input.vpc);
  const group = requireSecurityGroup(vpc, input.group);
  refuseProblems(peerProblems(world, vpc, rules));
  const present = wordsOf(direction, group[direction]);
  const missing = rules.filter((rule) => !present.has(sayRule(direction, rule)));
  if (missing.length === 0) return world;
  const all = [...group[direction], ...missing];
  refuseProblems(ruleLimitProblems(`${vpc.name}/${group.name}`, direction, { world, rules: group[direction] }, { world, rules: all }));
  return withRules(world, input.vpc, group, direction, all);
}

/**
 * Takes away what is there. Throws InvalidParameterValue, MissingParameter, InvalidPermission.Malformed, InvalidVpcID.NotFound,
 * InvalidGroup.NotFound; what a rule names need not exist any more.
 */
export function revoke(direction: RuleDirection, world: World, input: RuleInput): World {
  const rules = parseRules(input);
  const group = requireSecurityGroup(requireVpc(world, input.vpc), input.group);
  const going = wordsOf(direction, rules);
  const others = group[direction].filter((rule) => !going.has(sayRule(direction, rule)));
  return others.length === group[direction].length ? world : withRules(world, input.vpc, group, direction, others);
}

const wordsOf = (direction: RuleDirection, rules: readonly SecurityRule[]): ReadonlySet<string> => new Set(rules.map((rule) => sayRule(direction, rule)));

function withRules(world: World, vpc: string, group: SecurityGroup, direction: RuleDirection, rules: readonly SecurityRule[]): World {
  return withVpc(world, withSecurityGroup(requireVpc(world, vpc), { ...group, [direction]: rules }));
}
