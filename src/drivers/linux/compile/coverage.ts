// What the rules for one block of addresses let through, as protocol numbers and ports: the two further parts of an element's key. For ICMP
// the third part is type * 256 + code, as it stands in the first two bytes of the message.
import type { Traffic } from "../../../model/security-group.ts";

/** Both ends included. */
export type Interval = readonly [first: number, last: number];

/** For each of `segments` the ports, in ascending order and apart. */
export type Coverage = readonly (readonly Interval[])[];

const protocolNumbers = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 } as const;
const lastPort = 65_535;
const full: readonly Interval[] = [[0, lastPort]];

/** All protocols, those that rules name each by itself. Within any other segment all protocols share one fate: everything or nothing. */
const segments: readonly Interval[] = [[0, 0], [1, 1], [2, 5], [6, 6], [7, 16], [17, 17], [18, 57], [58, 58], [59, 255]];

/** Which segment a protocol is by itself. */
const segmentOf = (protocol: keyof typeof protocolNumbers): number => segments.findIndex(([first]) => first === protocolNumbers[protocol]);

export const nothing: Coverage = segments.map(() => []);
const everything: Coverage = segments.map(() => full);

/** The packets that any of these rules speaks of. */
export function coverageOf(...traffics: readonly Traffic[]): Coverage {
  if (traffics.some(({ protocol }) => protocol === "all")) return everything;
  const found: Interval[][] = segments.map(() => []);
  for (const traffic of traffics) if (traffic.protocol !== "all") found[segmentOf(traffic.protocol)]?.push(portsOf(traffic));
  return found.map(joined);
}

function portsOf({ ports, icmp }: Traffic): Interval {
  if (icmp !== undefined) {
    const first = icmp.type * 256;
    return icmp.code === undefined ? [first, first + 255] : [first + icmp.code, first + icmp.code];
  }
  return ports === undefined ? [0, lastPort] : [ports.from, ports.to];
}

/** What either lets through. */
export const union = (a: Coverage, b: Coverage): Coverage => a.map((intervals, at) => joined([...intervals, ...(b[at] ?? [])]));

/** What `a` lets through and `b` does not. */
export const difference = (a: Coverage, b: Coverage): Coverage => a.map((intervals, at) => intervals.flatMap((interval) => without(interval, b[at] ?? [])));

/** `protocols . ports`, as nft writes them, none overlapping another; as few as follow from the segments. */
export function keysOf(coverage: Coverage): string[] {
  const keys: string[] = [];
  let run: Interval | undefined;
  const endRun = (): void => {
    if (run !== undefined) keys.push(`${text(run)} . ${text([0, lastPort])}`);
    run = undefined;
  };
  for (const [at, [first, last]] of segments.entries()) {
    const intervals = coverage[at] ?? [];
    if (isFull(intervals)) run = [run?.[0] ?? first, last];
    else {
      endRun();
      keys.push(...intervals.map((interval) => `${first} . ${text(interval)}`));
    }
  }
  endRun();
  return keys;
}

const text = ([first, last]: Interval): string => (first === last ? String(first) : `${first}-${last}`);

function isFull(intervals: readonly Interval[]): boolean {
  const [only] = intervals;
  return intervals.length === 1 && only?.[0] === 0 && only[1] === lastPort;
}

/** In order, and what overlaps as one. Neighbours that only touch stay apart: a new rule is one element more, and none has to go for it. */
function joined(intervals: readonly Interval[]): Interval[] {
  if (intervals.length < 2) return [...intervals];
  const result: [number, number][] = [];
  for (const [first, last] of intervals.toSorted((a, b) => a[0] - b[0])) {
    const previous = result.at(-1);
    if (previous === undefined || first > previous[1]) result.push([first, last]);
    else previous[1] = Math.max(previous[1], last);
  }
  return result;
}

function without([first, last]: Interval, taken: readonly Interval[]): Interval[] {
  const rest: Interval[] = [];
  let next = first;
  for (const [from, to] of taken) {
    if (from > last) break;
    if (to < next) continue;
    if (from > next) rest.push([next, from - 1]);
    next = to + 1;
  }
  if (next <= last) rest.push([next, last]);
  return rest;
}
