// Wires the program together: which store, which streams, and with start-engine.ts which driver. Nothing else may know a concrete driver.
// All commands come here but those that a standby process carries out; and there they come here too, one after the other, each with the
// environment and the streams of its caller. So nothing here may be older than the call.
import { run, tellFailure } from "./cli/run.ts";
import { openStream } from "./cli/stream.ts";
import type { Wiring } from "./cli/wiring.ts";
import { LeftToCaller } from "./engine/left-to-caller.ts";
import { missingRights } from "./drivers/linux/doctor/rights.ts";
import { VpcctlError } from "./model/errors.ts";

// Constants that the build puts in; run from the sources, they do not exist.
declare const VPCCTL_VERSION: string | undefined;
declare const VPCCTL_COMMIT: string | undefined;

const STDOUT = 1;
const STDERR = 2;

/** Runs one command line in this process; returns its exit status. Never throws. */
export const runHere = (words: readonly string[]): Promise<number> => run(words, wiring(), openStream(STDOUT), openStream(STDERR));

/** The same for another process. Undefined when that should do it by itself; then nothing has been done. */
export async function runOnBehalf(words: readonly string[]): Promise<number | undefined> {
  try {
    return await run(words, wiring(true), openStream(STDOUT), openStream(STDERR));
  } catch (failure) {
    if (failure instanceof LeftToCaller) return undefined;
    throw failure;
  }
}

/** Says that a command was left to a standby process which did not come back with it. Returns the exit status. */
export function tellLost(words: readonly string[]): number {
  const failure = new VpcctlError({
    code: "StandbyLost",
    message: "The standby process ended while it carried this out, so it may have been done or not; what was half done, the next command puts right.",
    hint: "See whether it was done: vpcctl log\nRun it again if not, or if in doubt: what is there already stays as it is.",
  });
  return tellFailure(words, wiring(), openStream(STDOUT), openStream(STDERR), failure);
}

function wiring(isOnBehalf = false): Wiring {
  // Empty is as good as unset: it must not come to mean the current directory.
  const named = process.env["VPCCTL_STATE_DIR"];
  const stateDirectory = named === undefined || named === "" ? "/var/lib/vpcctl" : named;
  return {
    version: typeof VPCCTL_VERSION === "undefined" ? "from sources" : `${VPCCTL_VERSION} (${VPCCTL_COMMIT})`,
    environment: process.env,
    async engine() {
      const { startEngine } = await import("./start-engine.ts");
      return startEngine(stateDirectory, isOnBehalf);
    },
    forbidden: missingRights,
    async world() {
      const { openStore } = await import("./store/store.ts");
      return openStore(stateDirectory).load();
    },
    async diagnose() {
      const { diagnose } = await import("./drivers/linux/doctor/diagnose.ts");
      const { examineProgram } = await import("./dns/examine-program.ts");
      return [...diagnose(), examineProgram()];
    },
  };
}
