// A command that changes the World.
//
// Fast path: the World was true on the machine, so what must be done is the difference of two compiled Worlds, and nothing is looked at.
// If a step is refused, or the World needs no change at all, the machine is looked at and the difference to what is really there is
// applied: that heals drift. If that is refused as well, everything goes back to how it was before.
//
// Which of kernel and World comes first decides what a kill in between means. A build saves last: what is half built is undone. A removal
// saves first: what is half removed is removed. Either way the next command finds the journal and makes the machine what the World says.
import type { ApplyReport, Step } from "../drivers/driver.ts";
import type { World } from "../model/world.ts";
import { planChanges } from "../plan/plan-changes.ts";
import type { ChangeRequest } from "./contract.ts";
import type { Foundations } from "./engine.ts";
import { refusal } from "./refusal.ts";
import { recover } from "./recover.ts";
import type { Report } from "./report.ts";
import { recorded } from "./recorded.ts";

export function change(on: Foundations, request: ChangeRequest): Report {
  const started = performance.now();
  if (request.dryRun === true) return plan(on, request, started);
  using _ = on.store.lock(request.onWait);
  return recorded(on.store, request.command, started, () => {
    const recovered = recover(on);
    const before = on.store.load();
    const after = request.operate(before);
    const outcome = after === before ? heal(on, request, before) : carryOut(on, request, before, after);
    return { ...outcome, world: after, changes: planChanges(before, after), recovered, dryRun: false, milliseconds: performance.now() - started };
  });
}

function plan({ driver, store }: Foundations, request: ChangeRequest, started: number): Report {
  const before = store.load();
  const after = request.operate(before);
  const facts = driver.survey();
  const have = after === before ? driver.observe(request.touches) : driver.compile(before, facts);
  const want = after === before ? driver.restrict(driver.compile(after, facts), request.touches) : driver.compile(after, facts);
  const steps = driver.diff(want, have);
  const healed = after === before && steps.length > 0;
  return { world: after, changes: planChanges(before, after), steps, healed, recovered: false, dryRun: true, milliseconds: performance.now() - started };
}

type Outcome = Pick<Report, "steps" | "healed" | "applied">;

/** The World is as asked for already; is the machine? */
function heal(on: Foundations, request: ChangeRequest, world: World): Outcome {
  const steps = differenceToMachine(on, request, world);
  if (steps.length === 0) return { steps, healed: false };
  on.store.begin({ command: request.command, scope: request.touches });
  const applied = applySteps(on, steps, request, "stop");
  if (applied.failures.length > 0) throw refusal(applied, "Some of what had drifted could not be put right; nothing else was changed.");
  on.store.end();
  return { steps, healed: true, applied };
}

function carryOut(on: Foundations, request: ChangeRequest, before: World, after: World): Outcome {
  const { driver, store } = on;
  const facts = driver.survey();
  const steps = driver.diff(driver.compile(after, facts), driver.compile(before, facts));
  store.begin({ command: request.command, scope: request.touches });
  if (steps.every((step) => step.action === "delete")) return remove(on, request, after, steps);
  const applied = applySteps(on, steps, request, "stop");
  if (applied.failures.length > 0) return secondTry(on, request, before, after, applied);
  commit(on, after);
  return { steps, healed: false, applied };
}

function remove(on: Foundations, request: ChangeRequest, after: World, steps: readonly Step[]): Outcome {
  on.store.save(after);
  const applied = applySteps(on, steps, request, "continue");
  if (applied.failures.length > 0) throw refusal(applied, "What could not be removed will be tried again by the next command.");
  on.store.end();
  return { steps, healed: false, applied };
}

/** A step was refused: perhaps the machine is not what we took it for. */
function secondTry(on: Foundations, request: ChangeRequest, before: World, after: World, first: ApplyReport): Outcome {
  const steps = differenceToMachine(on, request, after);
  const applied = applySteps(on, steps, request, "stop");
  if (applied.failures.length === 0) {
    commit(on, after);
    return { steps, healed: true, applied };
  }
  const undone = applySteps(on, differenceToMachine(on, request, before), request, "continue");
  if (undone.failures.length === 0) on.store.end();
  throw refusal(applied.failures.length > 0 ? applied : first, "Everything is as it was before.", undone);
}

function commit({ store }: Foundations, world: World): void {
  store.save(world);
  store.end();
}

function differenceToMachine({ driver }: Foundations, { touches }: ChangeRequest, world: World): Step[] {
  return driver.diff(driver.restrict(driver.compile(world, driver.survey()), touches), driver.observe(touches));
}

function applySteps(on: Foundations, steps: readonly Step[], request: Pick<ChangeRequest, "onProgress">, onFailure: "stop" | "continue"): ApplyReport {
  const lost = on.driver.namespacesLost(steps);
  if (lost.length > 0) on.endProcessesIn(lost);
  return on.driver.apply(steps, { onFailure, ...(request.onProgress === undefined ? {} : { onProgress: request.onProgress }) });
}
