import type { NftRule } from "../objects/object.ts";

/** A rule with a comment that says why, and a tag of the rule's text: nft rewrites rules when it lists them, a tag compares exactly. */
export function nftRule(text: string, why: string): NftRule {
  return { text, comment: `${why} #${new Bun.CryptoHasher("sha256").update(text).digest("hex").slice(0, 6)}` };
}
