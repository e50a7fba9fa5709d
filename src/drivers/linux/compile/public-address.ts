// A public address belongs to one attachment (1:1, both ways) or to one NAT gateway (outwards only). The router translates; the host
// knows only where to send it, and that nobody else may use it.
import { transitAddresses } from "../../../model/addresses.ts";
import type { Cidr4, Ipv4 } from "../../../model/cidr.ts";
import { hostPublicAddress } from "../../../model/public-pool.ts";
import type { Vpc } from "../../../model/world.ts";
import { gatewayHostLink, hostNamespace, routerNamespace } from "../names.ts";
import { mainTable } from "../numbers.ts";
import type { SpecObject } from "../objects/object.ts";
import { publicsSet } from "./host.ts";

/** Private address : public address, for what leaves by the internet gateway. */
export const publicOutMap = "public-out";
/** Public address : private address, for what comes in by it. */
export const publicInMap = "public-in";

const why = {
  route: "The host sends what is for the public address to the VPC's internet gateway.",
  list: "Only this gateway may send under this public address.",
  translate: "The internet gateway translates one to one: outside there is only the public address, inside only the private one.",
};

/** What the host must know of a public address of this VPC. */
export function publicRouteObjects(vpc: Vpc, pool: Cidr4, publicAddress: Ipv4): SpecObject[] {
  const link = gatewayHostLink(vpc.name);
  return [
    { kind: "nft-element", namespace: hostNamespace, family: "inet", set: publicsSet, key: `${link} . ${publicAddress}`, why: why.list },
    {
      kind: "route",
      namespace: hostNamespace,
      table: mainTable,
      destination: `${publicAddress}/32`,
      type: "unicast",
      via: transitAddresses(vpc.number).router,
      link,
      onlink: true,
      source: hostPublicAddress(pool),
      why: why.route,
    },
  ];
}

/** The public address of an attachment. */
export function publicAddressObjects(vpc: Vpc, pool: Cidr4, { address, publicAddress }: { readonly address: Ipv4; readonly publicAddress: Ipv4 }): SpecObject[] {
  const element = { kind: "nft-element", namespace: routerNamespace(vpc.name), family: "inet", why: why.translate } as const;
  return [
    ...publicRouteObjects(vpc, pool, publicAddress),
    { ...element, set: publicOutMap, key: address, value: publicAddress },
    { ...element, set: publicInMap, key: publicAddress, value: address },
  ];
}
