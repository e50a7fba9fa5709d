// Rules for blocks of addresses -> elements of an interval set, no two of which overlap: nftables refuses such, and rules often do.
//
// Two blocks are apart or one holds the other. So the blocks are taken from the outside in, each knowing what the blocks around it let
// through already, and only what a block adds to that becomes elements of its own.
import { cidrRange, isCidr4 } from "../../../model/cidr.ts";
import { cidr6Range } from "../../../model/cidr6.ts";
import type { Cidr } from "../../../model/cidr-any.ts";
import type { Traffic } from "../../../model/security-group.ts";
import { coverageOf, difference, keysOf, nothing, union, type Coverage } from "./coverage.ts";

export interface BlockTraffic {
  readonly cidr: Cidr;
  readonly traffic: Traffic;
}

interface Block {
  readonly cidr: Cidr;
  readonly base: bigint;
  readonly end: bigint;
  /** Of the rules for this very block. */
  readonly own: Coverage;
}

/** Keys `block . protocols . ports`. All blocks must be of one kind, IPv4 or IPv6. */
export function disjointElements(rules: readonly BlockTraffic[]): string[] {
  const keys: string[] = [];
  /** The blocks around the present one, outermost first, with all that is let through in them. */
  const around: { readonly end: bigint; readonly all: Coverage }[] = [];
  for (const { cidr, base, end, own } of blocksOf(rules)) {
    for (let last = around.at(-1); last !== undefined && last.end <= base; last = around.at(-1)) around.pop();
    const known = around.at(-1)?.all ?? nothing;
    keys.push(...keysOf(difference(own, known)).map((key) => `${blockText(cidr)} . ${key}`));
    around.push({ end, all: union(known, own) });
  }
  return keys;
}

/** Each block once, outer ones before inner ones. */
function blocksOf(rules: readonly BlockTraffic[]): Block[] {
  const coverages = new Map<Cidr, Coverage>();
  for (const { cidr, traffic } of rules) coverages.set(cidr, union(coverages.get(cidr) ?? nothing, coverageOf(traffic)));
  const blocks = [...coverages].map(([cidr, own]): Block => {
    const { base, size } = isCidr4(cidr) ? cidrRange(cidr) : cidr6Range(cidr);
    return { cidr, base: BigInt(base), end: BigInt(base) + BigInt(size), own };
  });
  return blocks.toSorted((a, b) => order(a.base, b.base) || order(b.end, a.end));
}

function order(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** nft shows a block of one address as the address. */
const blockText = (cidr: Cidr): string => cidr.replace(isCidr4(cidr) ? /\/32$/ : /\/128$/, "");
