import type { Named } from "./world.ts";

/** The VPC's resolver at the base of its CIDR plus two, and at 169.254.169.253. */
export interface DnsSettings {
  /** Private zones by name, for example `db.internal`. */
  readonly zones?: Named<PrivateZone>;
}

export interface PrivateZone {
  readonly name: string;
  readonly records: readonly DnsRecord[];
}

export interface DnsRecord {
  /** Whole name, in the zone. */
  readonly name: string;
  readonly type: "A" | "AAAA" | "CNAME" | "TXT";
  readonly value: string;
}
