// IPv6 addresses and blocks, as cidr.ts has them for IPv4: text that is known to be well formed and in canonical form (RFC 5952), so that
// two of them are equal exactly when their texts are. What the user writes may be in any form of RFC 4291; what the parser gives is the
// one form that the kernel and nft print too.
import { valueOf, type Parsed } from "./cidr.ts";
import type { Problem } from "./errors.ts";
import { quote } from "./quote.ts";

declare const brand: unique symbol;

/** An IPv6 address in canonical form. */
export type Ipv6 = string & { readonly [brand]: "Ipv6" };

/** An IPv6 block in canonical form without host bits. */
export type Cidr6 = string & { readonly [brand]: "Cidr6" };

export interface Cidr6Range {
  /** The network address as an unsigned 128-bit number. */
  readonly base: bigint;
  readonly prefix: number;
  /** How many addresses. */
  readonly size: bigint;
}

/** The destination of an IPv6 default route. */
export const anywhere6 = "::/0" as Cidr6;

/** An address or a block of either kind: is it of this one? */
export const isIpv6 = (text: string): boolean => text.includes(":");

const bits = 128;
const addressCount = 1n << BigInt(bits);

// As in cidr.ts: a process that parses text without end must not grow without end.
const rememberedRanges = 65_536;
const ranges = new Map<string, Cidr6Range>();

/** Any form of RFC 4291 but the one with an IPv4 address at its end; prefix 0..128, no host bits. Gives the canonical form. */
export function tryParseCidr6(text: string): Parsed<Cidr6> {
  if (ranges.has(text)) return { value: text as Cidr6 };
  const slash = text.indexOf("/");
  const address = slash < 0 ? text : text.slice(0, slash);
  const length = slash < 0 ? "" : text.slice(slash + 1);
  const number = readNumber(address);
  if (typeof number === "string") return malformed(text, "an IPv6 block", number, exampleBlock);
  if (slash < 0) return malformed(text, "an IPv6 block", "it has no prefix length", `For this address alone write ${numberToIpv6(number)}/128.`);
  const prefix = /^(?:0|[1-9]\d{0,2})$/.test(length) ? Number(length) : Infinity;
  if (prefix > bits) return malformed(text, "an IPv6 block", "its prefix length is not a number from 0 to 128", exampleBlock);
  const size = 1n << BigInt(bits - prefix);
  const base = number - (number % size);
  const canonical = `${numberToIpv6(base)}/${prefix}` as Cidr6;
  if (base !== number) return malformed(text, "an IPv6 block", "host bits are set", `The network is ${canonical}: write that.`);
  remember(canonical, { base, prefix, size });
  return { value: canonical };
}

/** A block that stands in the source, in canonical form. Taken as it is: to parse a handful costs each command a millisecond, and a test does. */
export const literalCidr6 = (text: string): Cidr6 => text as Cidr6;
/** The same for an address. */
export const literalIpv6 = (text: string): Ipv6 => text as Ipv6;

/** As tryParseCidr6. Throws InvalidParameterValue. */
export function parseCidr6(text: string): Cidr6 {
  return valueOf(tryParseCidr6(text));
}

/** Any form of RFC 4291 but the one with an IPv4 address at its end. Gives the canonical form. */
export function tryParseIpv6(text: string): Parsed<Ipv6> {
  const number = readNumber(text);
  if (typeof number === "string") return malformed(text, "an IPv6 address", number, "An address looks like fd00:1234:5678:1::4.");
  return { value: numberToIpv6(number) };
}

/** As tryParseIpv6. Throws InvalidParameterValue. */
export function parseIpv6(text: string): Ipv6 {
  return valueOf(tryParseIpv6(text));
}

/** The numbers behind a block. A look-up after the first time. */
export function cidr6Range(cidr: Cidr6): Cidr6Range {
  const known = ranges.get(cidr);
  if (known !== undefined) return known;
  const slash = cidr.indexOf("/");
  const prefix = Number(cidr.slice(slash + 1));
  return remember(cidr, { base: expand(cidr.slice(0, slash)), prefix, size: 1n << BigInt(bits - prefix) });
}

export function overlaps6(a: Cidr6, b: Cidr6): boolean {
  return contains6(a, b) || contains6(b, a);
}

/** Is every address of `inner` one of `outer`? A block contains itself. */
export function contains6(outer: Cidr6, inner: Cidr6): boolean {
  const { base, size } = cidr6Range(outer);
  const part = cidr6Range(inner);
  return base <= part.base && part.base + part.size <= base + size;
}

export function containsAddress6(cidr: Cidr6, address: Ipv6): boolean {
  const { base, size } = cidr6Range(cidr);
  const number = ipv6ToNumber(address);
  return base <= number && number < base + size;
}

export const ipv6ToNumber = (address: Ipv6): bigint => expand(address);

/** In the form of RFC 5952. Throws RangeError (a bug) outside 0..2^128-1. */
export function numberToIpv6(number: bigint): Ipv6 {
  if (number < 0n || number >= addressCount) throw new RangeError(`no IPv6 address has the number ${number}`);
  const groups = Array.from({ length: 8 }, (_, at) => Number((number >> BigInt(16 * (7 - at))) & 0xffffn).toString(16));
  const [start, end] = longestZeros(groups);
  // RFC 5952: one group of zeros alone is written out.
  if (end - start < 2) return groups.join(":") as Ipv6;
  return `${groups.slice(0, start).join(":")}::${groups.slice(end).join(":")}` as Ipv6;
}

/** Address number `n` of a block; 0 is the network address. Throws RangeError (a bug) outside the block. */
export function nthAddress6(cidr: Cidr6, n: bigint): Ipv6 {
  const { base, size } = cidr6Range(cidr);
  if (n < 0n || n >= size) throw new RangeError(`${cidr} has no address number ${n}`);
  return numberToIpv6(base + n);
}

/** Block number `n` of those with this prefix length in `cidr`. Throws RangeError (a bug) when there is none. */
export function nthSubnet6(cidr: Cidr6, prefix: number, n: number): Cidr6 {
  const outer = cidr6Range(cidr);
  const size = 1n << BigInt(bits - prefix);
  const base = outer.base + BigInt(n) * size;
  if (prefix < outer.prefix || n < 0 || base + size > outer.base + outer.size) throw new RangeError(`${cidr} has no /${prefix} number ${n}`);
  const subnet = `${numberToIpv6(base)}/${prefix}` as Cidr6;
  remember(subnet, { base, prefix, size });
  return subnet;
}

const exampleBlock = "A block looks like fd00:1234:5678::/56.";

function malformed(text: string, kind: string, why: string, hint: string): { readonly problem: Problem } {
  return { problem: { code: "InvalidParameterValue", message: `${quote(text)} is not ${kind}: ${why}.`, hint } };
}

/** The number of an address, or why the text is none, as the end of a sentence. */
function readNumber(text: string): bigint | string {
  if (text.includes("%")) return "it names a zone, which only one machine knows";
  // Nobody writes a longer one, and nothing below need ever look at megabytes.
  if (text.length > "0000:0000:0000:0000:0000:0000:255.255.255.255".length) return "it is too long";
  if (text.includes(".") && !text.includes(":")) return "it is of IPv4";
  if (text.includes(".")) return "an IPv4 address at its end stands for that address: write it alone";
  const bad = text.split(":").find((group) => !/^[0-9a-fA-F]{0,4}$/.test(group));
  if (bad !== undefined) return `${quote(bad)} is not a hexadecimal number of at most four digits`;
  const halves = text.split("::");
  if (halves.length > 2 || text.includes(":::")) return "`::` stands in it more than once";
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  if (groups.includes("")) return "it starts or ends with a single colon";
  if (halves.length === 1 && groups.length !== 8) return "an address has eight groups with colons between, or `::` for those that are zero";
  if (halves.length === 2 && groups.length > 7) return "it has eight groups besides `::`";
  const number = expand(text);
  const isIpv4 = number >> 32n === 0xffffn || (number >> 32n === 0n && number > 0xffffn);
  return isIpv4 ? "it stands for an IPv4 address: write that" : number;
}

/** The number of what is known to be an address. */
function expand(address: string): bigint {
  const [head = "", tail] = address.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = new Array<string>(8 - before.length - after.length).fill("0");
  return BigInt(`0x${[...before, ...zeros, ...after].map((group) => group.padStart(4, "0")).join("")}`);
}

/** The first of the longest runs, as RFC 5952 wants it. */
function longestZeros(groups: readonly string[]): [start: number, end: number] {
  let best: [number, number] = [0, 0];
  let start = 0;
  groups.forEach((group, at) => {
    if (group !== "0") start = at + 1;
    else if (at + 1 - start > best[1] - best[0]) best = [start, at + 1];
  });
  return best;
}

function remember(cidr: string, range: Cidr6Range): Cidr6Range {
  if (ranges.size >= rememberedRanges) ranges.clear();
  ranges.set(cidr, range);
  return range;
}
