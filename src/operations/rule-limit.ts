// How many rules a group has, as EC2 counts: IPv4 and IPv6 apart; what names a group counts for both, and what names a prefix list as often
// as the list has CIDRs (there, as it may come to have: its MaxEntries). So a group can become too full by a rule, or by a list that grows.
import { isIpv6 } from "../model/cidr6.ts";
import type { Problem } from "../model/errors.ts";
import { limits } from "../model/limits.ts";
import type { RuleDirection } from "../model/say-rule.ts";
import type { SecurityRule } from "../model/security-group.ts";
import { findNamed, type World } from "../model/world.ts";

/** The rules of a group in one direction, and the World whose prefix lists they name. */
export interface RulesIn {
  readonly world: World;
  readonly rules: readonly SecurityRule[];
}

/** What stands against a change of a group. One that is too full already, as Worlds of older versions may have, is refused what makes it fuller. */
export function ruleLimitProblems(group: string, direction: RuleDirection, before: RulesIn, after: RulesIn): Problem[] {
  const most = limits.rulesPerSecurityGroup.value;
  return [false, true].flatMap((ipv6): Problem[] => {
    const count = countRules(after, ipv6);
    if (count <= most || count <= countRules(before, ipv6)) return [];
    return [
      {
        code: "RulesPerSecurityGroupLimitExceeded",
        message: `Security group ${group} would have ${count} ${direction} rules for ${ipv6 ? "IPv6" : "IPv4"}; ${most} are the most.`,
        hint: "Say the same with fewer rules: bigger CIDRs, ranges of ports, or a second group. A prefix list counts with all its CIDRs.",
      },
    ];
  });
}

function countRules({ world, rules }: RulesIn, ipv6: boolean): number {
  const ofKind = (cidr: string): boolean => isIpv6(cidr) === ipv6;
  return rules.reduce((count, { peer }) => {
    if (peer.kind === "cidr") return count + (ofKind(peer.cidr) ? 1 : 0);
    if (peer.kind === "group") return count + 1;
    return count + (findNamed(world.prefixLists, peer.name)?.cidrs ?? []).filter(ofKind).length;
  }, 0);
}
