// Our share of the host: one nftables table, and forwarding on its uplinks. The host's own tables, policies and switches stay untouched.
//
// ip_forward is left alone: writing it resets the forwarding switch of every interface, and no later write could restore each of them.
// Only the uplink's own switch is turned, which is all that replies need; what else might now be forwarded from there is dropped here, as
// the kernel did before.
import { transitRange } from "../../../model/addresses.ts";
import type { Cidr4 } from "../../../model/cidr.ts";
import type { HostFacts, Uplink, Uplink6 } from "../host-facts.ts";
import { hostNamespace } from "../names.ts";
import type { NftRule, SpecObject } from "../objects/object.ts";
import type { Unit } from "../spec.ts";
import { uplinkGuard } from "../uplink-guard.ts";
import { hostForwardRules6, hostNatRules6, hostSets6, uplinkGuards6, uplinkSwitches6 } from "./internet6.ts";
import { nftRule } from "./rule-text.ts";
import { spreadPorts } from "./spread-ports.ts";

/** Host ends of all internet gateways. */
export const gatewayLinkSet = "gateways";
/** Each gateway with each address that may be sent from it: its router's own, and the public ones of its VPC. */
export const publicsSet = "publics";

const why = {
  table: "vpcctl's one table on the host: it keeps VPCs away from the host and from each other, and translates what leaves.",
  uplink: "Replies arrive on the uplink and must be forwarded to the gateway. Only this interface is switched; how it was is kept in the gateway's alias.",
};

/** `ipv6`: some VPC has a way out by IPv6. */
export function hostUnit(pool: Cidr4, ipv6: boolean, facts: () => HostFacts): Unit {
  return { madeFrom: [pool, ipv6], objects: () => hostObjects(pool, ipv6, facts()) };
}

function hostObjects(pool: Cidr4, ipv6: boolean, facts: HostFacts): SpecObject[] {
  const { uplinks } = facts;
  const uplinks6 = ipv6 ? (facts.uplinks6 ?? []) : undefined;
  const table = { namespace: hostNamespace, family: "inet", why: why.table } as const;
  const switched = switchedOf(uplinks);
  return [
    { kind: "nft-table", ...table },
    { kind: "nft-set", ...table, set: gatewayLinkSet, map: false, type: "type ifname" },
    { kind: "nft-set", ...table, set: publicsSet, map: false, type: "type ifname . ipv4_addr" },
    ...(uplinks6 === undefined ? [] : hostSets6(table)),
    // Before the usual filter priority (0): what we drop costs other tables nothing.
    { kind: "nft-chain", ...table, chain: "input", hook: { type: "filter", hook: "input", priority: -10, policy: "accept" }, rules: inputRules },
    { kind: "nft-chain", ...table, chain: "forward", hook: { type: "filter", hook: "forward", priority: -10, policy: "accept" }, rules: forwardRules(pool, uplinks, uplinks6) },
    { kind: "nft-chain", ...table, chain: "postrouting", hook: { type: "nat", hook: "postrouting", priority: 100, policy: "accept" }, rules: natRules(pool, ipv6) },
    ...switched.map(
      ({ link }): SpecObject => ({ kind: "sysctl", namespace: hostNamespace, key: `net/ipv4/conf/${link}/forwarding`, value: "1", was: "0", why: why.uplink }),
    ),
    ...uplinkSwitches6(uplinks6 ?? []),
  ];
}

const fromGateway = `iifname @${gatewayLinkSet}`;
const toGateway = `oifname @${gatewayLinkSet}`;

const inputRules = [
  nftRule(`${fromGateway} ct state { established, related } accept`, "answers to the host itself"),
  nftRule(`${fromGateway} drop`, "a VPC does not reach addresses of the host itself"),
];

/** Those that did not forward before. */
const switchedOf = (uplinks: readonly Uplink[]) => uplinks.flatMap(({ link, forwardingWas }) => (forwardingWas === "1" ? [] : [{ link, forwardingWas }]));

const forwardRules = (pool: Cidr4, uplinks: readonly Uplink[], uplinks6?: readonly Uplink6[]): NftRule[] => [
  nftRule(`${fromGateway} iifname . ip saddr != @${publicsSet} drop`, "nothing leaves that its router did not translate"),
  ...(uplinks6 === undefined ? [] : hostForwardRules6(gatewayLinkSet)),
  // Of the pool: the set has the routers' own transit addresses too, which are nobody else's business.
  nftRule(`${fromGateway} ${toGateway} ip daddr ${pool} oifname . ip daddr @${publicsSet} accept`, "VPCs meet outside, by their public addresses"),
  nftRule(`${fromGateway} ${toGateway} drop`, "and there is no other way from the gateway of one VPC to that of another"),
  nftRule(`${fromGateway} ip daddr ${pool} drop`, "a public address that nobody has leads nowhere, and not to the world"),
  // Docker, libvirt and their like keep them behind bridges; our rules in their chains say yes to all that a gateway sends.
  nftRule(`${fromGateway} meta oifkind "bridge"${notAnUplink([...uplinks, ...(uplinks6 ?? [])])} drop`, "no way to the containers and machines of this host"),
  nftRule(`${toGateway} ct state != { established, related } drop`, "from outside only replies"),
  ...switchedOf(uplinks).map(({ link, forwardingWas }) => uplinkGuard(link, forwardingWas, gatewayLinkSet)),
  ...uplinkGuards6(uplinks6 ?? [], gatewayLinkSet),
];

/** A bridge may itself be the way to the world. */
function notAnUplink(uplinks: readonly { readonly link: string }[]): string {
  const links = new Set(uplinks.map(({ link }) => `"${link}"`));
  return links.size === 0 ? "" : ` oifname != { ${[...links].join(", ")} }`;
}

const natRules = (pool: Cidr4, ipv6: boolean) => [
  nftRule(
    `ip saddr { ${pool}, ${transitRange} } oifname != @${gatewayLinkSet} masquerade ${spreadPorts}`,
    "public addresses mean nothing outside this machine: there they all are the host",
  ),
  ...(ipv6 ? hostNatRules6(gatewayLinkSet) : []),
];
