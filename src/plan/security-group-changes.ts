import { sayPolicyRule, sayRule, type RuleDirection } from "../model/say-rule.ts";
import { defaultEgress, defaultGroup, findSecurityGroup, type SecurityGroup, type SubnetPolicy } from "../model/security-group.ts";
import type { Subnet, Vpc } from "../model/world.ts";
import type { Change } from "./change.ts";
import { change, differing } from "./differences.ts";

/** What changed about the groups of a VPC: each rule that came or went is a change of its own. */
export function* securityGroupChanges(before: Vpc | undefined, after: Vpc | undefined): Generator<Change> {
  for (const [old, now, name] of differing(before?.securityGroups, after?.securityGroups)) {
    const subject = `security group ${(after ?? before)?.name}/${name}`;
    // Groups go with their VPC, and `default` comes with it: no news.
    if (after === undefined) yield* change(subject, old && groupText(old), undefined);
    else if (name === defaultGroup) yield* ruleChanges(subject, before && findSecurityGroup(before, name), findSecurityGroup(after, name));
    else {
      yield* change(subject, old && groupText(old), now && groupText(now));
      if (now !== undefined) yield* ruleChanges(subject, old, now);
    }
  }
}

const groupText = ({ description }: SecurityGroup): string => description ?? "no description";

function* ruleChanges(subject: string, before: SecurityGroup | undefined, after: SecurityGroup | undefined): Generator<Change> {
  for (const direction of ["ingress", "egress"] as const) {
    // What every new group has needs no words.
    const old = wordsOf(direction, before ?? { ingress: [], egress: defaultEgress });
    const now = wordsOf(direction, after ?? { ingress: [], egress: [] });
    for (const words of now) if (!old.has(words)) yield { action: "create", subject: `rule of ${subject}`, detail: words };
    for (const words of old) if (!now.has(words)) yield { action: "delete", subject: `rule of ${subject}`, detail: words };
  }
}

const wordsOf = (direction: RuleDirection, group: Pick<SecurityGroup, "ingress" | "egress">): ReadonlySet<string> =>
  new Set(group[direction].map((rule) => sayRule(direction, rule)));

/** What changed about who may reach a subnet's own namespace, and about its policy. */
export function* subnetGuardChanges(subject: string, before: Subnet | undefined, after: Subnet | undefined): Generator<Change> {
  if (after === undefined) return;
  yield* change(subject, groupsText(before), groupsText(after));
  yield* change(`policy of ${subject}`, before?.policy && policyText(before.policy), after.policy && policyText(after.policy));
}

const groupsText = (subnet: Subnet | undefined): string => `security groups ${(subnet?.securityGroups ?? [defaultGroup]).join(", ")}`;

function policyText({ ingress, egress }: SubnetPolicy): string {
  const rules = [...ingress.map((rule) => sayPolicyRule("ingress", rule)), ...(egress ?? []).map((rule) => sayPolicyRule("egress", rule))];
  return [...rules, `all other ingress denied${egress === undefined ? "" : ", all other egress denied"}`].join(", ");
}
