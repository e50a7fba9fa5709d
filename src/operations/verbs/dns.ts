import { recordTypes, vpcDomain, vpcResolver } from "../../model/dns.ts";
import { plainName } from "../../model/dns-names.ts";
import { requireVpc } from "../../model/lookup.ts";
import { outsideAskers } from "../../model/outside-askers.ts";
import type { World } from "../../model/world.ts";
import { createRecord, deleteRecord, type DeleteDnsRecordInput, type DnsRecordInput } from "../dns-record.ts";
import { disableDns, enableDns, type DnsInput } from "../enable-dns.ts";
import { createPrivateZone, deletePrivateZone, type DeletePrivateZoneInput, type PrivateZoneInput } from "../private-zone.ts";
import { defineVerb, type Verb } from "../verb.ts";
import { vpc } from "./arguments.ts";

const routerOf = (input: { readonly vpc: string }) => ({ vpc: input.vpc, subnets: [] });

const enableDnsVerb = defineVerb<DnsInput>({
  name: "enable-dns",
  group: "names",
  summary: "Give a VPC a resolver for names",
  about:
    "Starts a name server (dnsmasq) in the VPC's router. It answers at the base of the VPC's CIDR plus two, at .2 of every subnet and at 169.254.169.253, " +
    "whatever security groups and network ACLs say: INSTANCE.VPC.internal, SUBNET.VPC.internal, ip-10-0-1-4.VPC.internal, addresses back to names, and private zones. " +
    "Names outside are looked up only for those who can also go there. In EC2 this (enableDnsSupport) is on from the start; here it is asked for, because it runs a program.",
  arguments: [vpc],
  options: [],
  examples: [{ line: "vpcctl enable-dns company-a", effect: "Lets web1.company-a.internal be found." }],
  operate: enableDns,
  touches: routerOf,
  done: (world, input) => `VPC ${input.vpc} has a resolver at ${vpcResolver(requireVpc(world, input.vpc))}; names end with ${vpcDomain(input.vpc)}.${outside(world, input)}`,
  unchanged: (world, input) => `VPC ${input.vpc} has a resolver at ${vpcResolver(requireVpc(world, input.vpc))} already.`,
});

function outside(world: World, input: DnsInput): string {
  return outsideAskers(world, requireVpc(world, input.vpc)).size === 0 ? " Nobody in it can ask for names outside, because nobody can go there." : "";
}

const disableDnsVerb = defineVerb<DnsInput>({
  name: "disable-dns",
  group: "names",
  summary: "Take a VPC's resolver away",
  about: "Ends the name server. Private zones and their records are kept, and are there again after enable-dns.",
  arguments: [vpc],
  options: [],
  examples: [{ line: "vpcctl disable-dns company-a", effect: "Nobody answers for names in the VPC any more." }],
  operate: disableDns,
  touches: routerOf,
  done: (_, input) => `VPC ${input.vpc} has no resolver any more.`,
  unchanged: (_, input) => `VPC ${input.vpc} has no resolver.`,
});

const zone = { name: "ZONE", key: "zone", kind: "text", meaning: "Name of the private zone, for example db.internal." } as const;

const createPrivateZoneVerb = defineVerb<PrivateZoneInput>({
  name: "create-private-zone",
  group: "names",
  summary: "Give a VPC a private zone of names",
  about: "What Route 53 calls a private hosted zone: all names that end with it are answered from its records, for this VPC alone, and never looked up outside.",
  arguments: [vpc, zone],
  options: [],
  examples: [{ line: "vpcctl create-private-zone company-a db.internal", effect: "Makes an empty zone." }],
  operate: createPrivateZone,
  touches: routerOf,
  done: (world, input) => `Created private zone ${plainName(input.zone)} of VPC ${input.vpc}.${asleep(world, input)}`,
  unchanged: (_, input) => `Private zone ${plainName(input.zone)} of VPC ${input.vpc} exists already.`,
});

function asleep(world: World, input: { readonly vpc: string }): string {
  return requireVpc(world, input.vpc).dns?.enabled === true ? "" : ` Nobody answers for it until: vpcctl enable-dns ${input.vpc}`;
}

const deletePrivateZoneVerb = defineVerb<DeletePrivateZoneInput>({
  name: "delete-private-zone",
  group: "names",
  summary: "Take a private zone away",
  about: "Refuses while the zone has records, and lists them; --force takes them away as well.",
  arguments: [vpc, zone],
  options: [{ flag: "--force", key: "force", meaning: "Take its records away as well." }],
  examples: [{ line: "vpcctl delete-private-zone company-a db.internal --force", effect: "Takes the zone away with its records." }],
  operate: deletePrivateZone,
  touches: routerOf,
  done: (_, input) => `Deleted private zone ${plainName(input.zone)} of VPC ${input.vpc}.`,
  unchanged: (_, input) => `VPC ${input.vpc} has no private zone ${plainName(input.zone)}.`,
});

const name = { name: "NAME", key: "name", kind: "text", meaning: "Whole name of the record, for example primary.db.internal." } as const;
const type = { name: "TYPE", key: "type", kind: "text", meaning: `One of ${recordTypes.join(", ")}.`, choices: recordTypes } as const;
const value = { name: "VALUE", key: "value", kind: "text", meaning: "An address, another name of the VPC, or a text." } as const;

const createRecordVerb = defineVerb<DnsRecordInput>({
  name: "create-record",
  group: "names",
  summary: "Add a record to a private zone",
  about: "Several records of one name and type are one answer with several values. An alias (CNAME) is the only record of its name, and leads to a name of the VPC.",
  arguments: [vpc, name, type, value],
  options: [],
  examples: [
    { line: "vpcctl create-record company-a primary.db.internal A 10.0.2.4", effect: "Names an address." },
    { line: "vpcctl create-record company-a api.db.internal CNAME web1.company-a.internal", effect: "Gives an instance a second name." },
  ],
  operate: createRecord,
  touches: routerOf,
  done: (world, input) => `Created record ${plainName(input.name)} ${input.type} ${input.value} of VPC ${input.vpc}.${asleep(world, input)}`,
  unchanged: (_, input) => `Record ${plainName(input.name)} ${input.type} ${input.value} of VPC ${input.vpc} exists already.`,
});

const deleteRecordVerb = defineVerb<DeleteDnsRecordInput>({
  name: "delete-record",
  group: "names",
  summary: "Take a record of a private zone away",
  about: "Without a value, all values of this name and type go.",
  arguments: [vpc, name, type, { ...value, optional: true }],
  options: [],
  examples: [{ line: "vpcctl delete-record company-a primary.db.internal A 10.0.2.4", effect: "Takes this address from the name." }],
  operate: deleteRecord,
  touches: routerOf,
  done: (_, input) => `Deleted record ${plainName(input.name)} ${input.type}${input.value === undefined ? "" : ` ${input.value}`} of VPC ${input.vpc}.`,
  unchanged: (_, input) => `VPC ${input.vpc} has no record ${plainName(input.name)} ${input.type}${input.value === undefined ? "" : ` ${input.value}`}.`,
});

export const dnsVerbs: readonly Verb[] = [
  enableDnsVerb, disableDnsVerb, createPrivateZoneVerb, deletePrivateZoneVerb, createRecordVerb, deleteRecordVerb,
];
