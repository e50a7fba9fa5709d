// Random choices that a seed repeats exactly, on every machine.
export interface Random {
  /** 0 <= n < end. */
  below(end: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** Each with this probability. */
  some<T>(list: readonly T[], probability: number): T[];
  shuffled<T>(list: readonly T[]): T[];
}

/** Streams of different names are independent: a choice more in one leaves all others as they are. */
export function randomOf(...names: readonly (string | number)[]): Random {
  let state = Number(Bun.hash.crc32(names.join("/")));
  // Mulberry32.
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number): number => Math.floor(next() * end);
  return {
    below,
    chance: (probability) => next() < probability,
    pick<T>(list: readonly T[]): T {
      const one = list[below(list.length)];
      if (one === undefined) throw new Error("nothing to pick from");
      return one;
    },
    some: (list, probability) => list.filter(() => next() < probability),
    shuffled<T>(list: readonly T[]): T[] {
      return list.map((value) => ({ value, at: next() })).toSorted((a, b) => a.at - b.at).map(({ value }) => value);
    },
  };
}
