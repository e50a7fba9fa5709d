// Runs a command line in this process, against a machine that only remembers.
import { run } from "../../src/cli/run.ts";
import type { Wiring } from "../../src/cli/wiring.ts";
import { createMemoryDriver, type MemoryDriverOptions } from "../../src/drivers/memory/memory-driver.ts";
import { createEngine } from "../../src/engine/engine.ts";
import { noServices } from "../../src/engine/services.ts";
import { openStore } from "../../src/store/store.ts";
import { scratchDirectory } from "./scratch.ts";

export interface Result {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface FakeMachine {
  readonly wiring: Wiring;
  readonly driver: ReturnType<typeof createMemoryDriver>;
  /** One command line, split at spaces, or as words when words themselves hold spaces. */
  run(line: string | readonly string[], terminal?: boolean): Promise<Result>;
  /** Like `run`, but a status other than 0 is a failure of the test. */
  must(line: string | readonly string[]): Promise<Result>;
}

export function createFakeMachine(options: MemoryDriverOptions & Partial<Wiring> = {}): FakeMachine {
  const driver = createMemoryDriver(options);
  const store = openStore(scratchDirectory());
  const engine = createEngine({ driver, store, services: noServices, endProcessesIn: () => [], forgetWorkloads: () => undefined });
  const wiring: Wiring = {
    version: "0.0.0 (test)",
    environment: {},
    engine: async () => engine,
    world: async () => engine.world(),
    forbidden: () => undefined,
    diagnose: async () => [],
    ...options,
  };
  const runLine = async (line: string | readonly string[], terminal = false): Promise<Result> => {
    let [stdout, stderr] = ["", ""];
    const decode = (data: string | Uint8Array) => (typeof data === "string" ? data : new TextDecoder().decode(data));
    const out = { terminal, write: (data: string | Uint8Array) => ((stdout += decode(data)), true) };
    const error = { terminal, write: (data: string | Uint8Array) => ((stderr += decode(data)), true) };
    const status = await run(typeof line === "string" ? line.split(" ") : line, wiring, out, error);
    return { status, stdout, stderr };
  };
  return {
    wiring,
    driver,
    run: runLine,
    async must(line) {
      const result = await runLine(line);
      if (result.status !== 0) throw new Error(`${String(line)} ended with ${result.status}:\n${result.stderr}${result.stdout}`);
      return result;
    },
  };
}

/** A machine on which the tutorial's VPC stands. */
export async function tutorialMachine(options: Parameters<typeof createFakeMachine>[0] = {}): Promise<FakeMachine> {
  const machine = createFakeMachine(options);
  await machine.must("create-vpc company-a 10.0.0.0/16");
  await machine.must("add-subnet company-a public-web 10.0.1.0/24");
  await machine.must("add-subnet company-a private-db 10.0.2.0/24");
  await machine.must("enable-internet company-a public-web");
  return machine;
}
