// An engine on a machine that only remembers, with a store of its own that goes with the test.
import { expect, onTestFinished } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMemoryDriver } from "../../src/drivers/memory/memory-driver.ts";
import { createEngine } from "../../src/engine/engine.ts";
import { noServices, type Services } from "../../src/engine/services.ts";
import type { Report } from "../../src/engine/report.ts";
import { VpcctlError } from "../../src/model/errors.ts";
import { openStore } from "../../src/store/store.ts";
import { bindLine } from "./verb-line.ts";

/** `failures` (subject and words) may be filled and emptied while the engine is used; `run` takes a line of a verb. */
export function memoryEngine(services: Services = noServices) {
  const directory = mkdtempSync(join(tmpdir(), "vpcctl-engine-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const failures = new Map<string, string>();
  const driver = createMemoryDriver({ failures });
  const store = openStore(directory);
  const ended: string[] = [];
  const endProcessesIn = (namespaces: readonly string[]): { pid: number; name: string }[] => namespaces.map((name, i) => (ended.push(name), { pid: i + 1, name }));
  const engine = createEngine({ driver, store, services, endProcessesIn, forgetWorkloads: () => undefined });
  const run = (line: string, dryRun = false): Report => {
    const verb = bindLine(line);
    return engine.change({ command: line, operate: (world) => verb.operate(world), touches: (world) => verb.touches(world), dryRun });
  };
  const state = (): readonly unknown[] => [engine.world(), new Map(driver.held), store.journal()];
  return { directory, failures, driver, store, engine, run, state, ended };
}

/** The error that an act ends with; a test whose act succeeds fails. */
export function refused(act: () => unknown): VpcctlError {
  try {
    act();
  } catch (error) {
    if (error instanceof VpcctlError) return error;
    throw error;
  }
  return expect.unreachable();
}

/** `add subnet a/web`, one per step. */
export const subjects = ({ steps }: Report): string[] => steps.map(({ action, subject }) => `${action} ${subject}`);
