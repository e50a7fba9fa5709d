import { amazonProvidedDns, sayDhcpOptions } from "../../model/dhcp-options.ts";
import { resolves, vpcDomain, vpcResolver, zonesOf, type PrivateZone } from "../../model/dns.ts";
import { outsideAskers } from "../../model/outside-askers.ts";
import type { Vpc, World } from "../../model/world.ts";

/** Rows of `describe`: the resolver and the private zones; none for a VPC that was never asked for names. */
export function dnsRows(world: World, vpc: Vpc): string[][] {
  if (vpc.dns === undefined) return [];
  const state = resolves(vpc) ? `${vpcResolver(vpc)}, names end with ${vpcDomain(vpc.name)}; ${outsideText(world, vpc)}` : "off";
  return [["├─ resolver", state], ...zonesOf(vpc).map((zone) => ["├─ private zone", `${zone.name}: ${recordsText(zone)}`])];
}

const recordsText = ({ records }: PrivateZone): string => records.map(({ name, type, value }) => `${name} ${type} ${value}`).join(", ") || "no records";

function outsideText(world: World, vpc: Vpc): string {
  const subnets = [...outsideAskers(world, vpc).keys()];
  return subnets.length === 0 ? "nobody may ask outside" : `asks outside for ${subnets.join(", ")}`;
}

/** Row of `describe` for what programs are told; none for a VPC that was never asked to tell anything else. */
export const dhcpOptionsRows = ({ dhcpOptions }: Vpc): string[][] => (dhcpOptions === undefined ? [] : [["├─ DHCP options", sayDhcpOptions(dhcpOptions)]]);

/** The same for --json; null when there is nothing. */
export const dhcpOptionsJson = ({ dhcpOptions }: Vpc): object | null =>
  dhcpOptions === undefined ? null : { domainNames: [], domainNameServers: [amazonProvidedDns], ...dhcpOptions };

/** The same for --json; null when there is nothing. */
export const dnsJson = (vpc: Vpc): object | null =>
  vpc.dns === undefined ? null : { enabled: vpc.dns.enabled, ...(resolves(vpc) ? { address: vpcResolver(vpc), domain: vpcDomain(vpc.name) } : {}), zones: zonesOf(vpc) };
