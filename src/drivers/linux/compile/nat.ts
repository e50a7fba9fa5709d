// Address translation in the router, all of it at the internet gateway's link. Only the first packet of a flow asks these chains;
// conntrack remembers for the rest.
import { transitAddresses } from "../../../model/addresses.ts";
import type { Vpc } from "../../../model/world.ts";
import { gatewayRouterLink } from "../names.ts";
import type { NftRule } from "../objects/object.ts";
import { publicInMap, publicOutMap } from "./public-address.ts";
import { nftRule } from "./rule-text.ts";
import { spreadPorts } from "./spread-ports.ts";

/** Next hop (the NAT gateway's address in its subnet) : its Elastic IP. */
export const natGatewaysMap = "nat-gateways";

/**
 * A NAT gateway has 55,000 flows to one destination (address, port and protocol) at a time, as in EC2. Each has its own address, so one
 * that has used up its ports leaves all others theirs; outside, all share those of the host, which has 64,512.
 */
export const natPorts = "1024-56023";

/** Chain `prerouting`: what comes in for a public address. */
export const inwardRules = (): NftRule[] => [
  nftRule(`iifname "${gatewayRouterLink}" dnat ip to ip daddr map @${publicInMap}`, "from outside to the owner of the public address"),
];

/** Chain `postrouting`: what leaves. */
export const outwardRules = (vpc: Vpc): NftRule[] => [
  nftRule(`oifname "${gatewayRouterLink}" ip saddr ${transitAddresses(vpc.number).router} accept`, "the router itself speaks under its own address"),
  nftRule(
    `oifname "${gatewayRouterLink}" meta l4proto { tcp, udp } snat ip to rt ip nexthop map @${natGatewaysMap} : ${natPorts} ${spreadPorts}`,
    "by a NAT gateway, under its Elastic IP and one of 55,000 ports per destination",
  ),
  nftRule(`oifname "${gatewayRouterLink}" snat ip to rt ip nexthop map @${natGatewaysMap}`, "what has no ports, under its Elastic IP"),
  nftRule(`oifname "${gatewayRouterLink}" snat ip to ip saddr map @${publicOutMap}`, "by the internet gateway, each under its own public address"),
  nftRule(`oifname "${gatewayRouterLink}" meta nfproto ipv4 drop`, "who has no public address does not get out"),
];
