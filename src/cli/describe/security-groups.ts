// The security groups of a VPC with their rules, and who is in them; and the policies that stand in their place.
import { attachmentsOf } from "../../model/attachment.ts";
import { sayPeer, sayPolicyRule, sayRule } from "../../model/say-rule.ts";
import { securityGroupsOf, type SecurityGroup, type SecurityRule } from "../../model/security-group.ts";
import { isStale } from "../../model/stale-rule.ts";
import type { Subnet, Vpc, World } from "../../model/world.ts";

/** Names that a line can hold; the rest is counted, and --json has all. */
const mostNames = 5;

/** Rows for `describe`; none while there is only the default group as EC2 makes it. */
export function securityGroupRows(world: World, vpc: Vpc): string[][] {
  if (vpc.securityGroups === undefined) return [];
  const groups = Object.values(securityGroupsOf(vpc));
  return [["├─ security groups"], ...groups.flatMap((group, at) => groupRows(group, rulesOf(world, vpc, group), membersOf(vpc, group.name), at === groups.length - 1))];
}

function groupRows({ name }: SecurityGroup, rules: readonly string[], members: readonly string[], isLast: boolean): string[][] {
  const more = members.length > mostNames ? ` and ${members.length - mostNames} more` : "";
  return [
    [`│  ${isLast ? "└─" : "├─"} ${name}`, members.length === 0 ? "nothing is in it" : `of ${members.slice(0, mostNames).join(", ")}${more}`],
    ...branches(rules, isLast),
  ];
}

/** `ingress` and `egress` as a column of their own. */
const branches = (rules: readonly string[], isLast: boolean): string[][] =>
  rules.map((rule, at) => {
    const end = rule.indexOf(" ");
    return [`│  ${isLast ? " " : "│"}  ${at === rules.length - 1 ? "└─" : "├─"} ${rule.slice(0, end)}`, rule.slice(end + 1)];
  });

const rulesOf = (world: World, { name }: Vpc, group: SecurityGroup): string[] =>
  (["ingress", "egress"] as const).flatMap((direction) => {
    const rules = group[direction];
    return rules.length === 0 ? [`${direction} nothing`] : rules.map((rule) => `${sayRule(direction, rule)}${isStale(world, name, rule) ? " (stale)" : ""}`);
  });

/** The policies of subnets; none where no subnet has one. */
export function policyRows(vpc: Vpc): string[][] {
  const subnets = Object.values(vpc.subnets).filter(({ policy }) => policy !== undefined);
  if (subnets.length === 0) return [];
  return [["├─ policies", "in the place of security groups"], ...subnets.flatMap((subnet, at) => policyOf(subnet, at === subnets.length - 1))];
}

function policyOf({ name, policy }: Subnet, isLast: boolean): string[][] {
  if (policy === undefined) return [];
  const { ingress, egress } = policy;
  const rules = [
    ...ingress.map((rule) => sayPolicyRule("ingress", rule)),
    "ingress deny all from anybody",
    ...(egress ?? []).map((rule) => sayPolicyRule("egress", rule)),
    egress === undefined ? "egress allow all to anybody" : "egress deny all to anybody",
  ];
  return [[`│  ${isLast ? "└─" : "├─"} ${name}`], ...branches(rules, isLast)];
}

const membersOf = (vpc: Vpc, group: string): string[] => attachmentsOf(vpc).flatMap(({ path, securityGroups }) => (securityGroups.includes(group) ? [path] : []));

/** All groups, and who is in them by path. */
export const securityGroupsJson = (world: World, vpc: Vpc): object[] =>
  Object.values(securityGroupsOf(vpc)).map((group) => ({
    name: group.name,
    description: group.description ?? null,
    ingress: group.ingress.map((rule) => ruleJson(world, vpc, rule)),
    egress: group.egress.map((rule) => ruleJson(world, vpc, rule)),
    members: membersOf(vpc, group.name),
  }));

const ruleJson = (world: World, { name }: Vpc, rule: SecurityRule): object => ({ ...rule, words: sayPeer(rule.peer), ...(isStale(world, name, rule) ? { stale: true } : {}) });

/** The policies by subnet. */
export const policiesJson = (vpc: Vpc): object[] => Object.values(vpc.subnets).flatMap(({ name, policy }) => (policy === undefined ? [] : [{ subnet: name, ...policy }]));
