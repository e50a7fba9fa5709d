// What the name servers of a VPC are told, as the files they read. Pure.
//
// There are two, because one cannot choose by who asks: `inside` knows the names of the VPC and has nobody to ask further, so nothing that
// a private subnet asks can ever leave; `outside` knows the same names and forwards the rest. The router leads each question to the one
// that its sender may use (the driver's compile/dns.ts).
import { ipv6AddressOf } from "../model/addresses6.ts";
import { attachmentsOf, type Attachment } from "../model/attachment.ts";
import { addressLabel, outsideResolverPort, recordsOf, resolves, vpcDomain, zonesOf, type DnsRecord } from "../model/dns.ts";
import { outsideAskers } from "../model/outside-askers.ts";
import type { Vpc, World } from "../model/world.ts";

export type Role = "inside" | "outside";

export interface NameServers {
  /** Addresses and their names, read anew at a signal. */
  readonly hosts: string;
  /** What each server that should run is told at its start. */
  readonly settings: ReadonlyMap<Role, string>;
}

export interface Surroundings {
  /** Where the files are. */
  readonly directory: string;
  /** Name servers outside, to forward to. */
  readonly upstream: readonly string[];
}

/** Undefined when the VPC has no resolver. */
export function nameServersOf(world: World, vpc: Vpc | undefined, { directory, upstream }: Surroundings): NameServers | undefined {
  if (vpc === undefined || !resolves(vpc)) return undefined;
  const settings = new Map<Role, string>([["inside", settingsOf(vpc, "inside", directory, [`port=53`])]]);
  if (outsideAskers(world, vpc).size > 0) {
    const forward = [`port=${outsideResolverPort}`, "domain-needed", "bogus-priv", "cache-size=1000", ...upstream.map((server) => `server=${server}`)];
    settings.set("outside", settingsOf(vpc, "outside", directory, forward));
  }
  return { hosts: hostsOf(vpc), settings };
}

/** As EC2's resolver says it: seconds for which an answer may be kept. */
const SECONDS_TO_KEEP = 60;

function settingsOf(vpc: Vpc, role: Role, directory: string, own: readonly string[]): string {
  const domains = [vpcDomain(vpc.name), ...zonesOf(vpc).map((zone) => zone.name)];
  return lines([
    `# The names of VPC ${vpc.name}, ${role === "inside" ? "for those who may not ask outside" : "for those who may ask outside as well"}. Written by vpcctl.`,
    ...own,
    "no-resolv",
    "no-hosts",
    `pid-file=${directory}/${role}.pid`,
    `addn-hosts=${directory}/hosts`,
    `local-ttl=${SECONDS_TO_KEEP}`,
    // What is not found in these is not there: nobody outside is asked.
    ...domains.map((domain) => `local=/${domain}/`),
    ...recordsOf(vpc).flatMap(recordSetting),
  ]);
}

/** Addresses are among the hosts. */
function recordSetting({ name, type, value }: DnsRecord): string[] {
  if (type === "CNAME") return [`cname=${name},${value}`];
  return type === "TXT" ? [`txt-record=${name},"${value}"`] : [];
}

/** The first name of an address is the one that it is looked up to. */
function hostsOf(vpc: Vpc): string {
  const domain = vpcDomain(vpc.name);
  return lines([
    `# Addresses of VPC ${vpc.name} and their names. Written by vpcctl.`,
    ...attachmentsOf(vpc).flatMap((attachment) => {
      const names = labelsOf(vpc, attachment).map((label) => `${label}.${domain}`);
      const address6 = ipv6AddressOf(attachment);
      // The second name is that of the IPv4 address.
      return [`${attachment.address} ${names.join(" ")}`, ...(address6 === undefined ? [] : [`${address6} ${names[0]}`])];
    }),
    ...recordsOf(vpc).flatMap(({ name, type, value }) => (type === "A" || type === "AAAA" ? [`${value} ${name}`] : [])),
  ]);
}

/** A subnet whose name an instance has as well leaves it to the instance. */
function labelsOf(vpc: Vpc, { subnet, instance, address }: Attachment): string[] {
  if (instance !== undefined) return [instance.name, addressLabel(address)];
  return Object.hasOwn(vpc.instances ?? {}, subnet.name) ? [addressLabel(address)] : [subnet.name, addressLabel(address)];
}

const lines = (all: readonly string[]): string => `${all.join("\n")}\n`;
