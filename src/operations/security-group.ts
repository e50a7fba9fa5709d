// Security groups as wholes: made and taken away. Their rules are in security-group-rules.ts.
import { attachmentsOf } from "../model/attachment.ts";
import { refuseProblems, VpcctlError } from "../model/errors.ts";
import { limits } from "../model/limits.ts";
import { requireVpc } from "../model/lookup.ts";
import { defaultEgress, defaultGroup, findSecurityGroup, securityGroupsOf } from "../model/security-group.ts";
import { sayRule } from "../model/say-rule.ts";
import type { World } from "../model/world.ts";
import { nameProblems } from "./check-input.ts";
import { withoutSecurityGroup, withSecurityGroup, withVpc } from "./replace.ts";

export interface SecurityGroupInput {
  readonly vpc: string;
  readonly name: string;
}

export interface CreateSecurityGroupInput extends SecurityGroupInput {
  readonly description?: string;
}

/**
 * A group that lets nothing in and everything out, as EC2 makes it. The same again is no change.
 * Throws InvalidParameterValue, InvalidVpcID.NotFound, InvalidGroup.Reserved, InvalidGroup.Duplicate, SecurityGroupLimitExceeded.
 */
export function createSecurityGroup(world: World, { vpc: vpcName, name, description }: CreateSecurityGroupInput): World {
  refuseProblems([...nameProblems("security group", name), ...descriptionProblems(description)]);
  const vpc = requireVpc(world, vpcName);
  if (name === defaultGroup) {
    const hint = `Change its rules as you like, or choose another name. See what it has: vpcctl describe ${vpcName}`;
    throw new VpcctlError({ code: "InvalidGroup.Reserved", message: `VPC ${vpcName} has a security group ${defaultGroup} by itself.`, hint });
  }
  const existing = findSecurityGroup(vpc, name);
  if (existing !== undefined) {
    if (existing.description === description) return world;
    throw new VpcctlError({
      code: "InvalidGroup.Duplicate",
      message: `Security group ${vpcName}/${name} exists with ${describe(existing.description)}, not ${describe(description)}.`,
      hint: `Choose another name, or take it away first: vpcctl delete-security-group ${vpcName} ${name}`,
    });
  }
  const count = Object.keys(securityGroupsOf(vpc)).length;
  if (count >= limits.securityGroupsPerVpc.value) {
    const message = `VPC ${vpcName} has ${count} security groups, and no more fit.`;
    throw new VpcctlError({ code: "SecurityGroupLimitExceeded", message, hint: limits.securityGroupsPerVpc.why });
  }
  const group = { name, ...(description === undefined ? {} : { description }), ingress: [], egress: defaultEgress };
  return withVpc(world, withSecurityGroup(vpc, group));
}

const describe = (description: string | undefined): string => (description === undefined ? "no description" : `description ${JSON.stringify(description)}`);

/** EC2's rule, without its list of allowed characters: only what would break a line of output is refused. */
const longestDescription = 255;

function descriptionProblems(text: string | undefined) {
  if (text === undefined || (text.length <= longestDescription && !/\p{Cc}/u.test(text))) return [];
  const message = text.length > longestDescription ? `The description has ${text.length} characters.` : "The description has a control character.";
  return [{ code: "InvalidParameterValue", message, hint: `A description is one line of at most ${longestDescription} characters.` } as const];
}

/**
 * Takes a group away that nothing is in and no other group names. One that does not exist is no change, so a delete can be run again.
 * Throws InvalidVpcID.NotFound, CannotDelete for `default`, DependencyViolation with the whole list.
 */
export function deleteSecurityGroup(world: World, { vpc: vpcName, name }: SecurityGroupInput): World {
  const vpc = requireVpc(world, vpcName);
  if (name === defaultGroup) {
    throw new VpcctlError({
      code: "CannotDelete",
      message: `The security group ${defaultGroup} of VPC ${vpcName} cannot be deleted: whatever is in no other group is in it.`,
      hint: `To close it, take its rules away: vpcctl revoke-ingress ${vpcName} ${defaultGroup} --protocol all --self`,
    });
  }
  if (findSecurityGroup(vpc, name) === undefined) return world;
  const dependencies = [
    ...attachmentsOf(vpc).flatMap(({ path, securityGroups }) => (securityGroups.includes(name) ? [`${vpcName}/${path} is in it`] : [])),
    ...mentionsOf(world, vpcName, name),
  ];
  if (dependencies.length === 0) return withVpc(world, withoutSecurityGroup(vpc, name));
  throw new VpcctlError({
    code: "DependencyViolation",
    message: `Security group ${vpcName}/${name} is in use: ${dependencies.slice(0, 3).join("; ")}${dependencies.length > 3 ? `; and ${dependencies.length - 3} more` : ""}.`,
    hint: "Put what is in it into other groups (vpcctl set-security-groups), and revoke the rules that name it.",
    details: dependencies,
  });
}

/** Rules of other groups, here and in other VPCs, that name the group. */
function mentionsOf(world: World, vpc: string, group: string): string[] {
  return Object.values(world.vpcs).flatMap((home) =>
    Object.values(home.securityGroups ?? {}).flatMap((other) => {
      if (home.name === vpc && other.name === group) return [];
      return (["ingress", "egress"] as const).flatMap((direction) =>
        other[direction].flatMap((rule) => {
          const { peer } = rule;
          const names = peer.kind === "group" && peer.group === group && (peer.vpc ?? home.name) === vpc;
          return names ? [`${home.name}/${other.name} has ${sayRule(direction, rule)}`] : [];
        }),
      );
    }),
  );
}
