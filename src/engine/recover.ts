import type { Scope } from "../drivers/driver.ts";
import type { Foundations } from "./foundations.ts";
import { LeftToCaller } from "./left-to-caller.ts";
import { isOurs, refusal } from "./refusal.ts";
import { converge } from "./take-steps.ts";

/** A journal on the table means that a command was killed: makes the machine what the World says, in the scope of that command. */
export function recover(on: Foundations): boolean {
  const journal = on.store.journal();
  if (journal === undefined) return false;
  // Programs may have been ended half-way.
  if (on.isOnBehalf === true) throw new LeftToCaller();
  const { applied } = converge(on, journal.scope as Scope, on.store.load(), "continue");
  const failures = applied.failures.filter(isOurs);
  if (failures.length > 0) {
    throw refusal({ ...applied, failures }, "An earlier command was interrupted, and what it left could not be put right. `vpcctl cleanup` removes everything.");
  }
  on.services.settle(on.store.load(), journal.scope as Scope);
  on.store.end();
  return true;
}
