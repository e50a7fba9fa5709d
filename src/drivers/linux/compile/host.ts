// Our share of the host: one nftables table, and forwarding on its uplinks. The host's own tables, policies and switches stay untouched.
//
// ip_forward is left alone: writing it resets the forwarding switch of every interface, and no later write could restore each of them.
// Only the uplink's own switch is turned, which is all that replies need; what else might now be forwarded from there is dropped here, as
// the kernel did before.
import type { HostFacts, Uplink } from "../host-facts.ts";
import { hostNamespace } from "../names.ts";
import type { NftRule, SpecObject } from "../objects/object.ts";
import type { Unit } from "../spec.ts";
import { uplinkGuard } from "../uplink-guard.ts";
import { nftRule } from "./rule-text.ts";

/** Host ends of all internet gateways. */
export const gatewayLinkSet = "gateways";
/** Transit addresses of all routers. */
export const gatewayAddressSet = "routers";

const why = {
  table: "vpcctl's one table on the host: it keeps VPCs away from the host and from each other, and translates what leaves.",
  uplink: "Replies arrive on the uplink and must be forwarded to the gateway. Only this interface is switched; how it was is kept in the gateway's alias.",
};

export function hostUnit(facts: () => HostFacts): Unit {
  return { madeFrom: [], objects: () => hostObjects(facts()) };
}

function hostObjects({ uplinks }: HostFacts): SpecObject[] {
  const table = { namespace: hostNamespace, family: "inet", why: why.table } as const;
  const switched = switchedOf(uplinks);
  return [
    { kind: "nft-table", ...table },
    { kind: "nft-set", ...table, set: gatewayLinkSet, map: false, type: "type ifname" },
    { kind: "nft-set", ...table, set: gatewayAddressSet, map: false, type: "type ipv4_addr" },
    // Before the usual filter priority (0): what we drop costs other tables nothing.
    { kind: "nft-chain", ...table, chain: "input", hook: { type: "filter", hook: "input", priority: -10, policy: "accept" }, rules: inputRules },
    { kind: "nft-chain", ...table, chain: "forward", hook: { type: "filter", hook: "forward", priority: -10, policy: "accept" }, rules: forwardRules(uplinks) },
    { kind: "nft-chain", ...table, chain: "postrouting", hook: { type: "nat", hook: "postrouting", priority: 100, policy: "accept" }, rules: natRules },
    ...switched.map(
      ({ link }): SpecObject => ({ kind: "sysctl", namespace: hostNamespace, key: `net/ipv4/conf/${link}/forwarding`, value: "1", was: "0", why: why.uplink }),
    ),
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

const forwardRules = (uplinks: readonly Uplink[]): NftRule[] => [
  nftRule(`${fromGateway} ${toGateway} drop`, "no way from the gateway of one VPC to that of another"),
  // Docker, libvirt and their like keep them behind bridges; our rules in their chains say yes to all that a gateway sends.
  nftRule(`${fromGateway} meta oifkind "bridge"${notAnUplink(uplinks)} drop`, "no way to the containers and machines of this host"),
  nftRule(`${fromGateway} ip saddr != @${gatewayAddressSet} drop`, "nothing leaves that its router did not translate"),
  nftRule(`${toGateway} ct state != { established, related } drop`, "from outside only replies"),
  ...switchedOf(uplinks).map(({ link, forwardingWas }) => uplinkGuard(link, forwardingWas, gatewayLinkSet)),
];

/** A bridge may itself be the way to the world. */
function notAnUplink(uplinks: readonly Uplink[]): string {
  return uplinks.length === 0 ? "" : ` oifname != { ${uplinks.map(({ link }) => `"${link}"`).join(", ")} }`;
}

const natRules = [nftRule(`ip saddr @${gatewayAddressSet} oifname != @${gatewayLinkSet} masquerade`, "routers go out under the address of the host")];
