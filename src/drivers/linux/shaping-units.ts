// From what a user asks for to what the kernel's queues count in: bytes per second, bytes, and ticks of 64 ns.
import type { Shaping } from "../../model/shaping.ts";
import type { LeafQueue } from "./objects/shaping.ts";

const TICK_NANOSECONDS = 64;
/** As good as none, and fits into the kernel's 32 bits. */
const NO_LIMIT = 4_000_000_000;

/** Bytes per second. */
export const rateOf = (bandwidth: number | undefined): number => (bandwidth === undefined ? NO_LIMIT : Math.min(Math.ceil(bandwidth / 8), NO_LIMIT));

/** After a pause so much may go at once: 10 ms' worth, and not less than a few packets, or a slow link would stutter. */
export function burstTicks(rate: number): number {
  const seconds = Math.max(0.01, 16_000 / rate);
  return Math.round((seconds * 1e9) / TICK_NANOSECONDS);
}

/** A queue of 100 ms. A TCP sender hands over up to 64 KB in one piece, and two of these must fit, or nothing ever gets through. */
const QUEUE_SECONDS = 0.1;
const SMALLEST_QUEUE = 131_072;
/** A far network holds what is under way in it: more than netem's usual 1,000 packets. */
const NETEM_PACKETS = 10_000;

/** The queue in which the packets of something wait that is shaped like this. */
export function queueOf({ delay, jitter = 0, loss = 0 }: Shaping, rate: number): LeafQueue {
  if (delay === undefined) return { kind: "bfifo", bytes: Math.min(Math.max(SMALLEST_QUEUE, Math.round(rate * QUEUE_SECONDS)), 0x7fff_ffff) };
  const ticks = (milliseconds: number): number => Math.round((milliseconds * 1e6) / TICK_NANOSECONDS);
  return { kind: "netem", latency: ticks(delay), jitter: ticks(jitter), loss: Math.round((loss / 100) * 0xffff_ffff), packets: NETEM_PACKETS };
}
