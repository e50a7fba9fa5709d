// IPv6 has one switch for the whole host (`conf/all/forwarding`), and writing it makes a router of every interface: it forgets the default
// routes that it has from router advertisements. So it is never written. Where the host does not forward IPv6, the uplink's own
// `force_forwarding` (Linux 6.17) is switched on instead, and this rule keeps it from forwarding anything but to our gateways. The rule is
// also the second record of it; the first is in the aliases of the gateways.
import { nftRule } from "./compile/rule-text.ts";
import type { NftRule } from "./objects/object.ts";
import { interfaceMatch } from "./observe/interface-match.ts";
import type { NftItem } from "./observe/json.ts";
import { tableName } from "./names.ts";

export const forceKey = (link: string): string => `net/ipv6/conf/${link}/force_forwarding`;

const why = "this host did not forward IPv6 from here before and does not now";

export const uplinkGuard6 = (link: string, gateways: string): NftRule => nftRule(`iifname "${link}" meta nfproto ipv6 oifname != @${gateways} drop`, why);

/** Links that such a rule in our own table on the host tells of. */
export function guardedUplinks6(hostItems: readonly NftItem[]): string[] {
  return hostItems.flatMap(({ rule }) => {
    if (rule?.table !== tableName || rule.family !== "inet" || rule.comment?.startsWith(why) !== true) return [];
    const match = interfaceMatch(rule);
    return match?.direction === "iifname" ? [match.link] : [];
  });
}
