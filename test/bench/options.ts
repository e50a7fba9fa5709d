/** What to measure. */
export interface Options {
  /** Numbers of subnets, ascending. */
  readonly sizes: readonly number[];
  readonly rounds: number;
  /** Also keep the results under docs/bench. */
  readonly publish: boolean;
}

export const usage = `Usage: npm run bench [-- OPTION...]
  --sizes 10,100,1000   numbers of subnets (at most 1000 fit the VPC that is built)
  --rounds 3            how often everything is measured
  --quick               the same as --sizes 10,100 --rounds 2
  --publish             also keep the results under docs/bench`;

/** With the few that are added one by one, these still fit a /16 of /26 blocks and the ports of one bridge. */
const largestSize = 1000;

/** Throws an Error that says what is wrong. */
export function parseOptions(words: readonly string[]): Options {
  let sizes: readonly number[] = [10, 100, 1000];
  let rounds = 3;
  let publish = false;
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === "--quick") [sizes, rounds] = [[10, 100], 2];
    else if (word === "--publish") publish = true;
    else if (word === "--rounds") rounds = wholeNumber(rest.shift(), word);
    else if (word === "--sizes") sizes = (rest.shift() ?? "").split(",").map((size) => wholeNumber(size, "--sizes"));
    else throw new Error(`${word} is not an option.\n${usage}`);
  }
  if (sizes.some((size) => size > largestSize)) throw new Error(`--sizes: at most ${largestSize} subnets fit.`);
  return { sizes: sizes.toSorted((a, b) => a - b), rounds, publish };
}

function wholeNumber(word: string | undefined, option: string): number {
  if (word === undefined || !/^[1-9][0-9]{0,5}$/.test(word)) throw new Error(`${option} asks for whole numbers, not "${word ?? ""}".\n${usage}`);
  return Number(word);
}
