// The router's nftables: sets that grow with the VPC, and a fixed handful of rules that look things up in them. A packet costs the same
// with ten attachments and with a thousand, and a new one adds elements, never rules.
//
// A new flow inside the VPC passes two gates. `egress`: the sender's groups (it is known by its MAC, which was checked at the port, so a
// router instance is known too); a line that allows it leads on to `to-receiver`. `ingress`: the groups of whoever is the next hop, which
// is the receiver, a router instance, or a gateway. What no line allows ends in the policy: drop.
import { transitAddresses } from "../../../model/addresses.ts";
import { cidrsOf } from "../../../model/vpc-cidrs.ts";
import type { Vpc, World } from "../../../model/world.ts";
import { gatewayRouterLink, routerNamespace } from "../names.ts";
import type { NftRule, SpecObject } from "../objects/object.ts";
import { dnsInputRules, dnsTables } from "./dns.ts";
import { faultForwardRules } from "./faults.ts";
import { bridgeTables6, inputRules6, receiverGate6, receiverIdentity6, routerTables6, senderIdentity6, senderRules6 } from "./ipv6.ts";
import { inwardRules6, openSet6, outwardRules6 } from "./internet6.ts";
import { inwardRules, natGatewaysMap, outwardRules } from "./nat.ts";
import { fromPeerRules, peeringTables, peerReceiverRules, peerSenderRules } from "./peering-rules.ts";
import { isPeered } from "./peering.ts";
import { publicInMap, publicOutMap } from "./public-address.ts";
import { egressMap, forwardersMap, identitiesMap, ingressMap, sourcesMap, toReceiverChain } from "./router-lists.ts";
import { nftRule } from "./rule-text.ts";

const why = {
  bridge: "Who may send what: each port only with its own MAC and IP address, in ARP as well. What is not on the list is dropped.",
  inet: "What the router lets through. Nothing passes that no rule allows.",
};

export function routerTables(world: World, vpc: Vpc, bridges: readonly string[]): SpecObject[] {
  const namespace = routerNamespace(vpc.name);
  const bridgeTable = { namespace, family: "bridge", why: why.bridge } as const;
  const inetTable = { namespace, family: "inet", why: why.inet } as const;
  const peered = isPeered(world, vpc);
  const ours = bridges.length === 1 ? `"${bridges[0]}"` : `{ ${bridges.map((link) => `"${link}"`).join(", ")} }`;
  return [
    { kind: "nft-table", ...bridgeTable },
    map(bridgeTable, sourcesMap, "typeof iifname . ether saddr . ip saddr : meta mark"),
    map(bridgeTable, forwardersMap, "typeof iifname . ether saddr : meta mark"),
    ...bridgeTables6(vpc, bridgeTable),
    chain(bridgeTable, "prerouting", [...senderRules, ...senderRules6(vpc, forwardersMap)], { type: "filter", hook: "prerouting", priority: -300, policy: "drop" }),
    { kind: "nft-table", ...inetTable },
    map(inetTable, egressMap, "type ether_addr : verdict"),
    map(inetTable, ingressMap, "type ipv4_addr : verdict"),
    map(inetTable, identitiesMap, "type ipv4_addr : mark"),
    ...routerTables6(vpc, inetTable),
    ...dnsTables(vpc, ours),
    chain(inetTable, "input", [...inputRules(ours), ...inputRules6(vpc, ours), ...dnsInputRules(vpc, ours)], { type: "filter", hook: "input", priority: 0, policy: "drop" }),
    ...(peered ? peeringTables(vpc, inetTable) : []),
    chain(inetTable, toReceiverChain, receiverRules(vpc, peered)),
    ...openSet6(vpc, inetTable),
    chain(inetTable, "forward", forwardRules(vpc, peered, ours), { type: "filter", hook: "forward", priority: 0, policy: "drop" }),
    ...(vpc.internetGateway ? translation(inetTable, vpc) : []),
  ];
}

function translation(table: Table, vpc: Vpc): SpecObject[] {
  return [
    map(table, publicOutMap, "type ipv4_addr : ipv4_addr"),
    map(table, publicInMap, "type ipv4_addr : ipv4_addr"),
    map(table, natGatewaysMap, "type ipv4_addr : ipv4_addr"),
    chain(table, "prerouting", inwardRules(), { type: "nat", hook: "prerouting", priority: -100, policy: "accept" }),
    chain(table, "postrouting", outwardRules(vpc), { type: "nat", hook: "postrouting", priority: 100, policy: "accept" }),
  ];
}

type Table = Pick<Extract<SpecObject, { kind: "nft-chain" }>, "namespace" | "family" | "why">;
type Hook = NonNullable<Extract<SpecObject, { kind: "nft-chain" }>["hook"]>;

const map = (table: Table, set: string, type: string): SpecObject => ({ kind: "nft-set", ...table, set, map: true, type });

const chain = (table: Table, name: string, rules: readonly NftRule[], hook?: Hook): SpecObject => ({
  kind: "nft-chain",
  ...table,
  chain: name,
  ...(hook === undefined ? {} : { hook }),
  rules,
});

const senderRules = [
  nftRule(
    `meta mark set iifname . ether saddr . ip saddr map @${sourcesMap} accept`,
    "a sender that is who it says gets the mark of its route table",
  ),
  // Both the frame's sender and the one named in the ARP message must be the port's own: two look-ups in one rule. ARP asks for somebody in
  // the same subnet, about whom no route table has a say, so its mark is none.
  nftRule(
    `meta mark set iifname . ether saddr . arp saddr ip map @${sourcesMap} meta mark set iifname . arp saddr ether . arp saddr ip map @${sourcesMap} meta mark set 0 accept`,
    "nobody speaks ARP in the name of another",
  ),
  nftRule(`ether type ip meta mark set iifname . ether saddr map @${forwardersMap} accept`, "a router instance sends what others have sent to it"),
];

const inputRules = (bridges: string): NftRule[] => [
  nftRule("ct state { established, related } accept", "answers to the router itself"),
  nftRule(`iifname ${bridges} icmp type echo-request accept`, "the router answers ping from inside"),
];

function forwardRules(vpc: Vpc, peered: boolean, bridges: string): NftRule[] {
  return [
    ...faultForwardRules(vpc),
    ...(vpc.internetGateway ? [straightAnswers(vpc), halfHeard(vpc, bridges)] : []),
    ...outwardRules6(vpc),
    nftRule("ct state vmap { invalid : drop, established : accept, related : accept }", "a flow once let in keeps its way"),
    nftRule(`meta mark set ip daddr map @${identitiesMap}`, "whom it goes to, for rules that name a group"),
    ...receiverIdentity6(vpc),
    ...(peered ? peerReceiverRules(vpc) : []),
    nftRule(`ether saddr vmap @${egressMap}`, "the sender's gate: the egress rules of its groups"),
    ...(vpc.internetGateway
      ? [nftRule(`iifname "${gatewayRouterLink}" ct status dnat goto ${toReceiverChain}`, "in by the internet gateway, for the owner of a public address")]
      : []),
    ...inwardRules6(vpc, toReceiverChain),
    ...(peered ? fromPeerRules(vpc) : []),
  ];
}

/**
 * conntrack gives an answer its public source wherever it leaves the router. So it must not go to a router instance first, which would
 * pass on what is not the sender's any more, nor by a NAT gateway, which knows nothing of the flow.
 */
const straightAnswers = ({ number }: Vpc): NftRule =>
  nftRule(
    // Not what comes in: a ping that a router instance has passed on may have another id now, which conntrack calls dnat as well.
    `iifname != "${gatewayRouterLink}" ct direction reply ct status dnat rt ip nexthop != ${transitAddresses(number).host} drop`,
    "who was called at a public address answers by the internet gateway",
  );

/**
 * On its way to a router instance, and by it to the internet gateway, TCP is heard in one direction only: the answers come straight back
 * (passed-on.ts). conntrack, which has seen no answer, takes all that follows the first packet for nonsense. So each is judged by the two
 * gates anew, as it is with UDP. At the internet gateway the flow is whole, and nonsense is found out there.
 */
const halfHeard = (vpc: Vpc, bridges: string): NftRule =>
  nftRule(
    `ct state invalid meta l4proto tcp ip daddr != { ${cidrsOf(vpc).join(", ")} } iifname ${bridges} oifname ${bridges} ether saddr vmap @${egressMap}`,
    "to a router instance, and from there straight on: one half of a flow",
  );

const receiverRules = (vpc: Vpc, peered: boolean): NftRule[] => [
  nftRule("meta mark set 0", "who sends it must not be taken for who receives it"),
  nftRule(`meta mark set ip saddr map @${identitiesMap}`, "who sends it, for rules that name a group"),
  ...senderIdentity6(vpc),
  ...(peered ? peerSenderRules(vpc) : []),
  nftRule(`rt ip nexthop vmap @${ingressMap}`, "the gate of the receiver, or of the router or gateway that comes next"),
  ...receiverGate6(vpc),
  nftRule("drop", "nobody is there"),
];
