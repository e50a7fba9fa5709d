// The alias of a gateway's link on the host: mark of ownership, and the one record of how the host was before. It lives exactly as long
// as the link, outside every file and ruleset, so `cleanup` can put things back although the store is lost and the rules are flushed.
import type { ForwardingWas, Uplink } from "./host-facts.ts";
import { ownershipWord } from "./names.ts";

/** `vpcctl igw company-a, forwarding was eth0=0 wlan0=1`. At most 255 characters fit; two uplinks of 15 and a name of 63 need 142. */
export function gatewayAlias(vpc: string, uplinks: readonly Uplink[]): string {
  const settings = uplinks.map((uplink) => `${uplink.link}=${uplink.forwardingWas}`);
  return `${ownershipWord} igw ${vpc}${settings.length === 0 ? "" : `, forwarding was ${settings.join(" ")}`}`;
}

export interface GatewayRecord {
  readonly vpc: string;
  readonly uplinks: readonly Uplink[];
}

/** Reads such an alias back; undefined for any other. */
export function parseGatewayAlias(alias: string): GatewayRecord | undefined {
  const match = /^vpcctl igw ([a-z0-9-]+)(?:, forwarding was (.+))?$/.exec(alias);
  if (match?.[1] === undefined) return undefined;
  const uplinks = (match[2] ?? "").split(" ").flatMap((setting) => {
    // A link's name may contain `=`; the value is what follows the last one.
    const parts = /^(.+)=(0|1|off-alone)$/.exec(setting);
    return parts?.[1] === undefined ? [] : [{ link: parts[1], forwardingWas: parts[2] as ForwardingWas }];
  });
  return { vpc: match[1], uplinks };
}
