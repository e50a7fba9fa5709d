// IPv6 addresses and blocks, as cidr.ts has them for IPv4: text that is known to be well formed and in canonical form (RFC 5952), so that
// two of them are equal exactly when their texts are.
declare const brand: unique symbol;

/** An IPv6 address in canonical form. */
export type Ipv6 = string & { readonly [brand]: "Ipv6" };

/** An IPv6 block in canonical form without host bits. */
export type Cidr6 = string & { readonly [brand]: "Cidr6" };

/** The destination of an IPv6 default route. */
export const anywhere6 = "::/0" as Cidr6;

export const isIpv6 = (text: string): boolean => text.includes(":");
