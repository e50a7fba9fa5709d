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

/** `"a"`, `{concat: [...]}`, or either inside `{elem: {val: ...}}`, as the key text that nft writes and we write. */
export function elementKey(element: unknown): string {
  if (typeof element !== "object" || element === null) return String(element);
  if ("elem" in element && typeof element.elem === "object" && element.elem !== null && "val" in element.elem) return elementKey(element.elem.val);
  if ("concat" in element && Array.isArray(element.concat)) return element.concat.map(String).join(" . ");
  return JSON.stringify(element);
}
