// The rule that keeps an uplink from forwarding what it did not forward before is also the second record of how that uplink was: a
// gateway's link, whose alias is the first, may go without us, together with the router's namespace.
import { nftRule } from "./compile/rule-text.ts";
import type { Uplink } from "./host-facts.ts";
import type { NftRule } from "./objects/object.ts";
import type { NftItem } from "./observe/json.ts";
import { tableName } from "./names.ts";
import { interfaceMatch } from "./observe/interface-match.ts";

/** The comment tells how the uplink was. */
const why = {
  "0": "this host did not forward from here before and does not now",
  "off-alone": "this host forwards, but from here it did not before and does not now",
} as const;
const states = ["0", "off-alone"] as const;

export const uplinkGuard = (link: string, forwardingWas: (typeof states)[number], gateways: string): NftRule =>
  nftRule(`iifname "${link}" meta nfproto ipv4 oifname != @${gateways} drop`, why[forwardingWas]);

/** Uplinks that such a rule in our own table on the host tells of. */
export function guardedUplinks(hostItems: readonly NftItem[]): Uplink[] {
  return hostItems.flatMap(({ rule }): Uplink[] => {
    if (rule?.table !== tableName || rule.family !== "inet") return [];
    const forwardingWas = states.find((state) => rule.comment?.startsWith(why[state]));
    const match = interfaceMatch(rule);
    return forwardingWas !== undefined && match?.direction === "iifname" ? [{ link: match.link, forwardingWas }] : [];
  });
}
