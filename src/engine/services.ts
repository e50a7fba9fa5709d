import type { Scope, Step } from "../drivers/driver.ts";
import type { World } from "../model/world.ts";

/** Programs that serve VPCs and are part of what the user means, such as name servers. The machine holds them beside what the driver makes. */
export interface Services {
  /**
   * Told of each command before anything is touched, with the very same World twice when it changes none. Throws VpcctlError when the later
   * World asks for what this machine has no program for.
   */
  demand(before: World, after: World): void;
  /** What `settle` would do. Changes nothing. */
  plan(world: World, scope: Scope): Step[];
  /** Would `release` or `settle` start or end a program? */
  startsOrEnds(world: World, scope: Scope): boolean;
  /** Ends, while they still have their network, programs that the World has no more use for. They have some seconds to say farewell. */
  release?(world: World, scope: Scope): Step[];
  /** Makes the programs in the scope what the World says; costs next to nothing where none is asked for. Throws VpcctlError, KernelError. */
  settle(world: World, scope: Scope): Step[];
}

/** All of them as one. */
export function joinServices(services: readonly Services[]): Services {
  return {
    demand: (before, after) => services.forEach((each) => each.demand(before, after)),
    plan: (world, scope) => services.flatMap((each) => each.plan(world, scope)),
    startsOrEnds: (world, scope) => services.some((each) => each.startsOrEnds(world, scope)),
    release: (world, scope) => services.flatMap((each) => each.release?.(world, scope) ?? []),
    settle: (world, scope) => services.flatMap((each) => each.settle(world, scope)),
  };
}

/** For a World that needs no program. */
export const noServices: Services = { demand: () => undefined, plan: () => [], startsOrEnds: () => false, settle: () => [] };
