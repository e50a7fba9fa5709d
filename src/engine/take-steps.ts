// Steps on the machine, and the way back to a known state when it is not as we thought.
import type { ApplyReport, Scope, Step } from "../drivers/driver.ts";
import type { World } from "../model/world.ts";
import type { Foundations } from "./foundations.ts";
import { whole } from "./reach.ts";
import type { EndedProcess } from "./report.ts";

export interface Taken {
  readonly steps: readonly Step[];
  readonly applied: ApplyReport;
  readonly endedProcesses: readonly EndedProcess[];
}

type Progress = ((done: number, total: number) => void) | undefined;

/** Applies steps; what runs in a namespace that goes is ended first. */
export function takeSteps(on: Foundations, steps: readonly Step[], onFailure: "stop" | "continue", onProgress?: Progress): Taken {
  const lost = on.driver.namespacesLost(steps);
  const endedProcesses = lost.length === 0 ? [] : on.endProcessesIn(lost);
  const applied = on.driver.apply(steps, { onFailure, ...(onProgress === undefined ? {} : { onProgress }) });
  return { steps, applied, endedProcesses };
}

/**
 * Looks at the machine: what separates it, in this scope, from the World? Where something does, the VPCs in the scope are looked at whole,
 * and with them those that they are connected with: what one subnet hangs on may be what its neighbours have lost as well.
 */
export function differenceToMachine(on: Foundations, scope: Scope, world: World): Step[] {
  const steps = differenceWithin(on, scope, world);
  if (steps.length === 0) return steps;
  const wider = whole(world, scope);
  return wider === scope ? steps : differenceWithin(on, wider, world);
}

function differenceWithin({ driver }: Foundations, scope: Scope, world: World): Step[] {
  return driver.diff(driver.restrict(driver.compile(world, driver.survey()), scope), driver.observe(scope));
}

/** The kernel takes a namespace apart within some 100 ms of its deletion; on a loaded machine that can take longer. */
const patience = { tries: 12, pause: 100 /* milliseconds */ };

/**
 * Makes the machine in this scope what the World says. Tries again for about a second when something came or went under its hands:
 * the remains of a namespace that somebody deleted a moment ago look alive until the kernel gets to them.
 */
export function converge(on: Foundations, scope: Scope, world: World, onFailure: "stop" | "continue", onProgress?: Progress): Taken {
  const steps: Step[] = [];
  const ended: EndedProcess[] = [];
  for (let attempt = 1; ; attempt++) {
    const taken = takeSteps(on, differenceToMachine(on, scope, world), onFailure, onProgress);
    steps.push(...taken.steps);
    ended.push(...taken.endedProcesses);
    const { failures } = taken.applied;
    const mayPass = failures.length > 0 && failures.every((failure) => failure.mayPass === true);
    if (!mayPass || attempt === patience.tries) return { steps, applied: taken.applied, endedProcesses: ended };
    Bun.sleepSync(patience.pause);
  }
}
