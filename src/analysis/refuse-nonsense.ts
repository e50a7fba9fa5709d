// Questions that no packet could ever ask. To answer them with "no" would send people looking for a setting.
import { cidrContainsAddress, type Cidr, type Ip } from "../model/cidr-any.ts";
import { isIpv6, literalCidr6 } from "../model/cidr6.ts";
import { VpcctlError } from "../model/errors.ts";
import { unusableRanges } from "../model/limits.ts";
import { addressesOf } from "./addresses-of.ts";
import type { Protocol } from "./packet.ts";
import { sayPlace, type Place, type Target } from "./place.ts";

/** Nobody's addresses, besides those that no VPC can have. Link-local ones are somebody's: that nobody gets there is an answer. */
const nowhere: readonly { readonly cidr: Cidr; readonly why: string }[] = [
  ...unusableRanges.filter(({ cidr }) => cidr !== "169.254.0.0/16"),
  { cidr: literalCidr6("::/127"), why: "it means this network, or is the loopback of every host (RFC 4291)" },
  { cidr: literalCidr6("ff00::/8"), why: "it is multicast (RFC 4291)" },
];

/** Why nobody can have this address, as the end of a sentence; `undefined` when somebody may. */
export const whyNowhere = (address: Ip): string | undefined => nowhere.find(({ cidr }) => cidrContainsAddress(cidr, address))?.why;

/** Throws InvalidParameterValue. */
export function refuseNonsense(from: Place, { places, address }: Target, { protocol }: { readonly protocol: Protocol }): void {
  const family = isIpv6(address) ? "IPv6" : "IPv4";
  if (protocol === (family === "IPv6" ? "icmp" : "icmpv6")) {
    const other = family === "IPv6" ? "icmpv6" : "icmp";
    throw refusal(`${protocol} is not sent to ${address}, an ${family} address.`, `Leave the protocol out, or say --protocol ${other}.`);
  }
  const why = whyNowhere(address);
  if (why !== undefined) throw refusal(`Nobody can have ${address}: ${why}.`, "Name an address of a host.");
  if (from.kind === "outside") refuseOutside(from, places, address);
  else if (family === "IPv6" && addressesOf(from.attachment).length === 1) {
    throw refusal(`${sayPlace(from)} has no IPv6 address.`, "Ask for an IPv4 address, or give VPC and subnet IPv6 blocks.");
  }
}

/** Of what goes on outside, the model knows nothing. */
function refuseOutside(from: Place, places: readonly Place[], address: Ip): void {
  if (places.length === 0 || places.some(({ kind }) => kind === "attachment")) return;
  const hint = "One of the two has to be: VPC/SUBNET or VPC/INSTANCE, or a public address of one (see: vpcctl addresses).";
  throw refusal(`Neither ${sayPlace(from)} nor ${address} is in a VPC.`, hint);
}

const refusal = (message: string, hint: string): VpcctlError => new VpcctlError({ code: "InvalidParameterValue", message, hint });
