// One path to the machine. Every command that changes something goes: lock, undo what a killed command left, load, operate, compile,
// diff, journal, apply, save, report. Nothing else writes to the kernel or the store.
import type { Driver } from "../drivers/driver.ts";
import { requireSubnet, requireVpc } from "../model/lookup.ts";
import type { Store } from "../store/store.ts";
import { change } from "./change.ts";
import { cleanup } from "./cleanup.ts";
import { connectivity } from "./connectivity.ts";
import type { Engine } from "./contract.ts";
import type { EndedProcess } from "./report.ts";

/** What the engine stands on. */
export interface Foundations {
  readonly driver: Driver;
  readonly store: Store;
  /** Ends what runs in these namespaces; says what it ended. */
  readonly endProcessesIn: (namespaces: readonly string[]) => EndedProcess[];
  /** Forgets detached workloads, of one VPC or all. */
  readonly forgetWorkloads: (vpc?: string) => void;
}

export function createEngine(on: Foundations): Engine {
  const { driver, store } = on;
  return {
    world: () => store.load(),
    change: (request) => change(on, request),
    cleanup: (request) => cleanup(on, request),
    connectivity: (request) => connectivity(driver, store.load(), request),
    layout: (world, vpc) => driver.layout(world, vpc),
    placement(vpcName, subnetName) {
      const world = store.load();
      requireSubnet(requireVpc(world, vpcName), subnetName);
      const subnet = driver.layout(world, vpcName).subnets[subnetName];
      if (subnet === undefined) throw new Error(`the driver lays out no subnet ${vpcName}/${subnetName}`);
      return { namespace: subnet.namespace, address: subnet.address };
    },
    log: () => store.readLog(),
    record: (entry) => store.appendLog({ time: new Date().toISOString(), ...entry }),
  };
}
