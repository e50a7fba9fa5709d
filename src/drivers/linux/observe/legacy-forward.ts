// The FORWARD chain of the old iptables, read from the lines of `iptables -S FORWARD`.
import type { ForwardBarrier } from "../host-facts.ts";
import { isOurForeignRule } from "../names.ts";
import type { ForeignRuleObject } from "../objects/object.ts";

const place = { family: "legacy", table: "filter", chain: "FORWARD" } as const;

/** A barrier when the policy, or a last rule without a condition, stops what no rule accepts. */
export function legacyBarriers(lines: readonly string[] | undefined): ForwardBarrier[] {
  const rules = lines?.filter((line) => line.startsWith("-A ")) ?? [];
  const last = rules.findIndex((line) => /^-A FORWARD -j (DROP|REJECT)\b/.test(line));
  if (last >= 0) return [{ ...place, before: last + 1 }];
  return lines?.includes("-P FORWARD DROP") === true ? [place] : [];
}

/** Rules of ours in the chain. */
export function legacyRules(lines: readonly string[] | undefined): ForeignRuleObject[] {
  return (lines ?? []).flatMap((line): ForeignRuleObject[] => {
    const [, flag, link, comment] = /^-A FORWARD -([io]) (\S+) -m comment --comment "([^"]+)" -j ACCEPT$/.exec(line) ?? [];
    if (link === undefined || comment === undefined || !isOurForeignRule(comment, link)) return [];
    return [{ kind: "foreign-rule", ...place, direction: flag === "i" ? "iifname" : "oifname", link, comment }];
  });
}
