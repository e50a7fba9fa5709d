// The engine with the driver, the store and the services of this machine: the part of main.ts that only commands need which look at the
// machine or change it. In one piece, for each piece that is loaded by itself costs its share of a command's time.
import { createNameServers } from "./dns/settle-name-servers.ts";
import { createLinuxDriver } from "./drivers/linux/linux-driver.ts";
import { attachmentNamespace, routerNamespace } from "./drivers/linux/names.ts";
import type { Engine } from "./engine/contract.ts";
import { createEngine } from "./engine/engine.ts";
import { joinServices } from "./engine/services.ts";
import { openStore } from "./store/store.ts";
import { createInstancePrograms } from "./workloads/instance-programs.ts";
import { endProcessesIn } from "./workloads/processes.ts";
import { forgetWorkloads } from "./workloads/stop-workload.ts";

/** `isOnBehalf`: as in Foundations. */
export function startEngine(stateDirectory: string, isOnBehalf: boolean): Engine {
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
    isOnBehalf,
  });
}
