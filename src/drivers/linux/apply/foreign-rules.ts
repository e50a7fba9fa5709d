// Our few rules in other programs' chains: put in exactly where a packet of ours would be dropped, found again by comment and interface.
// Only expressions that iptables understands as well are used; with others its programs would refuse to read the table at all.
import { nftRun } from "../../../kernel/libnftables.ts";
import type { ForeignRuleObject } from "../objects/object.ts";
import { readForeignRules } from "../observe/ruleset.ts";
import { addForeignRule, deleteForeignRule } from "../script/nft-commands.ts";

export function addOurRule(rule: ForeignRuleObject): void {
  nftRun("", addForeignRule(rule));
}

export function deleteOurRule(rule: ForeignRuleObject): void {
  const handles = readForeignRules(`list chain ${rule.family} ${rule.table} ${rule.chain}`)
    .filter((found) => found.rule.comment === rule.comment && found.rule.direction === rule.direction && found.rule.link === rule.link)
    .map((found) => found.handle);
  if (handles.length > 0) nftRun("", handles.map((handle) => deleteForeignRule(rule, handle)).join("\n"));
}
