// What may be a name, a zone and a value in a private zone.
import { tryParseIpv4 } from "./cidr.ts";
import { tryParseIpv6 } from "./cidr6.ts";
import { isInDomain, vpcDomain, type DnsRecord } from "./dns.ts";
import { quote } from "./quote.ts";

/** RFC 1035, 2.3.4, without the dot at the end that nobody writes. */
const longestName = 253;
/** A TXT record is made of strings of at most 255 bytes; ours has one. */
const longestText = 255;

const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** Services and proofs of ownership have labels with an underscore: `_acme-challenge`. */
const recordLabel = /^_?[a-z0-9](?:[a-z0-9-]{0,60}[a-z0-9])?$/;

/** The same name as it is stored: lower case, without a dot at the end. */
export const plainName = (text: string): string => text.toLowerCase().replace(/\.$/, "");

/** Why it cannot be a private zone of the VPC, as the end of a sentence. */
export function zoneFault(vpc: string, name: string): string | undefined {
  const fault = nameFault(name, label);
  if (fault !== undefined) return fault;
  if (isInDomain(name, "in-addr.arpa") || isInDomain(name, "ip6.arpa")) return "the names of addresses are made by the resolver itself";
  return isInDomain(name, vpcDomain(vpc)) ? `${vpcDomain(vpc)} holds the names of the VPC's own instances and subnets` : undefined;
}

/** Why it cannot be the domain of DHCP options, as the end of a sentence. */
export const domainFault = (name: string): string | undefined => nameFault(name, label);

/** Why it cannot be the name of a record of the zone, as the end of a sentence. */
export function recordNameFault(vpc: string, zone: string, name: string): string | undefined {
  const fault = nameFault(name, recordLabel);
  if (fault !== undefined) return fault;
  if (!isInDomain(name, zone)) return `it is not in zone ${zone}`;
  return isInDomain(name, vpcDomain(vpc)) ? `${vpcDomain(vpc)} holds the names of the VPC's own instances and subnets` : undefined;
}

/** Why a record of this type cannot have this value, as the end of a sentence. */
export function valueFault({ type, value }: Pick<DnsRecord, "type" | "value">): string | undefined {
  switch (type) {
    case "A":
      return "value" in tryParseIpv4(value) ? undefined : "an A record has an IPv4 address";
    case "AAAA":
      return "value" in tryParseIpv6(value) ? undefined : "an AAAA record has an IPv6 address";
    case "CNAME":
      return nameFault(value, recordLabel);
    case "TXT":
      return textFault(value);
  }
}

function nameFault(name: string, allowed: RegExp): string | undefined {
  if (name.length === 0 || name.length > longestName) return `a name has 1 to ${longestName} characters`;
  const bad = name.split(".").find((part) => !allowed.test(part));
  return bad === undefined ? undefined : `${quote(bad)} is not 1 to 63 of a-z, 0-9 and '-'`;
}

function textFault(value: string): string | undefined {
  if (value.length === 0 || value.length > longestText) return `a text has 1 to ${longestText} characters`;
  // Further ones would need escapes that every reader of a zone understands differently.
  return /^[ !#-[\]-~]*$/.test(value) ? undefined : "a text has printable ASCII characters, without quotes and backslashes";
}
