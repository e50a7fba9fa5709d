import { aliasLoop } from "../model/alias-loop.ts";
import { tryParseIpv6 } from "../model/cidr6.ts";
import { plainName, recordNameFault, valueFault } from "../model/dns-names.ts";
import { isInDomain, recordTypes, vpcDomain, zoneOfName, zonesAround, zonesOf, type DnsRecord, type PrivateZone, type RecordType } from "../model/dns.ts";
import { refuseProblems, VpcctlError, type Problem } from "../model/errors.ts";
import { limits } from "../model/limits.ts";
import { requireVpc } from "../model/lookup.ts";
import { quote } from "../model/quote.ts";
import type { Vpc, World } from "../model/world.ts";
import { withZone } from "./private-zone.ts";
import { withVpc } from "./replace.ts";

export interface DnsRecordInput {
  readonly vpc: string;
  readonly name: string;
  readonly type: string;
  readonly value: string;
}

export interface DeleteDnsRecordInput extends Omit<DnsRecordInput, "value"> {
  /** Absent: all values of this name and type. */
  readonly value?: string;
}

/**
 * One more record of a private zone; the zone is the longest that the name ends with. The same again is no change.
 * Throws InvalidVpcID.NotFound, HostedZoneNotFound, InvalidParameterValue, InvalidChangeBatch, LimitsExceeded.
 */
export function createRecord(world: World, input: DnsRecordInput): World {
  const vpc = requireVpc(world, input.vpc);
  const record = recordOf(input);
  const zone = zoneOfName(vpc, record.name) ?? noZone(vpc, input.name);
  refuseProblems(recordProblems(vpc, zone, record));
  if (zone.records.some((other) => isSame(other, record))) return world;
  refuseProblems([...conflicts(zone, record), ...loops(vpc, record)]);
  return withVpc(world, withZone(vpc, { ...zone, records: [...zone.records, record] }));
}

/** Takes one value, or all values of a name and type, away. What is not there is no change. Throws InvalidVpcID.NotFound, InvalidParameterValue. */
export function deleteRecord(world: World, input: DeleteDnsRecordInput): World {
  const vpc = requireVpc(world, input.vpc);
  const { name, type, value } = recordOf({ ...input, value: input.value ?? "" });
  const isMeant = (other: DnsRecord): boolean => other.name === name && other.type === type && (input.value === undefined || other.value === value);
  const zone = zonesAround(vpc, name).find(({ records }) => records.some(isMeant));
  return zone === undefined ? world : withVpc(world, withZone(vpc, { ...zone, records: zone.records.filter((other) => !isMeant(other)) }));
}

const isSame = (a: DnsRecord, b: DnsRecord): boolean => a.name === b.name && a.type === b.type && a.value === b.value;

function recordOf(input: DnsRecordInput): DnsRecord {
  const type = typeOf(input.type);
  return { name: plainName(input.name), type, value: plainValue(type, input.value) };
}

/** One address has one text, so that the same again is found to be the same. */
function plainValue(type: RecordType, text: string): string {
  if (type === "CNAME") return plainName(text);
  const address = type === "AAAA" ? tryParseIpv6(text) : undefined;
  return address !== undefined && "value" in address ? address.value : text;
}

function typeOf(text: string): RecordType {
  const type = recordTypes.find((known) => known === text.toUpperCase());
  if (type !== undefined) return type;
  throw new VpcctlError({
    code: "InvalidParameterValue",
    message: `${quote(text)} is not a type of record that a private zone can have.`,
    hint: `Types are ${recordTypes.join(", ")}.`,
  });
}

function noZone(vpc: Vpc, name: string): never {
  const zones = zonesOf(vpc).map((zone) => zone.name);
  throw new VpcctlError({
    code: "HostedZoneNotFound",
    message: `VPC ${vpc.name} has no private zone that ${quote(name)} is in.`,
    hint: `${zones.length > 0 && zones.length <= 8 ? `There is ${zones.join(", ")}. ` : ""}Make one: vpcctl create-private-zone ${vpc.name} ZONE`,
  });
}

function recordProblems(vpc: Vpc, zone: PrivateZone, record: DnsRecord): Problem[] {
  const problems: Problem[] = [];
  const nameFault = recordNameFault(vpc.name, zone.name, record.name);
  if (nameFault !== undefined) {
    problems.push({ code: "InvalidParameterValue", message: `${quote(record.name)} cannot be a record: ${nameFault}.`, hint: `For example: primary.${zone.name}` });
  }
  const fault = valueFault(record);
  if (fault !== undefined) {
    problems.push({ code: "InvalidParameterValue", message: `${quote(record.value)} cannot be its value: ${fault}.`, hint: examples[record.type] });
  }
  if (record.type !== "CNAME" || fault !== undefined) return problems;
  if (record.name === zone.name) {
    const message = `${record.name} is the zone itself, which cannot be an alias of another name (RFC 1912, 2.4).`;
    problems.push({ code: "InvalidChangeBatch", message, hint: "Give it an A record instead." });
  }
  if (!isInDomain(record.value, vpcDomain(vpc.name)) && zoneOfName(vpc, record.value) === undefined) {
    const message = `${record.value} is not a name of VPC ${vpc.name}, and an alias leads to one of those only: half of the VPC may not ask outside.`;
    problems.push({ code: "InvalidParameterValue", message, hint: `For example: web1.${vpcDomain(vpc.name)}` });
  }
  return problems;
}

const examples: Readonly<Record<RecordType, string>> = {
  A: "For example: 10.0.2.4",
  AAAA: "For example: fd00:1234::4",
  CNAME: "For example: web1.company-a.internal",
  TXT: 'For example: "v=1 owner=team-a"',
};

function conflicts(zone: PrivateZone, record: DnsRecord): Problem[] {
  const others = zone.records.filter((other) => other.name === record.name && (other.type === "CNAME" || record.type === "CNAME"));
  if (others.length > 0) {
    const found = others.map(({ type, value }) => `${type} ${value}`).join(", ");
    const message = `${record.name} has ${found}; an alias (CNAME) is the only record of its name (RFC 1034, 3.6.2).`;
    return [{ code: "InvalidChangeBatch", message, hint: "Delete that record first, or choose another name." }];
  }
  if (zone.records.length < limits.recordsPerZone.value) return [];
  return [{ code: "LimitsExceeded", message: `Zone ${zone.name} has ${zone.records.length} records, and no more fit.`, hint: limits.recordsPerZone.why }];
}

/** dnsmasq does not start with one, and nobody could answer for it. */
function loops(vpc: Vpc, record: DnsRecord): Problem[] {
  if (record.type !== "CNAME") return [];
  const loop = aliasLoop([...zonesOf(vpc).flatMap(({ records }) => records), record], [record.name]);
  if (loop === undefined) return [];
  return [{ code: "InvalidChangeBatch", message: `These aliases lead in a circle: ${loop.join(" -> ")}.`, hint: "Let one of them lead to a name that has an address." }];
}
