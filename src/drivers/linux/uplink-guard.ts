// The rule that keeps an uplink from forwarding what it did not forward before is also the second record of how that uplink was: a
// gateway's link, whose alias is the first, may go without us, together with the router's namespace.
import { nftRule } from "./compile/rule-text.ts";
import type { Uplink } from "./host-facts.ts";
import type { NftRule } from "./objects/object.ts";
import type { NftItem } from "./observe/json.ts";
import { tableName } from "./names.ts";
import { interfaceMatch } from "./observe/interface-match.ts";

const why = "this host did not forward from here before and does not now";

export const uplinkGuard = (link: string, gateways: string): NftRule => nftRule(`iifname "${link}" oifname != @${gateways} drop`, why);

/** Uplinks that such a rule in our own table on the host tells of. */
export function guardedUplinks(hostItems: readonly NftItem[]): Uplink[] {
  return hostItems.flatMap(({ rule }): Uplink[] => {
    if (rule?.table !== tableName || rule.family !== "inet" || rule.comment?.startsWith(why) !== true) return [];
    const match = interfaceMatch(rule);
    return match?.direction === "iifname" ? [{ link: match.link, forwardingWas: "0" }] : [];
  });
}
