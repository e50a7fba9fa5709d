import { exitStatus } from "./model/errors.ts";

/** Each returns its exit status. */
const children: Readonly<Record<string, (words: readonly string[]) => Promise<number>>> = {
  async __supervise(words) {
    const { superviseWorkload } = await import("./workloads/supervise.ts");
    superviseWorkload(words);
    // It becomes the workload's supervisor; whoever comes back from that has failed.
    return exitStatus.failed;
  },
  async __standby(words) {
    const { beStandby } = await import("./standby/serve-standby.ts");
    const { runOnBehalf } = await import("./run-here.ts");
    return beStandby(words, runOnBehalf);
  },
  async "__sandbox-init"(words) {
    const { initSandbox } = await import("./sandbox/init-sandbox.ts");
    return initSandbox(words[0]);
  },
};

/** What this program starts as a child of itself, by a verb that is not for users; undefined for any other word. */
export const childOf = (verb: string): ((words: readonly string[]) => Promise<number>) | undefined =>
  // Own ones only: `constructor` is a word like any other.
  Object.hasOwn(children, verb) ? children[verb] : undefined;
