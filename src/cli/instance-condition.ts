import type { LostPart } from "../drivers/driver.ts";
import type { Instance, InstanceState } from "../model/instance.ts";
import type { Vpc } from "../model/world.ts";

/** Asks the machine. */
export type LostPartOf = (vpc: string, instance: Instance) => LostPart | undefined;

/** How an instance is. The World says that it is to run; whether an attached one does, only the machine can tell. */
export type InstanceCondition = { readonly state: InstanceState } | { readonly state: "lost"; readonly lost: LostPart };

/** The machine is asked about attached instances alone: what it lacks of others the next command puts back. */
export function conditionOf(vpc: Vpc, instance: Instance, lostPart: LostPartOf): InstanceCondition {
  const lost = instance.attachedTo === undefined ? undefined : lostPart(vpc.name, instance);
  return lost === undefined ? { state: instance.state } : { state: "lost", lost };
}

export const conditionText = (condition: InstanceCondition): string => (condition.state === "lost" ? `lost (its ${condition.lost} is gone)` : condition.state);
