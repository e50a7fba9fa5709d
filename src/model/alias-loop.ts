import type { DnsRecord } from "./dns.ts";

type Targets = ReadonlyMap<string, readonly string[]>;

/**
 * The names on a way of aliases that comes back to one of `starts`, with that name at both ends; undefined when none does. All records
 * count, also those that sleep because a longer zone has their names: that zone may go.
 */
export function aliasLoop(records: readonly DnsRecord[], starts: readonly string[]): readonly string[] | undefined {
  const targets = new Map<string, readonly string[]>();
  for (const { name, type, value } of records) if (type === "CNAME") targets.set(name, [...(targets.get(name) ?? []), value]);
  for (const start of starts) {
    const loop = loopFrom(start, targets);
    if (loop !== undefined) return loop;
  }
  return undefined;
}

function loopFrom(start: string, targets: Targets): readonly string[] | undefined {
  const seen = new Set<string>();
  const ways: (readonly string[])[] = [[start]];
  for (let way = ways.pop(); way !== undefined; way = ways.pop()) {
    for (const target of targets.get(way.at(-1) ?? "") ?? []) {
      if (target === start) return [...way, target];
      if (!seen.has(target)) ways.push([...way, target]);
      seen.add(target);
    }
  }
  return undefined;
}
