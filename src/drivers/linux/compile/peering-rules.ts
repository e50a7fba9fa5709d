// What the router's firewall has for peerings: two sets of blocks by link, and a fixed handful of rules. A peering more is elements more.
import type { Vpc } from "../../../model/world.ts";
import type { NftRule, SpecObject } from "../objects/object.ts";
import { nftRule } from "./rule-text.ts";
import { toReceiverChain } from "./router-lists.ts";

/** Link of a peering . source in the other VPC . destination in this one. */
export const fromPeersSet = "from-peers";
/** Link of a peering . source in this VPC . destination in the other. */
export const toPeersSet = "to-peers";
/** Link of a peering . address in the other VPC : the number of its combination of groups, for rules here that name one of them. */
export const peerIdentitiesMap = "peer-identities";
/** The same three for IPv6 have this at their end. */
export const ipv6Suffix = "6";
/** Judges what is to leave by a peering. */
export const toPeerChain = "to-peer";

type Table = Pick<Extract<SpecObject, { kind: "nft-chain" }>, "namespace" | "family" | "why">;

interface Family {
  readonly suffix: string;
  /** Header, and type of its addresses. */
  readonly ip: string;
  readonly type: string;
}

const ipv4: Family = { suffix: "", ip: "ip", type: "ipv4_addr" };
const ipv6: Family = { suffix: ipv6Suffix, ip: "ip6", type: "ipv6_addr" };
/** What the VPC speaks. */
const familiesOf = ({ ipv6Cidr }: Vpc): readonly Family[] => (ipv6Cidr === undefined ? [ipv4] : [ipv4, ipv6]);

/** Sets and the chain; before all chains that speak of them. */
export function peeringTables(vpc: Vpc, table: Table): SpecObject[] {
  return [
    ...familiesOf(vpc).flatMap(({ suffix, type }): SpecObject[] => [
      { kind: "nft-set", ...table, set: `${fromPeersSet}${suffix}`, map: false, type: `type ifname . ${type} . ${type}; flags interval` },
      { kind: "nft-set", ...table, set: `${toPeersSet}${suffix}`, map: false, type: `type ifname . ${type} . ${type}; flags interval` },
      { kind: "nft-set", ...table, set: `${peerIdentitiesMap}${suffix}`, map: true, type: `type ifname . ${type} : mark` },
    ]),
    { kind: "nft-chain", ...table, chain: toPeerChain, rules: toPeerRules(vpc) },
  ];
}

const toPeerRules = (vpc: Vpc): NftRule[] => [
  ...familiesOf(vpc).map(({ suffix, ip }) =>
    nftRule(`oifname . ${ip} saddr . ${ip} daddr @${toPeersSet}${suffix} accept`, "from and to blocks that may use the peering"),
  ),
  nftRule("drop", "everything else stays here"),
];

/** Chain `forward`, after the line that asks who the receiver is. */
export const peerReceiverRules = (vpc: Vpc): NftRule[] =>
  familiesOf(vpc).map(({ suffix, ip }) =>
    nftRule(`meta mark set oifname . ${ip} daddr map @${peerIdentitiesMap}${suffix}`, "or whom in a peered VPC, for rules that name a group of it"),
  );

/** Chain `to-receiver`, after the line that asks who the sender is. */
export const peerSenderRules = (vpc: Vpc): NftRule[] =>
  familiesOf(vpc).map(({ suffix, ip }) =>
    nftRule(`meta mark set iifname . ${ip} saddr map @${peerIdentitiesMap}${suffix}`, "or who in a peered VPC, for rules that name a group of it"),
  );

/** Chain `forward`, at its end. */
export const fromPeerRules = (vpc: Vpc): NftRule[] =>
  familiesOf(vpc).map(({ suffix, ip }) =>
    nftRule(`iifname . ${ip} saddr . ${ip} daddr @${fromPeersSet}${suffix} goto ${toReceiverChain}`, "in by a peering, between blocks that may use it"),
  );
