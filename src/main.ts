// Wires the program together: which store, which streams, and with start-engine.ts which driver. Nothing else may know a concrete driver
// or end the process.
import { run } from "./cli/run.ts";
import { openStream } from "./cli/stream.ts";
import type { Wiring } from "./cli/wiring.ts";
import { missingRights } from "./drivers/linux/doctor/rights.ts";
import { exitStatus } from "./model/errors.ts";

// Constants that the build puts in; run from the sources, they do not exist.
declare const VPCCTL_VERSION: string | undefined;
declare const VPCCTL_COMMIT: string | undefined;

const STDOUT = 1;
const STDERR = 2;

// Empty is as good as unset: it must not come to mean the current directory.
const namedDirectory = process.env["VPCCTL_STATE_DIR"];
const stateDirectory = namedDirectory === undefined || namedDirectory === "" ? "/var/lib/vpcctl" : namedDirectory;

const wiring: Wiring = {
  version: typeof VPCCTL_VERSION === "undefined" ? "from sources" : `${VPCCTL_VERSION} (${VPCCTL_COMMIT})`,
  environment: process.env,
  async engine() {
    const { startEngine } = await import("./start-engine.ts");
    return startEngine(stateDirectory);
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

/** What this program starts as a child of itself; not commands, and not for users. Each returns its exit status. */
const children: Readonly<Record<string, (words: readonly string[]) => Promise<number>>> = {
  async __supervise(words) {
    const { superviseWorkload } = await import("./workloads/supervise.ts");
    superviseWorkload(words);
    // It becomes the workload's supervisor; whoever comes back from that has failed.
    return exitStatus.failed;
  },
  async "__sandbox-init"(words) {
    const { initSandbox } = await import("./sandbox/init-sandbox.ts");
    return initSandbox(words[0]);
  },
};

const words = process.argv.slice(2);
// Own ones only: `constructor` is a word like any other.
const child = Object.hasOwn(children, words[0] ?? "") ? children[words[0] ?? ""] : undefined;
if (child === undefined) process.exit(await run(words, wiring, openStream(STDOUT), openStream(STDERR)));
// The sandbox's services go on in the event loop, so a child ends by itself.
process.exitCode = await child(words.slice(1));
