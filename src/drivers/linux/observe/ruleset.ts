// nftables as the kernel holds it: our own tables object by object, and of others just what stands in our way or is ours inside them.
import { nftJson } from "../../../kernel/libnftables.ts";
import { isKernelError } from "../../../kernel/errors.ts";
import type { ForwardBarrier } from "../host-facts.ts";
import { isOurForeignRule, tableName } from "../names.ts";
import type { ForeignRuleObject, NftChainObject, NftFamily, NftRule, SpecObject } from "../objects/object.ts";
import { interfaceMatch } from "./interface-match.ts";
import { elementKey, elementValue } from "./json.ts";
import type { NftChainJson, NftItem, NftJson, NftRuleJson, NftSetJson } from "./json.ts";

/** Items of a listing; none when what should be listed is not there. */
export function list(namespace: string, command: string): readonly NftItem[] {
  try {
    return (nftJson(namespace, command) as NftJson | undefined)?.nftables ?? [];
  } catch (error) {
    if (isKernelError(error, "ENOENT")) return [];
    throw error;
  }
}

/** Our tables among the items. */
export function ownTables(namespace: string, items: readonly NftItem[]): SpecObject[] {
  const objects: SpecObject[] = [];
  const rules = new Map<string, NftRule[]>();
  for (const { rule } of items) {
    if (rule?.table !== tableName) continue;
    const key = `${rule.family} ${rule.chain}`;
    rules.set(key, [...(rules.get(key) ?? []), { text: "", comment: rule.comment ?? "" }]);
  }
  for (const { table, set, map, chain } of items) {
    if (table?.name === tableName && isOurFamily(table.family)) objects.push({ kind: "nft-table", namespace, family: table.family });
    if (set?.table === tableName) objects.push(...ownSet(namespace, set, false));
    if (map?.table === tableName) objects.push(...ownSet(namespace, map, true));
    if (chain?.table === tableName) objects.push(...ownChain(namespace, chain, rules.get(`${chain.family} ${chain.name}`) ?? []));
  }
  return objects;
}

const isOurFamily = (family: string): family is NftFamily => family === "inet" || family === "bridge" || family === "netdev";

function ownSet(namespace: string, { family, name, elem }: NftSetJson, map: boolean): SpecObject[] {
  if (!isOurFamily(family)) return [];
  const common = { namespace, family, set: name } as const;
  const elements = (elem ?? []).map((element): SpecObject => {
    if (map && Array.isArray(element)) return { kind: "nft-element", ...common, key: elementKey(element[0]), value: elementValue(element[1]) };
    return { kind: "nft-element", ...common, key: elementKey(element) };
  });
  return [{ kind: "nft-set", ...common, map, type: "" }, ...elements];
}

function ownChain(namespace: string, chain: NftChainJson, rules: readonly NftRule[]): NftChainObject[] {
  if (!isOurFamily(chain.family)) return [];
  const common = { kind: "nft-chain", namespace, family: chain.family, chain: chain.name, rules } as const;
  if (chain.hook === undefined) return [common];
  const hook = {
    type: chain.type === "nat" ? "nat" : "filter",
    hook: chain.hook,
    priority: chain.prio ?? 0,
    policy: chain.policy === "drop" ? "drop" : "accept",
  } as const;
  return [{ ...common, hook }];
}

/** Families of chains that routed packets pass. */
export const isForwarded = (family: string): family is "ip" | "ip6" | "inet" => family === "ip" || family === "ip6" || family === "inet";

export interface FoundRule {
  readonly rule: ForeignRuleObject;
  readonly handle: number;
}

/** Rules of ours in chains of others. */
export const readForeignRules = (command: string): FoundRule[] => foreignRules(list("", command));

export function foreignRules(items: readonly NftItem[]): FoundRule[] {
  return items.flatMap(({ rule }) => {
    if (rule?.comment === undefined || rule.table === tableName) return [];
    const match = interfaceMatch(rule);
    if (match === undefined || !isOurForeignRule(rule.comment, match.link) || !isForwarded(rule.family)) return [];
    const { family, table, chain, comment } = rule;
    return [{ rule: { kind: "foreign-rule", family, table, chain, comment, ...match }, handle: rule.handle } as const];
  });
}

/**
 * Chains of others at the forward hook that let no new flow through: by their policy (Docker, ufw), or by a last rule that drops or
 * rejects everything (firewalld). A rule with a condition is somebody's deliberate wish and stays in force.
 */
export function forwardBarriers(items: readonly NftItem[]): ForwardBarrier[] {
  return items.flatMap(({ chain }) => {
    if (chain?.hook !== "forward" || chain.type !== "filter" || chain.table === tableName) return [];
    const { family, table, name } = chain;
    if (!isForwarded(family)) return [];
    const rules = items.flatMap(({ rule }) => (rule?.family === family && rule.table === table && rule.chain === name ? [rule] : []));
    const final = rules.find(dropsEverything);
    if (final !== undefined) return [{ family, table, chain: name, before: final.handle }];
    return chain.policy === "drop" ? [{ family, table, chain: name }] : [];
  });
}

function dropsEverything({ expr }: NftRuleJson): boolean {
  const telling = expr.filter((part) => !("counter" in part) && !("log" in part));
  const [only] = telling;
  return telling.length === 1 && only !== undefined && ("drop" in only || "reject" in only);
}
