// Our rules in a FORWARD chain of the old iptables, as the words behind `iptables -w`.
import type { ForeignRuleObject } from "../objects/object.ts";

const specification = ({ direction, link, comment }: ForeignRuleObject): string[] => [
  direction === "iifname" ? "-i" : "-o", link, "-m", "comment", "--comment", comment, "-j", "ACCEPT",
];

export function addLegacyRule(rule: ForeignRuleObject): string[] {
  const place = rule.before === undefined ? ["-A", rule.chain] : ["-I", rule.chain, String(rule.before)];
  return [...place, ...specification(rule)];
}

export const deleteLegacyRule = (rule: ForeignRuleObject): string[] => ["-D", rule.chain, ...specification(rule)];

/** A comment holds a space. */
export const legacyLine = (words: readonly string[]): string =>
  `iptables-legacy -w ${words.map((word) => (word.includes(" ") ? `'${word}'` : word)).join(" ")}`;
