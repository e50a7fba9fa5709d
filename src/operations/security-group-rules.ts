// authorize and revoke: rules that come to a group and go from it. A rule is what its words say, so the same words again add nothing.
import { isIpv6 } from "../model/cidr6.ts";
import { refuseProblems, VpcctlError } from "../model/errors.ts";
import { limits } from "../model/limits.ts";
import { requireSecurityGroup, requireVpc } from "../model/lookup.ts";
import { sayRule, type RuleDirection } from "../model/say-rule.ts";
import type { SecurityGroup, SecurityRule } from "../model/security-group.ts";
import type { World } from "../model/world.ts";
import { parseRules, peerProblems, type RuleInput } from "./parse-rules.ts";
import { withSecurityGroup, withVpc } from "./replace.ts";

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
  refuseTooMany(all, `Security group ${vpc.name}/${group.name}`, direction);
  return withRules(world, input.vpc, group, direction, all);
}

/** As in EC2: IPv4 and IPv6 are counted apart, and what names a group or a prefix list counts for both. */
function refuseTooMany(rules: readonly SecurityRule[], group: string, direction: RuleDirection): void {
  const most = limits.rulesPerSecurityGroup.value;
  for (const ipv6 of [false, true]) {
    const count = rules.filter(({ peer }) => peer.kind !== "cidr" || isIpv6(peer.cidr) === ipv6).length;
    if (count <= most) continue;
    throw new VpcctlError({
      code: "RulesPerSecurityGroupLimitExceeded",
      message: `${group} would have ${count} ${direction} rules for ${ipv6 ? "IPv6" : "IPv4"}; ${most} are the most.`,
      hint: "Say the same with fewer rules: bigger blocks, ranges of ports, or a prefix list.",
    });
  }
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
