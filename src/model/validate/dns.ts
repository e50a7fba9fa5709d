import { aliasLoop } from "../alias-loop.ts";
import { recordNameFault, valueFault, zoneFault } from "../dns-names.ts";
import { recordTypes, type DnsRecord } from "../dns.ts";
import { isRecord, type Fields, type Problems } from "./checks.ts";

/** The names of a VPC, as stored. */
export function checkDns(dns: unknown, vpc: string, path: string, problems: Problems): void {
  if (!isRecord(dns)) return problems.add(path, "is not an object");
  if (typeof dns["enabled"] !== "boolean") problems.add(`${path}.enabled`, "is neither true nor false");
  const { zones } = dns;
  if (zones === undefined) return;
  if (!isRecord(zones)) return problems.add(`${path}.zones`, "is not an object");
  for (const name of Object.keys(zones)) {
    const fault = zoneFault(vpc, name);
    if (fault !== undefined) problems.add(`${path}.zones.${name}`, `cannot be a zone: ${fault}`);
    checkZone(zones[name], vpc, name, `${path}.zones.${name}`, problems);
  }
  checkAliases(zones, path, problems);
}

/** A name server does not start with aliases that lead in a circle, and then nobody in the VPC has names. */
function checkAliases(zones: Fields, path: string, problems: Problems): void {
  const all = Object.values(zones).flatMap((zone) => (isRecord(zone) && Array.isArray(zone["records"]) ? (zone["records"] as unknown[]) : []));
  const aliases = all.filter((record): record is Fields & DnsRecord => isRecord(record) && isShaped(record) && record["type"] === "CNAME");
  const loop = aliasLoop(aliases, aliases.map(({ name }) => name));
  if (loop !== undefined) problems.add(`${path}.zones`, `has aliases that lead in a circle: ${loop.join(" -> ")}`);
}

function checkZone(zone: unknown, vpc: string, name: string, path: string, problems: Problems): void {
  if (!isRecord(zone)) return problems.add(path, "is not an object");
  if (zone["name"] !== name) problems.add(`${path}.name`, "is not the same as its key");
  const { records } = zone;
  if (!Array.isArray(records)) return problems.add(`${path}.records`, "is not a list");
  for (const [at, record] of records.entries()) {
    if (isRecord(record) && isShaped(record)) checkRecord(record, vpc, name, `${path}.records.${at}`, problems);
    else problems.add(`${path}.records.${at}`, "is not a record");
  }
}

function isShaped(record: Fields): record is Fields & DnsRecord {
  return typeof record["name"] === "string" && typeof record["value"] === "string" && recordTypes.some((type) => type === record["type"]);
}

function checkRecord(record: DnsRecord, vpc: string, zone: string, path: string, problems: Problems): void {
  const fault = recordNameFault(vpc, zone, record.name) ?? valueFault(record);
  if (fault !== undefined) problems.add(path, `is wrong: ${fault}`);
}
