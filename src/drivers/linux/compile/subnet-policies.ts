// A subnet's policy file as two chains of its own, which stand in the place of the chains of its attachments' groups. Unlike those it has
// an order and denials, so it is a list of rules, as long as the file; a new file is a new list, put in place in one transaction.
import type { PolicyRule, SubnetPolicy } from "../../../model/security-group.ts";
import type { Vpc } from "../../../model/world.ts";
import { attachmentFacts } from "./attachment-facts.ts";
import { policyChain, routerNamespace } from "../names.ts";
import type { NftRule, SpecObject } from "../objects/object.ts";
import type { Unit } from "../spec.ts";
import { nftRule } from "./rule-text.ts";
import { toReceiverChain } from "./router-lists.ts";
import type { Direction } from "./security-rules.ts";
import { trafficMatch } from "./traffic-match.ts";

const why = "The policy of a subnet: the rules of its file in order, the first that fits decides.";

export function* policyUnits(vpc: Vpc): Generator<[string, Unit]> {
  for (const { name, policy } of attachmentFacts(vpc).withPolicy) {
    if (policy !== undefined) yield [`policy ${vpc.name} ${name}`, { vpc: vpc.name, madeFrom: [vpc.name, name, policy], objects: () => policyObjects(vpc.name, name, policy) }];
  }
}

function policyObjects(vpc: string, subnet: string, { ingress, egress }: SubnetPolicy): SpecObject[] {
  const common = { kind: "nft-chain", namespace: routerNamespace(vpc), family: "inet", why } as const;
  const leave = `goto ${toReceiverChain}`;
  const denied = nftRule("drop", "no rule of the policy fits: denied");
  return [
    { ...common, chain: policyChain("in", subnet), rules: [...ingress.map((rule, at) => policyRule("in", rule, at)), denied] },
    {
      ...common,
      chain: policyChain("out", subnet),
      rules: egress === undefined ? [nftRule(leave, "the policy says nothing of egress")] : [...egress.map((rule, at) => policyRule("out", rule, at)), denied],
    },
  ];
}

function policyRule(direction: Direction, rule: PolicyRule, at: number): NftRule {
  const match = trafficMatch(rule, direction === "in" ? "saddr" : "daddr", rule.cidr);
  const allow = direction === "in" ? "accept" : `goto ${toReceiverChain}`;
  return nftRule(`${match} ${rule.action === "allow" ? allow : "drop"}`.trimStart(), `rule ${at + 1} of the policy: ${rule.action}`);
}
