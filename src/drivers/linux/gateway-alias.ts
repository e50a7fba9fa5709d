// The alias of a gateway's link on the host: mark of ownership, and the one record of how the host was before. It lives exactly as long
// as the link, outside every file and ruleset, so `cleanup` can put things back although the store is lost and the rules are flushed.
import type { ForwardingWas, Uplink, Uplink6 } from "./host-facts.ts";
import { ownershipWord } from "./names.ts";

/**
 * `vpcctl igw company-a, forwarding was eth0=0 wlan0=1, IPv6 forced on eth0`. At most 255 characters fit; two uplinks of 15 and a name of
 * 63 need 189.
 */
export function gatewayAlias(vpc: string, uplinks: readonly Uplink[], uplinks6: readonly Uplink6[] = []): string {
  const settings = uplinks.map((uplink) => `${uplink.link}=${uplink.forwardingWas}`);
  const forced = uplinks6.flatMap(({ link, forced: isForced }) => (isForced ? [link] : []));
  const was = settings.length === 0 ? "" : `, forwarding was ${settings.join(" ")}`;
  return `${ownershipWord} igw ${vpc}${was}${forced.length === 0 ? "" : `, IPv6 forced on ${forced.join(" ")}`}`;
}

export interface GatewayRecord {
  readonly vpc: string;
  readonly uplinks: readonly Uplink[];
  /** Links whose IPv6 forwarding we have forced. */
  readonly forced6?: readonly string[];
}

/** Reads such an alias back; undefined for any other. */
export function parseGatewayAlias(alias: string): GatewayRecord | undefined {
  const match = /^vpcctl igw ([a-z0-9-]+)(?:, forwarding was (.+?))?(?:, IPv6 forced on (.+))?$/.exec(alias);
  if (match?.[1] === undefined) return undefined;
  const uplinks = (match[2] ?? "").split(" ").flatMap((setting) => {
    // A link's name may contain `=`; the value is what follows the last one.
    const parts = /^(.+)=(0|1|off-alone)$/.exec(setting);
    return parts?.[1] === undefined ? [] : [{ link: parts[1], forwardingWas: parts[2] as ForwardingWas }];
  });
  return { vpc: match[1], uplinks, ...(match[3] === undefined ? {} : { forced6: match[3].split(" ") }) };
}
