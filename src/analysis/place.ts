// The two ends of a question, and how a user names them.
import { hostAddress6 } from "../model/addresses6.ts";
import { instanceAttachment, subnetAttachment, type Attachment } from "../model/attachment.ts";
import { cidrContainsAddress, type Ip } from "../model/cidr-any.ts";
import { isIpv6, parseIpv6 } from "../model/cidr6.ts";
import { parseIpv4 } from "../model/cidr.ts";
import { VpcctlError } from "../model/errors.ts";
import { requireInstance, requireSubnet, requireVpc } from "../model/lookup.ts";
import { peeringBetween } from "../model/peering.ts";
import { hostPublicAddress, publicPoolOf } from "../model/public-pool.ts";
import { quote } from "../model/quote.ts";
import { requirePlace } from "../model/require-place.ts";
import type { Vpc, World } from "../model/world.ts";
import { addressesOf, attachmentAt, isInVpc, publicOwner } from "./addresses-of.ts";

export type Place =
  | { readonly kind: "attachment"; readonly vpc: Vpc; readonly attachment: Attachment }
  /** `host`: this machine, on the public side of its VPCs. `internet`: whatever is further away. */
  | { readonly kind: "outside"; readonly name: "host" | "internet" };

export interface Target {
  /** None: nobody has the address. Several: VPCs with the same blocks are peered with the sender's, and routes decide whom it means. */
  readonly places: readonly Place[];
  /** As the sender writes it on its packets. */
  readonly address: Ip;
}

/** Stands for the internet where a question names no address. */
const somewhere = { v4: parseIpv4("8.8.8.8"), v6: parseIpv6("2001:4860:4860::8888") };

export const sayPlace = (place: Place): string => (place.kind === "outside" ? place.name : `${place.vpc.name}/${place.attachment.path}`);

/** VPC/SUBNET, VPC/SUBNET/INSTANCE, VPC/INSTANCE, `internet` or `host`. Throws when there is no such thing. */
export function findPlace(world: World, text: string): Place {
  if (text === "internet" || text === "host") return { kind: "outside", name: text };
  const [vpcName = "", first = "", second, ...rest] = text.split("/");
  if (first === "" || rest.length > 0) throw notAPlace(text);
  const vpc = requireVpc(world, vpcName);
  const named = requirePlace(vpc, second === undefined ? first : `${first}/${second}`);
  if ("subnet" in named) return { kind: "attachment", vpc, attachment: subnetAttachment(requireSubnet(vpc, named.subnet)) };
  const instance = requireInstance(vpc, named.instance);
  return { kind: "attachment", vpc, attachment: instanceAttachment(requireSubnet(vpc, instance.subnet), instance) };
}

/** As findPlace, or an address, which is read as the sender would: private in its own VPC, then in peered ones, then public. */
export function findTarget(world: World, from: Place, text: string, wantsIpv6 = false): Target {
  if (/^[\d.]+$/.test(text) || text.includes(":")) {
    const address = isIpv6(text) ? parseIpv6(text) : parseIpv4(text);
    return { places: whose(world, from, address), address };
  }
  const place = findPlace(world, text);
  if (place.kind === "attachment") return { places: [place], address: addressFor(world, from, place, wantsIpv6) };
  if (place.name === "host") return { places: [place], address: wantsIpv6 ? hostAddress6 : hostPublicAddress(publicPoolOf(world)) };
  return { places: [place], address: wantsIpv6 ? somewhere.v6 : somewhere.v4 };
}

function whose(world: World, from: Place, address: Ip): Place[] {
  if (from.kind === "attachment") {
    const peers = Object.values(world.vpcs).filter((vpc) => peeringBetween(world, from.vpc.name, vpc.name) !== undefined);
    const vpcs = isInVpc(from.vpc, address) ? [from.vpc] : peers.filter((vpc) => isInVpc(vpc, address));
    if (vpcs.length > 0) return vpcs.flatMap((vpc) => placeAt(vpc, attachmentAt(vpc, address)));
  }
  if (isIpv6(address)) return whoseOutside6(world, address);
  const pool = publicPoolOf(world);
  if (address === hostPublicAddress(pool)) return [{ kind: "outside", name: "host" }];
  const owner = publicOwner(world, address);
  if (owner !== undefined) return placeAt(owner.vpc, "attachment" in owner ? owner.attachment : undefined);
  return cidrContainsAddress(pool, address) ? [] : [{ kind: "outside", name: "internet" }];
}

/** By IPv6 everybody has one address, inside and outside. */
function whoseOutside6(world: World, address: Ip): Place[] {
  const vpc = Object.values(world.vpcs).find((one) => isInVpc(one, address));
  if (vpc !== undefined) return placeAt(vpc, attachmentAt(vpc, address));
  return [{ kind: "outside", name: address === hostAddress6 ? "host" : "internet" }];
}

const placeAt = (vpc: Vpc, attachment: Attachment | undefined): Place[] => (attachment === undefined ? [] : [{ kind: "attachment", vpc, attachment }]);

/** The private address where it can be used: in the same VPC, and in one that is peered. Otherwise the public one, if there is one. */
function addressFor(world: World, from: Place, { vpc, attachment }: Extract<Place, { kind: "attachment" }>, wantsIpv6: boolean): Ip {
  const inside = addressesOf(attachment).find((address) => isIpv6(address) === wantsIpv6);
  if (inside === undefined) {
    throw new VpcctlError({
      code: "InvalidParameterValue",
      message: `${vpc.name}/${attachment.path} has no IPv6 address.`,
      hint: "Ask for an IPv4 protocol, or give VPC and subnet IPv6 blocks.",
    });
  }
  if (from.kind === "attachment" && (from.vpc === vpc || peeringBetween(world, from.vpc.name, vpc.name) !== undefined)) return inside;
  return wantsIpv6 ? inside : (attachment.publicAddress ?? inside);
}

function notAPlace(text: string): VpcctlError {
  return new VpcctlError({
    code: "InvalidParameterValue",
    message: `${quote(text)} names no place.`,
    hint: "Write VPC/SUBNET, VPC/INSTANCE, VPC/SUBNET/INSTANCE, an IP address, internet or host.",
  });
}
