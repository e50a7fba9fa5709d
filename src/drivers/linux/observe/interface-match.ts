import type { NftRuleJson } from "./json.ts";

export interface InterfaceMatch {
  readonly direction: "iifname" | "oifname";
  readonly link: string;
}

/** The interface that a rule names first of all; undefined when it begins with something else. */
export function interfaceMatch({ expr }: NftRuleJson): InterfaceMatch | undefined {
  const match = expr[0]?.["match"] as { left?: { meta?: { key?: unknown } }; right?: unknown } | undefined;
  const direction = match?.left?.meta?.key;
  if ((direction !== "iifname" && direction !== "oifname") || typeof match?.right !== "string") return undefined;
  return { direction, link: match.right };
}
