// Gate 4: on random Worlds three opinions must be one: the oracle's, the analyzer's, and that of packets. Asked about every pair, after
// every change, and once more when the same World stands under other numbers, built in another sequence.
import type { World } from "../../../src/model/world.ts";
import type { TruthMachine } from "./machine.ts";
import { analysisOf, opinionsOn, questionsOf, sayQuestion, type Question } from "./questions.ts";
import { aspects, firstVersions, randomWorld, type Versions } from "./random-world.ts";
import { randomOf } from "./random.ts";

export interface Tally {
  questions: number;
  reached: number;
}

/** Milliseconds of silence that mean no. */
const patience = 120;
/** What is silent or answers against expectation is asked again, more patiently: a busy machine is no finding. */
const secondThoughts = [400, 1500];

/** Tries the World of a seed, and what it becomes by so many changes. Returns what is wrong: a sentence each, with the three opinions. */
export async function tryModel(machine: TruthMachine, seed: number, tally: Tally, changes = 2): Promise<string[]> {
  const complaints: string[] = [];
  let versions = firstVersions;
  let world = randomWorld(seed, versions);
  const look = async (stage: string): Promise<void> => {
    const drift = await machine.make(world).catch((error: Error) => {
      throw new Error(`seed ${seed}, ${stage}: ${error.message}`);
    });
    if (stage === "new" || stage === "permuted") await machine.listen(world);
    const found = [...drift.map((line) => `the machine is not as it should be: ${line}`), ...(await disagreements(machine, world, tally))];
    if (found.length > 0) complaints.push(...found.map((line) => `seed ${seed}, ${stage}: ${line}`), `seed ${seed}, ${stage}: the model is ${JSON.stringify(world)}`);
  };
  await look("new");
  for (let change = 1; change <= changes; change++) {
    versions = changed(seed, change, versions);
    world = randomWorld(seed, versions);
    await look(`change ${change}`);
  }
  await machine.clear();
  world = randomWorld(seed, versions, 1);
  await look("permuted");
  await machine.clear();
  return complaints;
}

/** One or two aspects become others. */
function changed(seed: number, change: number, versions: Versions): Versions {
  const random = randomOf(seed, "change", change);
  const chosen = random.shuffled(aspects).slice(0, 1 + random.below(2));
  return { ...versions, ...Object.fromEntries(chosen.map((aspect) => [aspect, change])) };
}

/** About which pairs the three are not of one opinion, when the machine has been made into this World: a sentence each. */
export async function disagreements(machine: TruthMachine, world: World, tally: Tally): Promise<string[]> {
  const questions = questionsOf(world);
  const opinions = questions.map((question) => opinionsOn(world, question));
  const reached = await machine.ask(questions, patience);
  let doubtful = questions.flatMap((_, at) => (reached[at] === opinions[at]?.oracle ? [] : [at]));
  for (const longer of secondThoughts) {
    if (doubtful.length === 0) break;
    const again = await machine.ask(doubtful.map((at) => questions[at] as Question), longer);
    doubtful.forEach((at, n) => (reached[at] = again[n] === true));
    doubtful = doubtful.filter((at) => reached[at] !== opinions[at]?.oracle);
  }
  tally.questions += questions.length;
  tally.reached += reached.filter(Boolean).length;
  return questions.flatMap((question, at) => {
    const { oracle, analyzer } = opinions[at] ?? {};
    if (oracle === analyzer && oracle === reached[at]) return [];
    const { changes: why } = analysisOf(world, question);
    return [`${sayQuestion(question)}: oracle ${say(oracle)}, analyzer ${say(analyzer)}${why.length === 0 ? "" : ` (${why.join(" ")})`}, packets ${say(reached[at])}`];
  });
}

const say = (yes: boolean | undefined): string => (yes === true ? "yes" : "no");
