// Wires the program together: which driver, which store, which streams. Nothing else may know a concrete driver or end the process.
import { run } from "./cli/run.ts";
import { openStream } from "./cli/stream.ts";
import type { Wiring } from "./cli/wiring.ts";
import { missingRights } from "./drivers/linux/doctor/rights.ts";
import type { Engine } from "./engine/contract.ts";

// Put in by the build.
declare const VPCCTL_VERSION: string;
declare const VPCCTL_COMMIT: string;

const STDOUT = 1;
const STDERR = 2;

const stateDirectory = process.env["VPCCTL_STATE_DIR"] ?? "/var/lib/vpcctl";

const wiring: Wiring = {
  version: typeof VPCCTL_VERSION === "string" ? `${VPCCTL_VERSION} (${VPCCTL_COMMIT})` : "from source",
  environment: process.env,
  engine: startEngine,
  forbidden: missingRights,
  async world() {
    const { openStore } = await import("./store/store.ts");
    return openStore(stateDirectory).load();
  },
  async diagnose() {
    const { diagnose } = await import("./drivers/linux/doctor/diagnose.ts");
    return diagnose();
  },
};

async function startEngine(): Promise<Engine> {
  const { createEngine } = await import("./engine/engine.ts");
  const { createLinuxDriver } = await import("./drivers/linux/linux-driver.ts");
  const { openStore } = await import("./store/store.ts");
  return createEngine({ driver: createLinuxDriver(), store: openStore(stateDirectory) });
}

/** This program under other names: what it starts as a child of itself. */
async function runHidden(words: readonly string[]): Promise<boolean> {
  if (words[0] !== "__supervise") return false;
  const { superviseWorkload } = await import("./workloads/supervise.ts");
  superviseWorkload(words.slice(1));
  return true;
}

const words = process.argv.slice(2);
process.exit((await runHidden(words)) ? 1 : await run(words, wiring, openStream(STDOUT), openStream(STDERR)));
