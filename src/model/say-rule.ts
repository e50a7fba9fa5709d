import { sayTraffic } from "./say-traffic.ts";
import type { PolicyRule, RulePeer, SecurityRule } from "./security-group.ts";

/** The other side of a rule, in words: `10.0.0.0/8`, `group web`, `group company-b/web`, `prefix list offices`. */
export function sayPeer(peer: RulePeer): string {
  switch (peer.kind) {
    case "cidr":
      return peer.cidr;
    case "prefix-list":
      return `prefix list ${peer.name}`;
    case "group":
      return `group ${peer.vpc === undefined ? "" : `${peer.vpc}/`}${peer.group}`;
  }
}

export type RuleDirection = "ingress" | "egress";

const sides = { ingress: `from`, egress: `to` } as const;

/** A rule in words: `ingress tcp 80 from 0.0.0.0/0`. Two rules are the same when their words are. */
export const sayRule = (direction: RuleDirection, rule: SecurityRule): string =>
  `${direction} ${sayTraffic(rule)} ${sides[direction]} ${sayPeer(rule.peer)}`;

/** A rule of a policy in words: `ingress deny tcp 22 from anybody`. */
export function sayPolicyRule(direction: RuleDirection, rule: PolicyRule): string {
  return `${direction} ${rule.action} ${sayTraffic(rule)} ${sides[direction]} ${rule.cidr ?? "anybody"}`;
}
