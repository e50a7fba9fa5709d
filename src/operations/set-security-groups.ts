import { VpcctlError, refuseProblems } from "../model/errors.ts";
import type { Instance } from "../model/instance.ts";
import { requireInstance, requireSubnet, requireVpc } from "../model/lookup.ts";
import { requirePlace } from "../model/require-place.ts";
import type { Subnet, World } from "../model/world.ts";
import { groupProblems, groupsToKeep } from "./group-input.ts";
import { withInstance, withSubnet, withVpc } from "./replace.ts";

export interface SetSecurityGroupsInput {
  readonly vpc: string;
  /** `web` for a subnet's own namespace, `web1` or `web/web1` for an instance. */
  readonly attachment: string;
  /** In place of those it is in. */
  readonly securityGroups?: readonly string[];
}

/**
 * Puts something into these groups and no others. What is so already is no change.
 * Throws MissingParameter, InvalidVpcID.NotFound, InvalidSubnetID.NotFound, InvalidInstanceID.NotFound, InvalidGroup.NotFound,
 * SecurityGroupsPerInstanceLimitExceeded.
 */
export function setSecurityGroups(world: World, { vpc: vpcName, attachment, securityGroups: names = [] }: SetSecurityGroupsInput): World {
  if (names.length === 0) {
    const hint = "Name one or more: --security-group web. To go back to the one everything starts in: --security-group default";
    throw new VpcctlError({ code: "MissingParameter", message: "It does not say which security groups.", hint });
  }
  const vpc = requireVpc(world, vpcName);
  const place = requirePlace(vpc, attachment);
  refuseProblems(groupProblems(vpc, names));
  if ("subnet" in place) {
    const subnet = requireSubnet(vpc, place.subnet);
    const changed = inGroups(subnet, names);
    return changed === subnet ? world : withVpc(world, withSubnet(vpc, changed));
  }
  const instance = requireInstance(vpc, place.instance);
  const changed = inGroups(instance, names);
  return changed === instance ? world : withVpc(world, withInstance(vpc, changed));
}

/** The same thing in these groups; itself when it is in them. */
function inGroups<Part extends Subnet | Instance>(part: Part, names: readonly string[]): Part {
  const groups = groupsToKeep(names);
  const { securityGroups, ...rest } = part;
  if ((groups ?? []).join(" ") === (securityGroups ?? []).join(" ")) return part;
  return { ...rest, ...(groups === undefined ? {} : { securityGroups: groups }) } as Part;
}
