import type { Subnet } from "./world.ts";

/** What a wire does to packets, each way. */
export interface Shaping {
  /** Bits per second. */
  readonly bandwidth?: number;
  /** Milliseconds. */
  readonly delay?: number;
  /** Milliseconds that the delay varies by, up and down. */
  readonly jitter?: number;
  /** Percent of the packets, 0..100. */
  readonly loss?: number;
}

/** Everything in the subnet together has the bandwidth; delay, jitter and loss are each attachment's own. */
export interface SubnetShaping extends Shaping {
  /** Smallest number free among the shaped subnets of the VPC when it was first shaped, from 1. */
  readonly number: number;
}

/** Does it ask for more than bandwidth: for what needs a kernel with netem? */
export const needsNetem = ({ delay, jitter, loss }: Shaping): boolean => delay !== undefined || jitter !== undefined || loss !== undefined;

/** What happens to the packets of something in a subnet that may be shaped, and is perhaps shaped itself; the bandwidth is its own alone. */
export function togetherWith(subnet: Subnet, own: Shaping | undefined): Shaping {
  const parts: readonly Shaping[] = [subnet.shaping ?? {}, own ?? {}];
  const sum = (key: "delay" | "jitter"): number => parts.reduce((total, part) => total + (part[key] ?? 0), 0);
  const kept = parts.reduce((share, { loss = 0 }) => share * (1 - loss / 100), 1);
  return {
    ...(own?.bandwidth === undefined ? {} : { bandwidth: own.bandwidth }),
    ...(parts.some(needsNetem) ? { delay: sum("delay"), jitter: sum("jitter"), loss: 100 * (1 - kept) } : {}),
  };
}

const units = [
  { name: "gbit", size: 1e9 },
  { name: "mbit", size: 1e6 },
  { name: "kbit", size: 1e3 },
  { name: "bit", size: 1 },
] as const;

/** `10mbit`, as tc and people write it: the biggest unit that leaves a whole number. */
export function formatBandwidth(bits: number): string {
  const { name, size } = units.find((unit) => bits % unit.size === 0) ?? { name: "bit", size: 1 };
  return `${bits / size}${name}`;
}

/** The number of bits per second; undefined for what is none. */
export function parseBandwidth(text: string): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([kmg]?bit)$/.exec(text.toLowerCase()) ?? [];
  const size = units.find(({ name }) => name === unit)?.size;
  return size === undefined ? undefined : Math.round(Number(number) * size);
}

/** Milliseconds of `20ms`, `1.5s` or `500us`; undefined for what is no time. */
export function parseTime(text: string): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(us|ms|s)$/.exec(text.toLowerCase()) ?? [];
  const size = { us: 0.001, ms: 1, s: 1000 }[unit ?? ""];
  return size === undefined ? undefined : Number(number) * size;
}

/** Percent of `1%` or `0.5%`; undefined for what is none. */
export function parsePercent(text: string): number | undefined {
  const number = /^(\d+(?:\.\d+)?)%?$/.exec(text)?.[1];
  return number === undefined ? undefined : Number(number);
}

/** `10mbit, 20ms delay, 5ms jitter, 1% loss`. */
export function sayShaping({ bandwidth, delay, jitter, loss }: Shaping): string {
  return [
    ...(bandwidth === undefined ? [] : [formatBandwidth(bandwidth)]),
    ...(delay === undefined ? [] : [`${delay}ms delay`]),
    ...(jitter === undefined ? [] : [`${jitter}ms jitter`]),
    ...(loss === undefined ? [] : [`${loss}% loss`]),
  ].join(", ");
}
