// The router's nftables: sets that grow with the VPC, and a fixed handful of rules that look things up in them. A packet costs the same
// with ten subnets and with a thousand, and a new subnet adds elements, never rules.
import { transitAddresses } from "../../../model/addresses.ts";
import type { Vpc } from "../../../model/world.ts";
import { gatewayRouterLink, routerNamespace } from "../names.ts";
import type { NftRule, SpecObject } from "../objects/object.ts";
import { nftRule } from "./rule-text.ts";

/** Which address and MAC may send from which port, and under which route table's mark. */
export const sourcesMap = "sources";
/** Every address that somebody in the VPC has. */
export const attachedSet = "attached";

const why = {
  bridge: "Who may send what: each port only with its own MAC and IP address, in ARP as well. What is not on the list is dropped.",
  inet: "What the router lets through. Nothing passes that no rule allows.",
};

export function routerTables(vpc: Vpc, bridges: readonly string[]): SpecObject[] {
  const namespace = routerNamespace(vpc.name);
  const bridgeTable = { namespace, family: "bridge", why: why.bridge } as const;
  const inetTable = { namespace, family: "inet", why: why.inet } as const;
  const ours = bridges.length === 1 ? `"${bridges[0]}"` : `{ ${bridges.map((link) => `"${link}"`).join(", ")} }`;
  return [
    { kind: "nft-table", ...bridgeTable },
    { kind: "nft-set", ...bridgeTable, set: sourcesMap, map: true, type: "typeof iifname . ether saddr . ip saddr : meta mark" },
    chain(bridgeTable, "prerouting", { type: "filter", hook: "prerouting", priority: -300, policy: "drop" }, senderRules),
    { kind: "nft-table", ...inetTable },
    { kind: "nft-set", ...inetTable, set: attachedSet, map: false, type: "type ipv4_addr" },
    chain(inetTable, "input", { type: "filter", hook: "input", priority: 0, policy: "drop" }, inputRules(ours)),
    chain(inetTable, "forward", { type: "filter", hook: "forward", priority: 0, policy: "drop" }, forwardRules(vpc, ours)),
    ...(vpc.internetGateway
      ? [chain(inetTable, "postrouting", { type: "nat", hook: "postrouting", priority: 100, policy: "accept" }, natRules(vpc))]
      : []),
  ];
}

type Table = Pick<Extract<SpecObject, { kind: "nft-chain" }>, "namespace" | "family" | "why">;
type Hook = Extract<SpecObject, { kind: "nft-chain" }>["hook"];

const chain = (table: Table, name: string, hook: Hook, rules: readonly NftRule[]): SpecObject => ({ kind: "nft-chain", ...table, chain: name, hook, rules });

const senderRules = [
  nftRule(
    `meta mark set iifname . ether saddr . ip saddr map @${sourcesMap} accept`,
    "a sender that is who it says gets the mark of its route table",
  ),
  // Both the frame's sender and the one named in the ARP message must be the port's own: two look-ups in one rule.
  nftRule(
    `meta mark set iifname . ether saddr . arp saddr ip map @${sourcesMap} meta mark set iifname . arp saddr ether . arp saddr ip map @${sourcesMap} accept`,
    "nobody speaks ARP in the name of another",
  ),
];

const inputRules = (bridges: string): NftRule[] => [
  nftRule("ct state { established, related } accept", "answers to the router itself"),
  nftRule(`iifname ${bridges} icmp type echo-request accept`, "the router answers ping from inside"),
];

function forwardRules(vpc: Vpc, bridges: string): NftRule[] {
  const rules = [
    nftRule("ct state vmap { invalid : drop, established : accept, related : accept }", "a flow once let in keeps its way"),
    nftRule(`iifname ${bridges} oifname ${bridges} ip daddr @${attachedSet} accept`, "inside the VPC everybody reaches whoever exists"),
  ];
  if (vpc.internetGateway) {
    rules.push(nftRule(`iifname ${bridges} oifname "${gatewayRouterLink}" accept`, "out by the internet gateway; the route table has decided"));
  }
  return rules;
}

const natRules = (vpc: Vpc): NftRule[] => [
  nftRule(
    `oifname "${gatewayRouterLink}" snat ip to ${transitAddresses(vpc.number).router}`,
    "VPCs may overlap, so outside each has one address",
  ),
];
