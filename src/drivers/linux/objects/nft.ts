// Kinds of object in nftables. All tables of ours have one name, so a family says which.

export type NftFamily = "inet" | "bridge" | "netdev";

interface Common {
  readonly why?: string;
  readonly namespace: string;
}

export interface NftTableObject extends Common {
  readonly kind: "nft-table";
  readonly family: NftFamily;
}

export interface NftSetObject extends Common {
  readonly kind: "nft-set";
  readonly family: NftFamily;
  readonly set: string;
  readonly map: boolean;
  /** The `type` or `typeof` clause. */
  readonly type: string;
}

export interface NftChainObject extends Common {
  readonly kind: "nft-chain";
  readonly family: NftFamily;
  readonly chain: string;
  /** Absent on a chain that only other chains lead to. */
  readonly hook?: { readonly type: "filter" | "nat"; readonly hook: string; readonly priority: number; readonly policy: "accept" | "drop" };
  /** Family netdev: the link whose packets it sees. Its name ends with it, for not every nft tells it when asked. */
  readonly device?: string;
  readonly rules: readonly NftRule[];
}

export interface NftRule {
  /** Empty in what is read back: there the tag stands for the text. */
  readonly text: string;
  /** Comment on the rule: why it is there, and a short hash of its text by which a changed rule shows. */
  readonly comment: string;
}

export interface NftElementObject extends Common {
  readonly kind: "nft-element";
  readonly family: NftFamily;
  readonly set: string;
  /** As nft writes it, parts joined by ` . `. */
  readonly key: string;
  /** For a map. */
  readonly value?: string;
  /** Of a set whose elements must not overlap: what goes makes room before this one comes. */
  readonly interval?: true;
}
