// nft's JSON (libnftables-json(5)) as far as we read it. Only shapes that are ours, or that decide whether a chain drops, matter; the
// rest is passed over.

export interface NftJson {
  readonly nftables: readonly NftItem[];
}

export interface NftItem {
  readonly table?: { readonly family: string; readonly name: string };
  readonly chain?: NftChainJson;
  readonly set?: NftSetJson;
  readonly map?: NftSetJson;
  readonly rule?: NftRuleJson;
}

export interface NftChainJson {
  readonly family: string;
  readonly table: string;
  readonly name: string;
  /** Absent on a chain that no hook calls. */
  readonly type?: string;
  readonly hook?: string;
  readonly prio?: number;
  readonly policy?: string;
}

export interface NftSetJson {
  readonly family: string;
  readonly table: string;
  readonly name: string;
  readonly elem?: readonly unknown[];
}

export interface NftRuleJson {
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  readonly handle: number;
  readonly comment?: string;
  readonly expr: readonly Readonly<Record<string, unknown>>[];
}

/**
 * `"a"`, `{prefix: ...}`, `{range: ...}`, `{concat: [...]}` of these, or any of them inside `{elem: {val: ...}}`, as the text that nft takes
 * and we write: numbers in decimal, a block of one address as the address.
 */
export function elementKey(element: unknown): string {
  if (!isObject(element)) return String(element);
  if (isObject(element["elem"]) && "val" in element["elem"]) return elementKey(element["elem"]["val"]);
  if (Array.isArray(element["concat"])) return element["concat"].map(elementKey).join(" . ");
  if (Array.isArray(element["range"])) return element["range"].map(elementKey).join("-");
  const { prefix } = element;
  return isObject(prefix) ? `${String(prefix["addr"])}/${String(prefix["len"])}` : JSON.stringify(element);
}

/** What a map gives: an address or number, or a verdict, `accept` or `goto chain`. */
export function elementValue(value: unknown): string {
  if (!isObject(value)) return String(value);
  const [verdict = "", detail] = Object.entries(value)[0] ?? [];
  return isObject(detail) && "target" in detail ? `${verdict} ${String(detail["target"])}` : verdict;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null && !Array.isArray(value);
