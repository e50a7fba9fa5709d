// What EC2's DHCP options tell the programs of a VPC: name servers and domain names. There is no DHCP server here, for addresses are written
// down, so what would be in its answer is put into the resolv.conf of each program that is started. It stays there while that runs.
import { cidrContainsAddress, type Cidr, type Ip } from "./cidr-any.ts";
import { literalCidr4, tryParseIpv4, type Parsed } from "./cidr.ts";
import { isIpv6, literalCidr6, tryParseIpv6 } from "./cidr6.ts";
import { resolves, vpcDomain, vpcResolver } from "./dns.ts";
import type { Vpc } from "./world.ts";

/** EC2's word for whom a VPC asks by itself: its resolver, and where that is off, the servers that the host asks. */
export const amazonProvidedDns = "AmazonProvidedDNS";

export type DomainNameServer = Ip | typeof amazonProvidedDns;

/** At least one of both, and no empty list. The VPC of no options is told its resolver and its own domain. */
export interface DhcpOptions {
  /** Absent: none is told. */
  readonly domainNames?: readonly string[];
  /** In the order in which they are asked; AmazonProvidedDNS alone when absent. */
  readonly domainNameServers?: readonly DomainNameServer[];
}

/** Stands for the servers that the host asks, which a World does not know. */
export const hostServers = "host";

/** What is written into a resolv.conf. */
export interface NameSettings {
  readonly origin: "resolver" | "DHCP options";
  readonly servers: readonly (Ip | typeof hostServers)[];
  /** Names without a dot are looked for in these. */
  readonly domains: readonly string[];
}

/** What programs of the VPC are told when they are started; undefined: whatever the host itself is told. */
export function nameSettingsOf(vpc: Vpc): NameSettings | undefined {
  const isResolved = resolves(vpc);
  if (vpc.dhcpOptions === undefined) {
    return isResolved ? { origin: "resolver", servers: [vpcResolver(vpc)], domains: [vpcDomain(vpc.name)] } : undefined;
  }
  const { domainNames = [], domainNameServers = [amazonProvidedDns] } = vpc.dhcpOptions;
  const provided = isResolved ? vpcResolver(vpc) : hostServers;
  return {
    origin: "DHCP options",
    servers: domainNameServers.map((server) => (server === amazonProvidedDns ? provided : server)),
    domains: domainNames,
  };
}

/** For example `name servers 10.0.1.5, AmazonProvidedDNS; domain corp.example`. */
export function sayDhcpOptions({ domainNames = [], domainNameServers = [amazonProvidedDns] }: DhcpOptions): string {
  const servers = `name server${domainNameServers.length === 1 ? "" : "s"} ${domainNameServers.join(", ")}`;
  return `${servers}; ${domainNames.length === 0 ? "no domain" : `domain${domainNames.length === 1 ? "" : "s"} ${domainNames.join(", ")}`}`;
}

/** An address of either kind, in canonical form, or AmazonProvidedDNS in any case. */
export function tryParseNameServer(text: string): Parsed<DomainNameServer> {
  if (text.toLowerCase() === amazonProvidedDns.toLowerCase()) return { value: amazonProvidedDns };
  const parsed: Parsed<Ip> = isIpv6(text) ? tryParseIpv6(text) : tryParseIpv4(text);
  const why = "value" in parsed ? unusable.find(({ cidr }) => cidrContainsAddress(cidr, parsed.value))?.why : undefined;
  if (why === undefined) return parsed;
  return { problem: { code: "InvalidParameterValue", message: `${text} cannot be a name server: ${why}.`, hint: "Give an address that programs can ask." } };
}

/** Loopback is not among them: it is a program's own business, and may be where it brings a server along. */
const unusable: readonly { readonly cidr: Cidr; readonly why: string }[] = [
  { cidr: literalCidr4("0.0.0.0/8"), why: "it means this network (RFC 1122)" },
  { cidr: literalCidr4("224.0.0.0/3"), why: "it is multicast and reserved (RFC 1112)" },
  { cidr: literalCidr6("::/128"), why: "it means no address (RFC 4291)" },
  { cidr: literalCidr6("fe80::/10"), why: "it is link-local, and nobody but the router is on an attachment's link" },
  { cidr: literalCidr6("ff00::/8"), why: "it is multicast (RFC 4291)" },
];
