// Our few rules in other programs' chains: put in exactly where a packet of ours would be dropped, found again by comment and interface.
// Only expressions that iptables understands as well are used; with others its programs would refuse to read the table at all.
import { changeLegacyFilter, listLegacyForward } from "../../../kernel/legacy-iptables.ts";
import { nftRun } from "../../../kernel/libnftables.ts";
import type { ForeignRuleObject } from "../objects/object.ts";
import { legacyRules } from "../observe/legacy-forward.ts";
import { readForeignRules } from "../observe/ruleset.ts";
import { addLegacyRule, deleteLegacyRule } from "../script/legacy-rules.ts";
import { addForeignRule, deleteForeignRule } from "../script/nft-commands.ts";

export function addOurRule(rule: ForeignRuleObject): void {
  if (rule.family === "legacy") changeLegacyFilter(addLegacyRule(rule));
  else nftRun("", addForeignRule(rule));
}

export function deleteOurRule(rule: ForeignRuleObject): void {
  if (rule.family === "legacy") {
    // Looked for first: iptables tells "no such rule" only in words.
    if (legacyRules(listLegacyForward()).some((found) => isSame(found, rule))) changeLegacyFilter(deleteLegacyRule(rule));
    return;
  }
  const handles = readForeignRules(`list chain ${rule.family} ${rule.table} ${rule.chain}`)
    .filter((found) => isSame(found.rule, rule))
    .map((found) => found.handle);
  if (handles.length > 0) nftRun("", handles.map((handle) => deleteForeignRule(rule, handle)).join("\n"));
}

const isSame = (a: ForeignRuleObject, b: ForeignRuleObject): boolean => a.comment === b.comment && a.direction === b.direction && a.link === b.link;
