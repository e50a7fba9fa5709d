// One path to the machine. Every command that changes something goes: lock, undo what a killed command left, load, operate, compile,
// diff, journal, apply, save, report. Nothing else writes to the kernel or the store.
import { nameSettingsOf } from "../model/dhcp-options.ts";
import { VpcctlError } from "../model/errors.ts";
import { requireInstance, requireSubnet, requireVpc } from "../model/lookup.ts";
import { change } from "./change.ts";
import { cleanup } from "./cleanup.ts";
import type { Engine } from "./contract.ts";
import type { Foundations } from "./foundations.ts";
import { record } from "./recorded.ts";

export function createEngine(on: Foundations): Engine {
  const { driver, store } = on;
  return {
    world: () => store.load(),
    change: (request) => change(on, request),
    cleanup: (request) => cleanup(on, request),
    async connectivity(request) {
      const { connectivity } = await import("./connectivity.ts");
      return connectivity(driver, store.load(), request);
    },
    layout: (world, vpc) => driver.layout(world, vpc),
    placement(vpcName, subnetName) {
      const world = store.load();
      const vpc = requireVpc(world, vpcName);
      requireSubnet(vpc, subnetName);
      const subnet = driver.layout(world, vpcName).subnets[subnetName];
      if (subnet === undefined) throw new Error(`the driver lays out no subnet ${vpcName}/${subnetName}`);
      const nameSettings = nameSettingsOf(vpc);
      return { namespace: subnet.namespace, address: subnet.address, ...(nameSettings === undefined ? {} : { nameSettings }) };
    },
    instancePlacement(vpcName, name) {
      const vpc = requireVpc(store.load(), vpcName);
      const { subnet, state } = requireInstance(vpc, name);
      if (state === "stopped") throw isStopped(vpcName, name);
      const nameSettings = nameSettingsOf(vpc);
      const namespace = driver.namespaceOf(vpcName, `${subnet}/${name}`);
      return { vpc: vpcName, subnet, instance: name, namespace, ...(nameSettings === undefined ? {} : { nameSettings }) };
    },
    namespaceOf: (vpc, path) => driver.namespaceOf(vpc, path),
    lostPart: (vpc, instance) => driver.lostPart(vpc, instance),
    lock(onWait) {
      try {
        return store.lock(onWait);
      } catch (error) {
        // Where the disk cannot be written to, nobody else can change anything either, and a workload needs nothing to be changed.
        if (error instanceof VpcctlError && error.code === "StoreUnavailable") return { [Symbol.dispose]: () => undefined };
        throw error;
      }
    },
    log: () => store.readLog(),
    record: (entry) => record(store, entry),
  };
}

function isStopped(vpc: string, instance: string): VpcctlError {
  return new VpcctlError({
    code: "IncorrectInstanceState",
    message: `Instance ${vpc}/${instance} is stopped, so nothing can run in it.`,
    hint: `Start it: vpcctl start-instance ${vpc} ${instance}`,
  });
}
