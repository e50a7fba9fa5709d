// A command that changes the World.
//
// Fast path: the World was true on the machine, so what must be done is the difference of two compiled Worlds, and nothing is looked at.
// If a step is refused, or the World needs no change at all, the machine is looked at and the difference to what is really there is
// applied: that heals drift. If that is refused as well, everything goes back to how it was before.
//
// Which of kernel and World comes first decides what a kill in between means. A build saves last: what is half built is undone. A removal
// saves first: what is half removed is removed. Either way the next command finds the journal and makes the machine what the World says.
import type { Step } from "../drivers/driver.ts";
import type { World } from "../model/world.ts";
import { planChanges } from "../plan/plan-changes.ts";
import type { ChangeRequest } from "./contract.ts";
import type { Foundations } from "./foundations.ts";
import { recorded } from "./recorded.ts";
import { recover } from "./recover.ts";
import { refusal } from "./refusal.ts";
import type { Report } from "./report.ts";
import { converge, differenceToMachine, takeSteps } from "./take-steps.ts";
import type { Taken } from "./take-steps.ts";

export function change(on: Foundations, request: ChangeRequest): Report {
  const started = performance.now();
  if (request.dryRun === true) return plan(on, request, started);
  using _ = on.store.lock(request.onWait);
  return recorded(on.store, request.command, started, () => {
    const recovered = recover(on);
    const before = on.store.load();
    const after = request.operate(before);
    const taken = after === before ? heal(on, request, before) : carryOut(on, request, before, after);
    const changes = planChanges(before, after);
    return { healed: false, ...taken, world: after, changes, recovered, dryRun: false, milliseconds: performance.now() - started };
  });
}

function plan(on: Foundations, request: ChangeRequest, started: number): Report {
  const before = on.store.load();
  const after = request.operate(before);
  const steps = after === before ? differenceToMachine(on, request.touches, before) : difference(on, before, after);
  const healed = after === before && steps.length > 0;
  const milliseconds = performance.now() - started;
  return { world: after, changes: planChanges(before, after), steps, healed, recovered: false, dryRun: true, endedProcesses: [], milliseconds };
}

function difference({ driver }: Foundations, before: World, after: World): Step[] {
  const facts = driver.survey();
  return driver.diff(driver.compile(after, facts), driver.compile(before, facts));
}

type Outcome = Taken & Partial<Pick<Report, "healed">>;

/** The World is as asked for already; is the machine? */
function heal(on: Foundations, request: ChangeRequest, world: World): Outcome {
  const { touches, onProgress } = request;
  if (differenceToMachine(on, touches, world).length === 0) return takeSteps(on, [], "stop");
  on.store.begin({ command: request.command, scope: touches });
  const taken = converge(on, touches, world, "stop", onProgress);
  if (taken.applied.failures.length > 0) throw refusal(taken.applied, "Not all that had drifted could be put right.");
  on.store.end();
  return { ...taken, healed: true };
}

function carryOut(on: Foundations, request: ChangeRequest, before: World, after: World): Outcome {
  const steps = difference(on, before, after);
  on.store.begin({ command: request.command, scope: request.touches });
  if (steps.every((step) => step.action === "delete")) return remove(on, request, after, steps);
  const taken = takeSteps(on, steps, "stop", request.onProgress);
  if (taken.applied.failures.length > 0) return secondTry(on, request, before, after);
  commit(on, after);
  return taken;
}

function remove(on: Foundations, request: ChangeRequest, after: World, steps: readonly Step[]): Outcome {
  on.store.save(after);
  const taken = takeSteps(on, steps, "continue", request.onProgress);
  if (taken.applied.failures.length > 0) throw refusal(taken.applied, "What could not be removed will be tried again by the next command.");
  on.store.end();
  return taken;
}

/** A step was refused: perhaps the machine is not what we took it for. */
function secondTry(on: Foundations, request: ChangeRequest, before: World, after: World): Outcome {
  const { touches, onProgress } = request;
  const taken = converge(on, touches, after, "stop", onProgress);
  if (taken.applied.failures.length === 0) {
    commit(on, after);
    return { ...taken, healed: true };
  }
  const undone = converge(on, touches, before, "continue");
  if (undone.applied.failures.length === 0) on.store.end();
  throw refusal(taken.applied, "Everything is as it was before.", undone.applied);
}

function commit({ store }: Foundations, world: World): void {
  store.save(world);
  store.end();
}
