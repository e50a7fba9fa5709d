import { median } from "./statistics.ts";

/** One measured value. */
export interface Sample {
  /** Who did it, for example `tool` or `c`; in the data plane the path, for example `direct`. */
  readonly contender: string;
  /** What was done, for example `create`. */
  readonly action: string;
  /** Number of subnets. */
  readonly size: number;
  readonly round: number;
  /** Milliseconds for actions, microseconds for round trips, bits per second for throughput. */
  readonly value: number;
}

/** Which samples: everything that is left out may be anything. */
export type Selection = Partial<Pick<Sample, "contender" | "action" | "size" | "round">>;

export function select(samples: readonly Sample[], wanted: Selection): Sample[] {
  const { contender, action, size, round } = wanted;
  return samples.filter(
    (sample) =>
      (contender === undefined || sample.contender === contender) &&
      (action === undefined || sample.action === action) &&
      (size === undefined || sample.size === size) &&
      (round === undefined || sample.round === round),
  );
}

/**
 * One ratio per round that measured both: a machine that slows down for a while slows both, and the ratio stays. What was measured in
 * fewer rounds than the other (a contender too slow to repeat) stands in with its median.
 */
export function ratios(samples: readonly Sample[], over: Selection, under: Selection): number[] {
  const above = select(samples, over);
  const below = select(samples, under);
  const rounds = [...new Set([...above, ...below].map(({ round }) => round))];
  return above.length === 0 || below.length === 0 ? [] : rounds.map((round) => valueIn(above, round) / valueIn(below, round));
}

function valueIn(samples: readonly Sample[], round: number): number {
  const values = select(samples, { round }).map(({ value }) => value);
  return median(values.length > 0 ? values : samples.map(({ value }) => value));
}
