import type { Scope } from "../drivers/driver.ts";
import type { Foundations } from "./engine.ts";
import { refusal } from "./refusal.ts";

/** A journal on the table means that a command was killed: makes the machine what the World says, in the scope of that command. */
export function recover({ driver, store, endProcessesIn }: Foundations): boolean {
  const journal = store.journal();
  if (journal === undefined) return false;
  const scope = journal.scope as Scope;
  const want = driver.restrict(driver.compile(store.load(), driver.survey()), scope);
  const steps = driver.diff(want, driver.observe(scope));
  const lost = driver.namespacesLost(steps);
  if (lost.length > 0) endProcessesIn(lost);
  const applied = driver.apply(steps, { onFailure: "continue" });
  if (applied.failures.length > 0) {
    throw refusal(applied, "An earlier command was interrupted, and what it left could not be put right. `vpcctl cleanup` removes everything.");
  }
  store.end();
  return true;
}
