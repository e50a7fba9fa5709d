// IPv4 addresses and blocks as text that is known to be well formed. A Cidr4 is made only by a parser, so whoever holds one need not
// check it again. Text, not an object, because it goes to JSON, to messages and to `===` as it is; numbers are derived when needed and
// remembered. Nothing here ever lists the addresses of a block: a /8 costs what a /28 costs.
import { VpcctlError, type Problem } from "./errors.ts";
import { quote } from "./quote.ts";

declare const brand: unique symbol;

/** An IPv4 address as a dotted quad without leading zeros. */
export type Ipv4 = string & { readonly [brand]: "Ipv4" };

/** An IPv4 block in CIDR notation without host bits. */
export type Cidr4 = string & { readonly [brand]: "Cidr4" };

/** A block of either kind: is it of this one? */
export const isCidr4 = (block: string): block is Cidr4 => !block.includes(":");

export interface CidrRange {
  /** The network address as an unsigned 32-bit number. */
  readonly base: number;
  readonly prefix: number;
  /** How many addresses, network and broadcast included. */
  readonly size: number;
}

/** Either the parsed value or what is wrong with the text. */
export type Parsed<T> = { readonly value: T } | { readonly problem: Problem };

const addressCount = 2 ** 32;
/** The separators `.` and `/` come before the digits. */
const digitZero = "0".charCodeAt(0);

// A World of the largest size has some 10^4 blocks; a process that parses text without end must not grow without end.
const rememberedRanges = 65_536;
const ranges = new Map<string, CidrRange>();

// One regular expression for the whole text: a store of 1,000 subnets is read on every start, and this is compiled before any loop is.
const octets = Array(4).fill("(0|[1-9]\\d{0,2})").join("\\.");
const quadPattern = new RegExp(`^${octets}$`);
const cidrPattern = new RegExp(`^${octets}/(0|[1-9]\\d?)$`);

/** Strict: dotted quad, no leading zeros, prefix 0..32, no host bits. The problem's hint names the block that was probably meant. */
export function tryParseCidr4(text: string): Parsed<Cidr4> {
  if (ranges.has(text)) return { value: text as Cidr4 };
  const parts = cidrPattern.exec(text);
  const address = parts === null ? undefined : quadNumber(parts);
  const prefix = Number(parts?.[5]);
  if (address === undefined || prefix > 32) return malformed(text, "a CIDR block", ...cidrFault(text));
  const size = 2 ** (32 - prefix);
  const base = address - (address % size);
  if (base !== address) {
    return malformed(text, "a CIDR block", "host bits are set", `The network is ${numberToIp(base)}/${prefix}: write that.`);
  }
  remember(text, { base, prefix, size });
  return { value: text as Cidr4 };
}

/** A block that stands in the source, in canonical form. Taken as it is; a test parses each. */
export const literalCidr4 = (text: string): Cidr4 => text as Cidr4;

/** As tryParseCidr4. Throws InvalidParameterValue, as EC2 does for a block it cannot read. */
export function parseCidr4(text: string): Cidr4 {
  return valueOf(tryParseCidr4(text));
}

/** Strict: dotted quad, no leading zeros. */
export function tryParseIpv4(text: string): Parsed<Ipv4> {
  if (quadNumber(quadPattern.exec(text)) === undefined) return malformed(text, "an IPv4 address", quadFault(text), "An address looks like 10.0.1.4.");
  return { value: text as Ipv4 };
}

/** As tryParseIpv4. Throws InvalidParameterValue. */
export function parseIpv4(text: string): Ipv4 {
  return valueOf(tryParseIpv4(text));
}

/** The numbers behind a block. A look-up after the first time. */
export function cidrRange(cidr: Cidr4): CidrRange {
  const known = ranges.get(cidr);
  if (known !== undefined) return known;
  return remember(cidr, readRange(cidr));
}

/** Not remembered, and in one pass over the characters: a command on a large VPC starts by reading the blocks of all its subnets. */
export function readRange(cidr: Cidr4): CidrRange {
  let base = 0;
  let number = 0;
  for (let at = 0; at < cidr.length; at++) {
    const code = cidr.charCodeAt(at);
    if (code >= digitZero) {
      number = number * 10 + code - digitZero;
    } else {
      base = base * 256 + number;
      number = 0;
    }
  }
  return { base, prefix: number, size: 2 ** (32 - number) };
}

export function overlaps(a: Cidr4, b: Cidr4): boolean {
  const left = cidrRange(a);
  const right = cidrRange(b);
  return left.base < right.base + right.size && right.base < left.base + left.size;
}

/** Is every address of `inner` one of `outer`? A block contains itself. */
export function contains(outer: Cidr4, inner: Cidr4): boolean {
  const { base, size } = cidrRange(outer);
  const part = cidrRange(inner);
  return base <= part.base && part.base + part.size <= base + size;
}

export function containsAddress(cidr: Cidr4, address: Ipv4): boolean {
  const { base, size } = cidrRange(cidr);
  const number = ipToNumber(address);
  return base <= number && number < base + size;
}

export function ipToNumber(address: Ipv4): number {
  return quadNumber(quadPattern.exec(address)) ?? 0;
}

/** Throws RangeError (a bug) outside 0..2^32-1. */
export function numberToIp(number: number): Ipv4 {
  if (!Number.isInteger(number) || number < 0 || number >= addressCount) throw new RangeError(`no IPv4 address has the number ${number}`);
  return `${number >>> 24}.${(number >>> 16) & 255}.${(number >>> 8) & 255}.${number & 255}` as Ipv4;
}

/** Address number `n` of a block; 0 is the network address. Throws RangeError (a bug) outside the block. */
export function nthAddress(cidr: Cidr4, n: number): Ipv4 {
  const { base, size } = cidrRange(cidr);
  if (!(n >= 0 && n < size)) throw new RangeError(`${cidr} has no address number ${n}`);
  return numberToIp(base + n);
}

/** The last address of a block. */
export function broadcast(cidr: Cidr4): Ipv4 {
  return nthAddress(cidr, cidrRange(cidr).size - 1);
}

const exampleBlock = "A block looks like 10.0.1.0/24.";

function malformed(text: string, kind: string, why: string, hint: string): { readonly problem: Problem } {
  return { problem: { code: "InvalidParameterValue", message: `${quote(text)} is not ${kind}: ${why}.`, hint } };
}

/** The parsed value. Throws the problem. */
export function valueOf<T>(parsed: Parsed<T>): T {
  if ("problem" in parsed) throw new VpcctlError(parsed.problem);
  return parsed.value;
}

/** The number of the address whose octets are groups 1 to 4. */
function quadNumber(match: RegExpExecArray | null): number | undefined {
  if (match === null) return undefined;
  const a = Number(match[1]);
  const b = Number(match[2]);
  const c = Number(match[3]);
  const d = Number(match[4]);
  return a > 255 || b > 255 || c > 255 || d > 255 ? undefined : a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d;
}

/** Why a text is no block, as the end of a sentence, and what to do about it. */
function cidrFault(text: string): [why: string, hint: string] {
  const slash = text.indexOf("/");
  const quad = slash < 0 ? text : text.slice(0, slash);
  const address = quadNumber(quadPattern.exec(quad));
  if (slash >= 0) return [address === undefined ? quadFault(quad) : "its prefix length is not a number from 0 to 32", exampleBlock];
  const guess = address === undefined ? exampleBlock : `Perhaps ${numberToIp(address - (address % 256))}/24 is meant.`;
  return ["it has no prefix length", guess];
}

/** Why a text is no address, as the end of a sentence. */
function quadFault(text: string): string {
  const parts = text.split(".");
  if (parts.length !== 4) return "an address has four numbers with dots between";
  // Many programs read 010 as eight, so there is no telling what was meant.
  const octal = parts.find((part) => /^0\d+$/.test(part));
  if (octal !== undefined) return `${octal} has a leading zero`;
  const bad = parts.find((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255) ?? "";
  return `${quote(bad)} is not a number from 0 to 255`;
}

function remember(cidr: string, range: CidrRange): CidrRange {
  if (ranges.size >= rememberedRanges) ranges.clear();
  ranges.set(cidr, range);
  return range;
}
