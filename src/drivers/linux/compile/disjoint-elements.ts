// Rules for blocks of addresses -> elements of an interval set, no two of which overlap: nftables refuses such, and rules often do.
//
// Two blocks are apart or one holds the other. So the blocks are taken from the outside in, each knowing what the blocks around it let
// through already, and only what a block adds to that becomes elements of its own.
import { cidrRange, isCidr4 } from "../../../model/cidr.ts";
import { cidr6Range } from "../../../model/cidr6.ts";
import type { Cidr } from "../../../model/cidr-any.ts";
import type { Traffic } from "../../../model/security-group.ts";
import { coverageOf, difference, keysOf, union, type Coverage } from "./coverage.ts";

export interface BlockTraffic {
  readonly cidr: Cidr;
  readonly traffic: Traffic;
}

/** An address as a number: IPv6 needs big ones, and for IPv4 the ordinary are far faster. */
type Bound = number | bigint;

interface Block {
  readonly cidr: Cidr;
  readonly base: Bound;
  readonly end: Bound;
  /** Of the rules for this very block. */
  readonly own: Coverage;
}

/** Keys `block . protocols . ports`. All blocks must be of one kind, IPv4 or IPv6. */
export function disjointElements(rules: readonly BlockTraffic[]): string[] {
  const keys: string[] = [];
  /** The blocks around the present one, outermost first, with all that is let through in them. */
  const around: { readonly end: Bound; readonly all: Coverage }[] = [];
  for (const { cidr, base, end, own } of blocksOf(rules)) {
    for (let last = around.at(-1); last !== undefined && last.end <= base; last = around.at(-1)) around.pop();
    const known = around.at(-1)?.all;
    const text = blockText(cidr);
    for (const key of keysOf(known === undefined ? own : difference(own, known))) keys.push(`${text} . ${key}`);
    around.push({ end, all: known === undefined ? own : union(known, own) });
  }
  return keys;
}

/** Each block once, outer ones before inner ones. */
function blocksOf(rules: readonly BlockTraffic[]): Block[] {
  const traffics = new Map<Cidr, Traffic[]>();
  for (const { cidr, traffic } of rules) {
    const known = traffics.get(cidr);
    if (known === undefined) traffics.set(cidr, [traffic]);
    else known.push(traffic);
  }
  const blocks = [...traffics].map(([cidr, all]): Block => ({ cidr, ...boundsOf(cidr), own: coverageOf(...all) }));
  return blocks.length < 2 ? blocks : blocks.toSorted((a, b) => order(a.base, b.base) || order(b.end, a.end));
}

function boundsOf(cidr: Cidr): Pick<Block, "base" | "end"> {
  if (isCidr4(cidr)) {
    const { base, size } = cidrRange(cidr);
    return { base, end: base + size };
  }
  const { base, size } = cidr6Range(cidr);
  return { base, end: base + size };
}

function order(a: Bound, b: Bound): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** nft shows a block of one address as the address. */
const blockText = (cidr: Cidr): string => cidr.replace(isCidr4(cidr) ? /\/32$/ : /\/128$/, "");
