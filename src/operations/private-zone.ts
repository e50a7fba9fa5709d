import { plainName, zoneFault } from "../model/dns-names.ts";
import { findZone, zonesOf, type PrivateZone } from "../model/dns.ts";
import { refuseProblems, VpcctlError } from "../model/errors.ts";
import { limits } from "../model/limits.ts";
import { requireVpc } from "../model/lookup.ts";
import { quote } from "../model/quote.ts";
import type { Vpc, World } from "../model/world.ts";
import { withDns } from "./enable-dns.ts";
import { withVpc } from "./replace.ts";

export interface PrivateZoneInput {
  readonly vpc: string;
  readonly zone: string;
}

export interface DeletePrivateZoneInput extends PrivateZoneInput {
  /** Takes its records away as well. */
  readonly force?: boolean;
}

/**
 * A zone of names that only this VPC sees. The same again is no change.
 * Throws InvalidVpcID.NotFound, InvalidParameterValue, TooManyHostedZones.
 */
export function createPrivateZone(world: World, input: PrivateZoneInput): World {
  const vpc = requireVpc(world, input.vpc);
  const name = plainName(input.zone);
  const fault = zoneFault(vpc.name, name);
  if (fault !== undefined) {
    const message = `${quote(input.zone)} cannot be a private zone of VPC ${vpc.name}: ${fault}.`;
    refuseProblems([{ code: "InvalidParameterValue", message, hint: "A zone looks like db.internal, or corp.example." }]);
  }
  if (findZone(vpc, name) !== undefined) return world;
  const count = zonesOf(vpc).length;
  if (count >= limits.privateZonesPerVpc.value) {
    throw new VpcctlError({ code: "TooManyHostedZones", message: `VPC ${vpc.name} has ${count} private zones, and no more fit.`, hint: limits.privateZonesPerVpc.why });
  }
  return withVpc(world, withZone(vpc, { name, records: [] }));
}

/**
 * Takes a zone away; unless forced, only an empty one. One that is not there is no change.
 * Throws InvalidVpcID.NotFound, HostedZoneNotEmpty with the list of its records.
 */
export function deletePrivateZone(world: World, input: DeletePrivateZoneInput): World {
  const vpc = requireVpc(world, input.vpc);
  const zone = findZone(vpc, plainName(input.zone));
  if (zone === undefined) return world;
  if (zone.records.length > 0 && input.force !== true) {
    throw new VpcctlError({
      code: "HostedZoneNotEmpty",
      message: `Private zone ${zone.name} of VPC ${vpc.name} has records: ${zone.records.length}.`,
      hint: `To take it away with its records: vpcctl delete-private-zone ${vpc.name} ${zone.name} --force`,
      details: zone.records.map(({ name, type, value }) => `${name} ${type} ${value}`),
    });
  }
  const { [zone.name]: _, ...zones } = vpc.dns?.zones ?? {};
  return withVpc(world, withDns(vpc, { enabled: vpc.dns?.enabled ?? false, zones }));
}

/** The VPC with this zone in place of the one with its name, or added. */
export function withZone(vpc: Vpc, zone: PrivateZone): Vpc {
  return withDns(vpc, { enabled: vpc.dns?.enabled ?? false, zones: { ...vpc.dns?.zones, [zone.name]: zone } });
}
