import type { Invocation } from "../invocation.ts";
import { nextStep } from "../next-step.ts";
import { endedSentences, reply } from "../reply.ts";
import type { BoundVerb } from "../verb-command.ts";

/** Runs a verb on the World and on the machine, and says how it went. */
export async function changeWorld(invocation: Invocation, name: string, verb: BoundVerb): Promise<number> {
  const engine = await invocation.engine();
  const report = engine.change({ ...invocation.request(), operate: verb.operate, touches: (world) => verb.touches(world) });
  return reply(invocation, report, {
    done: [verb.done(report.world), ...endedSentences(report)],
    unchanged: verb.unchanged(report.world),
    next: nextStep(name, { ...invocation.parsed.options, ...invocation.parsed.arguments, program: invocation.trailing?.join(" ") ?? "" }),
  });
}
