import type { DnsSettings } from "../model/dns.ts";
import { requireVpc } from "../model/lookup.ts";
import type { Vpc, World } from "../model/world.ts";
import { withVpc } from "./replace.ts";

export interface DnsInput {
  readonly vpc: string;
}

/** Gives a VPC its resolver (EC2's enableDnsSupport). On already is no change. Throws InvalidVpcID.NotFound. */
export function enableDns(world: World, input: DnsInput): World {
  const vpc = requireVpc(world, input.vpc);
  return vpc.dns?.enabled === true ? world : withVpc(world, withDns(vpc, { ...vpc.dns, enabled: true }));
}

/** Takes the resolver away; private zones stay for the next time. Off already is no change. Throws InvalidVpcID.NotFound. */
export function disableDns(world: World, input: DnsInput): World {
  const vpc = requireVpc(world, input.vpc);
  return vpc.dns?.enabled === true ? withVpc(world, withDns(vpc, { ...vpc.dns, enabled: false })) : world;
}

/** The VPC with these settings; those of a VPC that was never asked for anything are absent. */
export function withDns(vpc: Vpc, settings: DnsSettings): Vpc {
  const { dns: _, ...rest } = vpc;
  const { enabled, zones = {} } = settings;
  const hasZones = Object.keys(zones).length > 0;
  return enabled || hasZones ? { ...rest, dns: { enabled, ...(hasZones ? { zones } : {}) } } : rest;
}
