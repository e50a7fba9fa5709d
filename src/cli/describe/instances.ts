import type { VpcLayout } from "../../drivers/driver.ts";
import { instancesOf } from "../../model/instance.ts";
import { defaultGroup } from "../../model/security-group.ts";
import type { Vpc } from "../../model/world.ts";
import { conditionOf, conditionText, type LostPartOf } from "../instance-condition.ts";

export const instanceHeading = ["NAME", "SUBNET", "ADDRESS", "PUBLIC ADDRESS", "SECURITY GROUPS", "STATE", "NAMESPACE"] as const;

/** A row per instance, under `instanceHeading`. */
export function instanceRows(vpc: Vpc, layout: VpcLayout, lostPart: LostPartOf): string[][] {
  return instancesOf(vpc).map((instance) => {
    const { name, subnet, address, publicAddress = "none", securityGroups = [defaultGroup], sourceDestCheck } = instance;
    const state = conditionText(conditionOf(vpc, instance, lostPart));
    const how = sourceDestCheck === false ? `${state}, a router` : state;
    return [name, subnet, address, publicAddress, securityGroups.join(", "), how, placeOf(layout, name).namespace];
  });
}

/** For --json: what is meant, and where it is. */
export function instanceJson(vpc: Vpc, layout: VpcLayout, lostPart: LostPartOf): object[] {
  return instancesOf(vpc).map((instance) => ({ ...instance, ...conditionOf(vpc, instance, lostPart), ...placeOf(layout, instance.name) }));
}

function placeOf(layout: VpcLayout, name: string) {
  const place = layout.instances[name];
  if (place === undefined) throw new Error(`the driver lays out no instance ${name}`);
  return place;
}
