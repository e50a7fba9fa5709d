// Blocks of either kind, for what speaks of both: routes, rules of groups and ACLs, prefix lists, peerings.
import { contains, containsAddress, isCidr4, overlaps, tryParseCidr4, valueOf, type Cidr4, type Ipv4, type Parsed } from "./cidr.ts";
import { contains6, containsAddress6, isIpv6, overlaps6, tryParseCidr6, type Cidr6, type Ipv6 } from "./cidr6.ts";

export type Cidr = Cidr4 | Cidr6;
export type Ip = Ipv4 | Ipv6;

export const isCidr6 = (block: string): block is Cidr6 => isIpv6(block);

/** An IPv4 or an IPv6 block: strict, without host bits, in canonical form. The problem's hint names the block that was probably meant. */
export function tryParseCidr(text: string): Parsed<Cidr> {
  return isIpv6(text) ? tryParseCidr6(text) : tryParseCidr4(text);
}

/** As tryParseCidr. Throws InvalidParameterValue. */
export function parseCidr(text: string): Cidr {
  return valueOf(tryParseCidr(text));
}

/** Do they share an address? Blocks of different kinds never do. */
export function cidrsOverlap(a: Cidr, b: Cidr): boolean {
  if (isCidr4(a)) return isCidr4(b) && overlaps(a, b);
  return isCidr6(b) && overlaps6(a, b);
}

/** Is every address of `inner` one of `outer`? A block contains itself. */
export function cidrContains(outer: Cidr, inner: Cidr): boolean {
  if (isCidr4(outer)) return isCidr4(inner) && contains(outer, inner);
  return isCidr6(inner) && contains6(outer, inner);
}

export function cidrContainsAddress(cidr: Cidr, address: Ip): boolean {
  if (isCidr4(cidr)) return !isIpv6(address) && containsAddress(cidr, address as Ipv4);
  return isIpv6(address) && containsAddress6(cidr, address as Ipv6);
}
