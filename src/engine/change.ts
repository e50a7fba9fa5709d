// A command that changes the World.
//
// Fast path: the World was true on the machine, so what must be done is the difference of two compiled Worlds, and nothing is looked at.
// If a step is refused, or the World needs no change at all, the machine is looked at and the difference to what is really there is
// applied: that heals drift. If that is refused as well, everything goes back to how it was before.
//
// Which of kernel and World comes first decides what a kill in between means. A build saves last: what is half built is undone. A removal
// saves first: what is half removed is removed. Either way the next command finds the journal and makes the machine what the World says.
import type { Scope, Step, StepFailure } from "../drivers/driver.ts";
import { refuseProblems, VpcctlError } from "../model/errors.ts";
import type { World } from "../model/world.ts";
import type { Change } from "../plan/change.ts";
import { planChanges } from "../plan/plan-changes.ts";
import type { ChangeRequest } from "./contract.ts";
import type { Foundations } from "./foundations.ts";
import { LeftToCaller } from "./left-to-caller.ts";
import { isKernelRefusal, sayKernelRefusal } from "./kernel-refusal.ts";
import { withPeers } from "./reach.ts";
import { recorded } from "./recorded.ts";
import { recover } from "./recover.ts";
import { isOurs, refusal, withConsequence } from "./refusal.ts";
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
    refuseImpossible(on, before, after);
    if (on.isOnBehalf === true && on.services.startsOrEnds(after, withPeers(before, request.touches(before)))) throw new LeftToCaller();
    const taken = after === before ? heal(on, request, before) : carryOut(on, request, before, after);
    return withChanges(before, after, { healed: false, ...taken, recovered, dryRun: false, milliseconds: performance.now() - started });
  });
}

/** Throws VpcctlError when this machine cannot do what is asked for. */
function refuseImpossible({ driver, services }: Foundations, before: World, after: World): void {
  services.demand(before, after);
  if (before === after) return;
  refuseProblems(driver.objections(before, after, driver.survey()));
}

function plan(on: Foundations, request: ChangeRequest, started: number): Report {
  const before = on.store.load();
  const after = request.operate(before);
  refuseImpossible(on, before, after);
  const touches = request.touches(before);
  const onMachine = after === before ? differenceToMachine(on, touches, before) : difference(on, before, after);
  // In the order in which they would be taken: a program ends while it still has its network, and starts when it has one.
  const programs = on.services.plan(after, touches);
  const steps = [...programs.filter(({ action }) => action === "delete"), ...onMachine, ...programs.filter(({ action }) => action !== "delete")];
  const healed = after === before && steps.length > 0;
  const milliseconds = performance.now() - started;
  return withChanges(before, after, { steps, healed, recovered: false, dryRun: true, endedProcesses: [], milliseconds });
}

function withChanges(before: World, after: World, rest: Omit<Report, "world" | "isChanged" | "changes">): Report {
  let changes: readonly Change[] | undefined;
  return {
    ...rest,
    world: after,
    isChanged: after !== before,
    get changes() {
      return (changes ??= planChanges(before, after));
    },
  };
}

function difference({ driver }: Foundations, before: World, after: World): Step[] {
  const facts = driver.survey();
  return driver.diff(driver.compile(after, facts), driver.compile(before, facts));
}

type Outcome = Taken & Partial<Pick<Report, "healed">>;

/** The World is as asked for already; is the machine? */
function heal(on: Foundations, request: ChangeRequest, world: World): Outcome {
  const { onProgress } = request;
  const touches = request.touches(world);
  if (differenceToMachine(on, touches, world).length === 0) return settled(on, touches, world, takeSteps(on, [], "stop"));
  on.store.begin({ command: request.command, scope: touches });
  const taken = converge(on, touches, world, "stop", onProgress);
  // Over in any case: the World is as before, and the next look at the machine sees what is still amiss.
  over(on);
  if (taken.applied.failures.length > 0) throw refusal(taken.applied, "Not all that had drifted could be put right.");
  return { ...settled(on, touches, world, taken), healed: true };
}

/** With the programs in the scope made what the World says, too. */
function settled({ services }: Foundations, touches: Scope, world: World, taken: Taken): Outcome {
  const steps = services.settle(world, touches);
  return steps.length === 0 ? taken : { ...taken, steps: [...taken.steps, ...steps], healed: true };
}

function carryOut(on: Foundations, request: ChangeRequest, before: World, after: World): Outcome {
  const steps = difference(on, before, after);
  const touches = withPeers(before, request.touches(before));
  on.store.begin({ command: request.command, scope: touches });
  // One without any step is no removal: programs may have to follow, and when they do not, nothing may be saved.
  if (steps.length > 0 && steps.every((step) => step.action === "delete")) return remove(on, request, touches, after, steps);
  try {
    const released = on.services.release?.(after, touches) ?? [];
    const built = build(on, request, touches, after, steps);
    const taken = { ...built, steps: [...released, ...built.steps, ...on.services.settle(after, touches)] };
    // A disk that is full is noticed here at the latest, when the kernel has everything and the World nothing.
    on.store.save(after);
    over(on);
    return taken;
  } catch (error) {
    throw goneBack(on, touches, before, error);
  }
}

/** A journal that stays on the table makes the next command look at the machine once more; that is no reason to call this one failed. */
function over({ store }: Foundations): void {
  try {
    store.end();
  } catch (error) {
    if (!(error instanceof VpcctlError)) throw error;
  }
}

function remove(on: Foundations, request: ChangeRequest, touches: Scope, after: World, steps: readonly Step[]): Outcome {
  on.store.save(after);
  // First, while they can still do their last work.
  const settling = on.services.settle(after, touches);
  const removed = takeSteps(on, steps, "continue", request.onProgress);
  const taken = { ...removed, steps: [...settling, ...removed.steps] };
  if (taken.applied.failures.length > 0) throw refusal(taken.applied, "What could not be removed will be tried again by the next command.");
  over(on);
  return taken;
}

function build(on: Foundations, request: ChangeRequest, touches: Scope, after: World, steps: readonly Step[]): Outcome {
  const first = takeSteps(on, steps, "stop", request.onProgress);
  if (first.applied.failures.length === 0) return first;
  // A step was refused: perhaps the machine is not what we took it for.
  const second = converge(on, touches, after, "stop", request.onProgress);
  if (second.applied.failures.length > 0) throw refusal(second.applied);
  return { ...second, healed: true };
}

/** Makes the machine what it was before; returns the error to throw: what went wrong first, and what became of the rest. */
function goneBack(on: Foundations, touches: Scope, before: World, error: unknown): unknown {
  let leftOver: readonly StepFailure[] = [];
  let consequence = "Everything is as it was before.";
  try {
    leftOver = converge(on, touches, before, "continue").applied.failures.filter(isOurs);
    on.services.settle(before, touches);
    if (leftOver.length === 0) over(on);
  } catch {
    // Whatever is in the way now, the first error is the one to tell. The journal lies on the table still.
    consequence = halfBack;
  }
  if (leftOver.length > 0) consequence = halfBack;
  const first = isKernelRefusal(error) ? sayKernelRefusal(error) : error;
  return first instanceof VpcctlError ? withConsequence(first, consequence, leftOver) : first;
}

const halfBack = "Going back failed as well in part; the next command or `vpcctl cleanup` tries again.";
