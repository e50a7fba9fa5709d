// One packet, hop by hop, as the kernel told of it.
import { host, type Hop, tracePing } from "./trace.ts";

export interface Walk {
  readonly title: string;
  readonly says: string;
  /** Words after the program's name that build what the packet walks through; other lines of shell start with `!`. */
  readonly build: readonly string[];
  /** Namespace of the sender. */
  readonly from: string;
  readonly to: string;
  /** Namespaces in the order in which the request passes them. */
  readonly path: readonly string[];
  /** Others, where nothing of it may be seen. */
  readonly notIn?: readonly string[];
}

/** Tables of some packets. Rejects when one did not take the way that its text tells. */
export async function describeWalks(walks: readonly Walk[]): Promise<string> {
  const texts: string[] = [];
  // Each in a sandbox of its own; a few at a time, for the sake of small machines.
  for (let at = 0; at < walks.length; at += 3) texts.push(...(await Promise.all(walks.slice(at, at + 3).map(describe))));
  return texts.join("\n\n");
}

async function describe({ title, says, build, from, to, path, notIn = [] }: Walk): Promise<string> {
  const hops = await tracePing({ build, from, to, watched: [...path, ...notIn] });
  const there = along(hops, path, "echo-request");
  const back = along(hops, path.toReversed(), "echo-reply");
  const seen = new Set(hops.map(({ namespace }) => namespace));
  if (seen.size !== new Set(path).size || path.some((namespace) => !seen.has(namespace))) {
    throw new Error(`The ping from ${from} to ${to} was seen in ${[...seen].join(", ")}, not in ${path.join(", ")}.`);
  }
  const parts = [`## ${title}`, says, "**There**", table(there)];
  return [...parts, ...(back.length > 0 ? ["**And back**", table(back)] : [])].join("\n\n");
}

const along = (hops: readonly Hop[], path: readonly string[], type: Hop["type"]): Hop[] =>
  oncePerHook(path.flatMap((namespace) => hops.filter((hop) => hop.namespace === namespace && hop.type === type)));

/** Where a chain of ours and one of the watchers hang on the same hook and the packet is the same to both, ours is told. */
function oncePerHook(hops: readonly Hop[]): Hop[] {
  const told: Hop[] = [];
  for (const hop of hops) {
    const last = told.at(-1);
    if (last === undefined || !isSameHook(last, hop)) told.push(hop);
    else told[told.length - 1] = { ...last, ...hop };
  }
  return told;
}

const isSameHook = (a: Hop, b: Hop): boolean =>
  a.namespace === b.namespace && a.family === b.family && a.hook === b.hook && a.from === b.from && a.to === b.to && a.ttl === b.ttl;

function table(hops: readonly Hop[]): string {
  const rows = hops.map((hop, i) => {
    const place = hop.namespace === hops[i - 1]?.namespace ? "" : hop.namespace === host ? host : `\`${hop.namespace}\``;
    return `| ${i + 1} | ${place} | ${hop.family} ${hop.hook} | ${links(hop)} | ${hop.from} → ${hop.to} | ${hop.ttl} | ${decision(hop)} |`;
  });
  return ["| | namespace | hook | links | sender → receiver | TTL | what happens |", "|---|---|---|---|---|---|---|", ...rows].join("\n");
}

function links({ incoming, outgoing }: Hop): string {
  const parts = [incoming === undefined ? [] : [`in \`${incoming}\``], outgoing === undefined ? [] : [`out \`${outgoing}\``]].flat();
  return parts.join(", ");
}

function decision({ verdict, rules = [], mark }: Hop): string {
  const told = verdict === undefined ? "passes" : rules.length === 0 ? `no rule is about it: ${verdict}` : `${rules.join("; ")}: **${verdict}**`;
  if (mark === undefined) return told;
  return `${told}; its mark ${mark < firstIdentity ? `is ${mark}` : "tells the groups of its sender"}`;
}

/** Smaller marks are numbers of route tables. */
const firstIdentity = 0x80000000;
