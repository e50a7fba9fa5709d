import { type Contender, turns } from "./contenders.ts";
import type { Options } from "./options.ts";
import type { PlanName } from "./plans.ts";
import type { Sample } from "./samples.ts";
import { inSandbox } from "./sandbox.ts";

/** Subnets of the connectivity test: 9,900 pairs. */
export const connectivitySize = 100;

/** Round by round, size by size, contender after contender: what disturbs the machine for a while disturbs all of them alike. */
export function measureControlPlane({ sizes, rounds }: Options, say: (line: string) => void): Sample[] {
  const samples: Sample[] = [];
  const measure = (contender: string, size: number, round: number, job: string, words: readonly string[] = [], plan: PlanName = "subnets") => {
    const times = inSandbox(job, ...words, String(size)) as Record<string, number>;
    // The plan that everything was measured with from the start has no name before its actions.
    const prefix = plan === "subnets" ? "" : `${plan}-`;
    for (const [action, value] of Object.entries(times)) samples.push({ contender, action: prefix + action, size, round, value });
  };
  // The kernel's first namespaces after a while are slower than any later ones, and so is a program that is not in memory yet: the
  // largest size is built once for nothing.
  say("warming up ...");
  for (const contender of ["c", "tool"]) inSandbox("__contender", contender, "subnets", String(sizes.at(-1)));
  for (let round = 1; round <= rounds; round++) {
    for (const size of sizes) {
      for (const contender of turns) {
        if (isSkipped(contender, size, round) || !takesPartIn("subnets", size)(contender)) continue;
        say(`round ${round} of ${rounds}, ${size} subnets: ${contender.label}`);
        measure(contender.name, size, round, "__contender", [contender.name, "subnets"]);
      }
    }
    for (const plan of ["instances", "vpcs"] as const) {
      const size = sizes.at(-1) ?? 0;
      for (const contender of turns.filter(takesPartIn(plan, size))) {
        say(`round ${round} of ${rounds}, ${size} ${plan}: ${contender.label}`);
        measure(contender.name, size, round, "__contender", [contender.name, plan], plan);
      }
    }
    say(`round ${round} of ${rounds}: test-connectivity with ${connectivitySize} subnets`);
    measure("tool", connectivitySize, round, "__connectivity");
  }
  return samples;
}

/** Of the engine alone it matters what subnets take, and what single changes do. */
const takesPartIn =
  (plan: PlanName, size: number) =>
  ({ inside, commands }: Contender): boolean =>
    inside === true ? plan !== "vpcs" : commands?.(plan, size) !== undefined;

const isSkipped = ({ onceAbove }: Contender, size: number, round: number): boolean => onceAbove !== undefined && size > onceAbove && round > 1;
