// What the router's firewall has for peerings: two sets of blocks by link, and a fixed handful of rules. A peering more is elements more.
import type { NftRule, SpecObject } from "../objects/object.ts";
import { nftRule } from "./rule-text.ts";
import { toReceiverChain } from "./router-firewall.ts";

/** Link of a peering . source in the other VPC . destination in this one. */
export const fromPeersSet = "from-peers";
/** Link of a peering . source in this VPC . destination in the other. */
export const toPeersSet = "to-peers";
/** Link of a peering . address in the other VPC : the number of its combination of groups, for rules here that name one of them. */
export const peerIdentitiesMap = "peer-identities";
/** Judges what is to leave by a peering. */
export const toPeerChain = "to-peer";

type Table = Pick<Extract<SpecObject, { kind: "nft-chain" }>, "namespace" | "family" | "why">;

/** Sets and the chain; before all chains that speak of them. */
export function peeringTables(table: Table): SpecObject[] {
  const blocks = "type ifname . ipv4_addr . ipv4_addr; flags interval";
  return [
    { kind: "nft-set", ...table, set: fromPeersSet, map: false, type: blocks },
    { kind: "nft-set", ...table, set: toPeersSet, map: false, type: blocks },
    { kind: "nft-set", ...table, set: peerIdentitiesMap, map: true, type: "type ifname . ipv4_addr : mark" },
    { kind: "nft-chain", ...table, chain: toPeerChain, rules: toPeerRules() },
  ];
}

const toPeerRules = (): NftRule[] => [
  nftRule(`oifname . ip saddr . ip daddr @${toPeersSet} accept`, "from and to blocks that may use the peering"),
  nftRule("drop", "everything else stays here"),
];

/** Chain `forward`, after the line that asks who the receiver is. */
export const peerReceiverRules = (): NftRule[] => [
  nftRule(`meta mark set oifname . ip daddr map @${peerIdentitiesMap}`, "or whom in a peered VPC, for rules that name a group of it"),
];

/** Chain `to-receiver`, after the line that asks who the sender is. */
export const peerSenderRules = (): NftRule[] => [
  nftRule(`meta mark set iifname . ip saddr map @${peerIdentitiesMap}`, "or who in a peered VPC, for rules that name a group of it"),
];

/** Chain `forward`, at its end. */
export const fromPeerRules = (): NftRule[] => [
  nftRule(`iifname . ip saddr . ip daddr @${fromPeersSet} goto ${toReceiverChain}`, "in by a peering, between blocks that may use it"),
];
