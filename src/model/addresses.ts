// Which address of a subnet does what, and which MAC belongs to it. The plan is AWS's: the first four addresses and the last are taken.
//
//   network   router   resolver   kept   first host ...   broadcast
//   .0        .1       .2         .3     .4               last
//
// MACs are computed, never learnt: the router holds a permanent neighbour entry per address, so no ARP has to cross it.
import { broadcast, cidrRange, ipToNumber, nthAddress, numberToIp, type Cidr4, type Ipv4 } from "./cidr.ts";
import type { Ipv6 } from "./cidr6.ts";

/** 02 marks a locally administered unicast address, 76 is 'v'. Address bytes follow, so two attachments of a VPC never share a MAC. */
const macPrefix = "02:76";

/** The router's MAC on every bridge. It stands for 0.0.0.1, which no attachment can have. */
export const routerMac = "02:76:00:00:00:01";

/** The link-local /18 that holds two addresses per VPC, for the veth pair between router and host. */
export const transitRange = "169.254.64.0/18" as Cidr4;

/** The link-local half that holds two addresses per peering, for the veth pair between two routers. */
export const peeringRange = "169.254.128.0/17" as Cidr4;

/** In the middle of it: resolver, clock and metadata service of a cloud machine. No router has an address there. */
export const wellKnownRange = "169.254.169.0/24" as Cidr4;

/** Reserved by the plan: .0 to .3 and the broadcast address. */
export const reservedPerSubnet = 5;

/** The longest prefix of a subnet that still has a .4 besides its broadcast address. */
export const longestSubnetPrefix = 29;

/** The gateway of everything in the subnet. */
export const routerAddress = (subnet: Cidr4): Ipv4 => nthAddress(subnet, 1);

/** Kept for the VPC's DNS resolver. */
export const resolverAddress = (subnet: Cidr4): Ipv4 => nthAddress(subnet, 2);

/** Kept, as AWS does, for future use. */
export const keptAddress = (subnet: Cidr4): Ipv4 => nthAddress(subnet, 3);

/** The address of the subnet's own namespace. */
export const firstHost = (subnet: Cidr4): Ipv4 => nthAddress(subnet, 4);

/** How many addresses are left for hosts, the subnet's own namespace included. */
export const hostCount = (subnet: Cidr4): number => cidrRange(subnet).size - reservedPerSubnet;

/** Is this address of the subnet one that no host may have? */
export function isReserved(subnet: Cidr4, address: Ipv4): boolean {
  return ipToNumber(address) - cidrRange(subnet).base < 4 || address === broadcast(subnet);
}

/** The MAC of the attachment with this address. */
export function macOf(address: Ipv4): string {
  return `${macPrefix}:${ipToNumber(address).toString(16).padStart(8, "0").replace(/..(?!$)/g, "$&:")}`;
}

/** Both ends of a VPC's internet link. `vpcNumber` is 1..8191; 0 is left free so that no end has the network address. */
export function transitAddresses(vpcNumber: number): { readonly host: Ipv4; readonly router: Ipv4 } {
  const host = nthAddress(transitRange, 2 * vpcNumber);
  return { host, router: numberToIp(ipToNumber(host) + 1) };
}

/** How many pairs the range for peerings has. The one with the network address is not used. */
export const peeringCapacity = (cidrRange(peeringRange).size - cidrRange(wellKnownRange).size) / 2 - 1;

/** Both ends of a peering's link. `number` is 1..peeringCapacity. */
export function peeringAddresses(number: number): { readonly requester: Ipv4; readonly accepter: Ipv4 } {
  const taken = cidrRange(wellKnownRange);
  const plain = cidrRange(peeringRange).base + 2 * number;
  const requester = plain < taken.base ? plain : plain + taken.size;
  return { requester: numberToIp(requester), accepter: numberToIp(requester + 1) };
}

/** The same for IPv6: link-local, alike in no two peerings of a router. */
export function peeringAddresses6(number: number): { readonly requester: Ipv6; readonly accepter: Ipv6 } {
  const pair = `fe80::7600:${number.toString(16)}`;
  return { requester: `${pair}:1` as Ipv6, accepter: `${pair}:2` as Ipv6 };
}
