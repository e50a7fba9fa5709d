import { sayDhcpOptions } from "../model/dhcp-options.ts";
import type { PrivateZone } from "../model/dns.ts";
import type { Vpc } from "../model/world.ts";
import type { Change } from "./change.ts";
import { change, differing } from "./differences.ts";

/** What changed about the names of one VPC. */
export function* dnsChanges(vpc: string, before: Vpc | undefined, after: Vpc | undefined): Generator<Change> {
  if (before?.dns === after?.dns) return;
  yield* change(`resolver ${vpc}`, resolverText(before), resolverText(after));
  for (const [old, now, name] of differing(before?.dns?.zones, after?.dns?.zones)) yield* change(`private zone ${vpc}/${name}`, zoneText(old), zoneText(now));
}

/** What changed about what programs of one VPC are told. */
export function* dhcpOptionsChanges(vpc: string, { dhcpOptions: old }: Partial<Vpc> = {}, { dhcpOptions: now }: Partial<Vpc> = {}): Generator<Change> {
  if (old !== now) yield* change(`DHCP options ${vpc}`, old && sayDhcpOptions(old), now && sayDhcpOptions(now));
}

const resolverText = (vpc: Vpc | undefined): string | undefined => (vpc?.dns?.enabled === true ? "on" : undefined);

function zoneText(zone: PrivateZone | undefined): string | undefined {
  if (zone === undefined) return undefined;
  return zone.records.length === 0 ? "no records" : zone.records.map(({ name, type, value }) => `${name} ${type} ${value}`).join(", ");
}
