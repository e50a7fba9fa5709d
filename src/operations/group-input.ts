import type { Problem } from "../model/errors.ts";
import { limits } from "../model/limits.ts";
import { quote } from "../model/quote.ts";
import { defaultGroup, findSecurityGroup } from "../model/security-group.ts";
import type { Vpc } from "../model/world.ts";

/** The groups as the World keeps them: each once, in order of their names; absent for `default` alone. */
export function groupsToKeep(names: readonly string[]): readonly string[] | undefined {
  const groups = [...new Set(names)].toSorted();
  return groups.length === 0 || (groups.length === 1 && groups[0] === defaultGroup) ? undefined : groups;
}

/** What stands against something being in these groups. */
export function groupProblems(vpc: Vpc, names: readonly string[]): Problem[] {
  const problems = names
    .filter((name) => findSecurityGroup(vpc, name) === undefined)
    .map((name): Problem => {
      const message = `VPC ${vpc.name} has no security group ${quote(name)}.`;
      return { code: "InvalidGroup.NotFound", message, hint: `See what exists: vpcctl describe ${vpc.name}` };
    });
  const most = limits.securityGroupsPerInstance.value;
  const count = new Set(names).size;
  if (count > most) {
    const message = `Nothing can be in ${count} security groups: ${most} are the most.`;
    problems.push({ code: "SecurityGroupsPerInstanceLimitExceeded", message, hint: "Put the rules of two of them into one." });
  }
  return problems;
}
