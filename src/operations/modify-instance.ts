import { refuseProblems, VpcctlError } from "../model/errors.ts";
import type { Instance } from "../model/instance.ts";
import { requireInstance, requireVpc } from "../model/lookup.ts";
import type { World } from "../model/world.ts";
import { groupProblems, groupsToKeep } from "./group-input.ts";
import { withInstance, withVpc } from "./replace.ts";

export interface ModifyInstanceInput {
  readonly vpc: string;
  readonly name: string;
  readonly sourceDestCheck?: "true" | "false";
  /** In place of those it is in. */
  readonly securityGroups?: readonly string[];
}

/**
 * Changes what can be changed of an instance that exists. What is so already is no change. Throws MissingParameter, InvalidVpcID.NotFound,
 * InvalidInstanceID.NotFound, InvalidGroup.NotFound, SecurityGroupsPerInstanceLimitExceeded.
 */
export function modifyInstance(world: World, { vpc: vpcName, name, sourceDestCheck, securityGroups }: ModifyInstanceInput): World {
  if (sourceDestCheck === undefined && securityGroups === undefined) {
    throw new VpcctlError({
      code: "MissingParameter",
      message: "There is nothing to change.",
      hint: "Say what: --source-dest-check false, or --security-group web, or both.",
    });
  }
  const vpc = requireVpc(world, vpcName);
  const instance = requireInstance(vpc, name);
  refuseProblems(groupProblems(vpc, securityGroups ?? []));
  const checked = sourceDestCheck === undefined ? instance : withCheck(instance, sourceDestCheck === "true");
  const changed = securityGroups === undefined ? checked : withGroups(checked, groupsToKeep(securityGroups));
  return changed === instance ? world : withVpc(world, withInstance(vpc, changed));
}

function withCheck(instance: Instance, check: boolean): Instance {
  if (check === (instance.sourceDestCheck ?? true)) return instance;
  const { sourceDestCheck: _, ...rest } = instance;
  return check ? rest : { ...rest, sourceDestCheck: false };
}

function withGroups(instance: Instance, groups: readonly string[] | undefined): Instance {
  const { securityGroups, ...rest } = instance;
  if ((groups ?? []).join(" ") === (securityGroups ?? []).join(" ")) return instance;
  return groups === undefined ? rest : { ...rest, securityGroups: groups };
}
