// Names in a VPC: what is called how, and who may ask for names outside. The server that answers is made from this by src/dns, the
// addresses it answers at by the drivers.
import { resolverAddress } from "./addresses.ts";
import type { Ipv4 } from "./cidr.ts";
import { findNamed, type Named, type Vpc } from "./world.ts";

/** The VPC's resolver at the base of its CIDR plus two, at .2 of every subnet, and at 169.254.169.253. Absent: off, and without zones. */
export interface DnsSettings {
  /** EC2's enableDnsSupport. Zones stay when it is switched off, and nobody answers for them. */
  readonly enabled: boolean;
  /** Private zones by name, for example `db.internal`. */
  readonly zones?: Named<PrivateZone>;
}

export interface PrivateZone {
  readonly name: string;
  /** Several of one name and type are one answer with several values. */
  readonly records: readonly DnsRecord[];
}

export interface DnsRecord {
  /** Whole name, in the zone. */
  readonly name: string;
  readonly type: RecordType;
  readonly value: string;
}

export const recordTypes = ["A", "AAAA", "CNAME", "TXT"] as const;
export type RecordType = (typeof recordTypes)[number];

/** Where the resolver is in every VPC, whatever its CIDR; an address of EC2's. */
export const linkLocalResolver = "169.254.169.253" as Ipv4;

/** The same for IPv6. */
export const linkLocalResolver6 = "fd00:ec2::253";

/** Where the part of the resolver listens that also asks outside: who may use it is led there, and nobody else gets in. */
export const outsideResolverPort = 5300;

export const resolves = (vpc: Vpc): boolean => vpc.dns?.enabled === true;

/** The address that workloads are told unless DHCP options say otherwise: base plus two, as in EC2. */
export const vpcResolver = (vpc: Vpc): Ipv4 => resolverAddress(vpc.cidr);

/** What the names of a VPC's instances and subnets end with. */
export const vpcDomain = (vpc: string): string => `${vpc}.internal`;

/** EC2's name of an address: `ip-10-0-1-4`. */
export const addressLabel = (address: Ipv4): string => `ip-${address.replaceAll(".", "-")}`;

export const zonesOf = (vpc: Vpc): readonly PrivateZone[] => Object.values(vpc.dns?.zones ?? {});

export function findZone(vpc: Vpc, name: string): PrivateZone | undefined {
  return findNamed(vpc.dns?.zones, name);
}

/** All zones that a name ends with, the longest first. */
export const zonesAround = (vpc: Vpc, name: string): readonly PrivateZone[] =>
  zonesOf(vpc).filter((zone) => isInDomain(name, zone.name)).toSorted((a, b) => b.name.length - a.name.length);

/** The zone a name belongs to: the longest one that it ends with. */
export const zoneOfName = (vpc: Vpc, name: string): PrivateZone | undefined => zonesAround(vpc, name)[0];

/** The records that are answered. What a longer zone took over from a shorter one sleeps in that, as in Route 53. */
export function recordsOf(vpc: Vpc): readonly DnsRecord[] {
  const zones = zonesOf(vpc);
  const below = (zone: PrivateZone): readonly PrivateZone[] => zones.filter((other) => other !== zone && isInDomain(other.name, zone.name));
  return zones.flatMap((zone) => {
    const longer = below(zone);
    return longer.length === 0 ? zone.records : zone.records.filter(({ name }) => !longer.some((other) => isInDomain(name, other.name)));
  });
}

/** Is it the domain itself, or below it? */
export const isInDomain = (name: string, domain: string): boolean => name === domain || name.endsWith(`.${domain}`);
