// Wires the program together: which driver, which store, which streams. Nothing else may know a concrete driver or end the process.
import { run } from "./cli/run.ts";
import { openStream } from "./cli/stream.ts";
import type { Wiring } from "./cli/wiring.ts";
import { missingRights } from "./drivers/linux/doctor/rights.ts";
import type { Engine } from "./engine/contract.ts";
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
  engine: startEngine,
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

async function startEngine(): Promise<Engine> {
  const { createEngine } = await import("./engine/engine.ts");
  const { createLinuxDriver } = await import("./drivers/linux/linux-driver.ts");
  const { openStore } = await import("./store/store.ts");
  const { endProcessesIn } = await import("./workloads/processes.ts");
  const { forgetWorkloads } = await import("./workloads/stop-workload.ts");
  const { createNameServers } = await import("./dns/settle-name-servers.ts");
  const { createInstancePrograms } = await import("./workloads/instance-programs.ts");
  const { joinServices } = await import("./engine/services.ts");
  const { attachmentNamespace, routerNamespace } = await import("./drivers/linux/names.ts");
  const nameServers = createNameServers(routerNamespace);
  const programs = createInstancePrograms(attachmentNamespace);
  return createEngine({
    driver: createLinuxDriver(),
    store: openStore(stateDirectory),
    // In this order: a program may look up names as soon as it runs.
    services: joinServices([nameServers, programs]),
    endProcessesIn(namespaces) {
      // Ours, so nobody need hear that they were ended.
      nameServers.leave(namespaces);
      return endProcessesIn(namespaces);
    },
    forgetWorkloads,
  });
}

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
