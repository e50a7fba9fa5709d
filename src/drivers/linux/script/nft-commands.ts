// nftables commands as libnftables takes them: vpcctl runs these very lines, and `--explain` prints them behind `nft`.
import { ownershipWord, tableName } from "../names.ts";
import type { ForeignRuleObject, NftChainObject, NftElementObject, NftSetObject, NftTableObject } from "../objects/object.ts";

type InTable = { readonly family: string };
const table = ({ family }: InTable): string => `${family} ${tableName}`;

/** `create` and not `add`: a table of that name that is there already is not ours, or we would know it. */
export const addTable = (o: NftTableObject): string => `create table ${table(o)} { comment "${ownershipWord}"; }`;
export const deleteTable = (o: NftTableObject): string => `delete table ${table(o)}`;

export const addSet = (o: NftSetObject): string => `add ${o.map ? "map" : "set"} ${table(o)} ${o.set} { ${o.type}; }`;
export const deleteSet = (o: NftSetObject): string => `delete ${o.map ? "map" : "set"} ${table(o)} ${o.set}`;

export const addChain = (o: NftChainObject): string[] => [baseChain(o), ...addRules(o)];

function baseChain(o: NftChainObject): string {
  if (o.hook === undefined) return `add chain ${table(o)} ${o.chain}`;
  const { type, hook, priority, policy } = o.hook;
  return `add chain ${table(o)} ${o.chain} { type ${type} hook ${hook}${o.device === undefined ? "" : ` device "${o.device}"`} priority ${priority}; policy ${policy}; }`;
}

/** In one transaction, so that no packet meets an empty chain. A policy can be set anew, a chain at another place must be made anew. */
export function changeChain(o: NftChainObject, previous: NftChainObject): string[] {
  const samePlace = (["type", "hook", "priority"] as const).every((part) => o.hook?.[part] === previous.hook?.[part]);
  if (!samePlace) return [...deleteChain(o), ...addChain(o)];
  return [`flush chain ${table(o)} ${o.chain}`, ...(o.hook?.policy === previous.hook?.policy ? [] : [baseChain(o)]), ...addRules(o)];
}

export const deleteChain = (o: NftChainObject): string[] => [`flush chain ${table(o)} ${o.chain}`, `delete chain ${table(o)} ${o.chain}`];

const addRules = (o: NftChainObject): string[] => o.rules.map(({ text, comment }) => `add rule ${table(o)} ${o.chain} ${text} comment "${comment}"`);

/** One command for many elements of one set: nft reads a thousand in one list far faster than a thousand lists of one. */
export function elements(verb: "add" | "delete", of: readonly NftElementObject[]): string {
  const [first] = of;
  if (first === undefined) return "";
  const list = of.map(({ key, value }) => {
    const quoted = quoteKey(key);
    if (verb === "delete") return identityKey.test(key) ? `${quoted}-${lastOf(key)}` : quoted;
    return value === undefined ? quoted : `${quoted} : ${value}`;
  });
  return `${verb} element ${table(first)} ${first.set} { ${list.join(", ")} }`;
}

// nft (1.0.6) looks in the wrong byte order for an element that begins with a mark (`5 . 6 . 80`) when it is to delete it, unless there is
// a range in it: `5 . 6 . 80-80` is the same element, and is found.
const identityKey = /^\d+ \. \d+ \. \d+$/;
const lastOf = (key: string): string => key.slice(key.lastIndexOf(" ") + 1);

/**
 * Interface names are strings to nft, addresses are not. Only the first part of a key can be a name; no name of ours starts with a digit
 * or has a colon, and of everything else only an IPv6 address starts with a letter.
 */
function quoteKey(key: string): string {
  const first = key.charCodeAt(0);
  if (first >= 48 && first <= 57) return key;
  const end = key.indexOf(" . ");
  const part = end < 0 ? key : key.slice(0, end);
  return part.includes(":") ? key : `"${part}"${key.slice(part.length)}`;
}

export function addForeignRule(o: ForeignRuleObject): string {
  const place = o.before === undefined ? "add rule" : "insert rule";
  const position = o.before === undefined ? "" : ` position ${o.before}`;
  return `${place} ${o.family} ${o.table} ${o.chain}${position} ${o.direction} "${o.link}" accept comment "${o.comment}"`;
}

export const deleteForeignRule = (o: ForeignRuleObject, handle: number | string): string =>
  `delete rule ${o.family} ${o.table} ${o.chain} handle ${handle}`;
