import { isIpv6 } from "../model/cidr6.ts";
import { tryParseNameServer, type DhcpOptions, type DomainNameServer } from "../model/dhcp-options.ts";
import { domainFault, plainName } from "../model/dns-names.ts";
import { refuseProblems, type Problem } from "../model/errors.ts";
import { limits } from "../model/limits.ts";
import { requireVpc } from "../model/lookup.ts";
import { quote } from "../model/quote.ts";
import type { World } from "../model/world.ts";
import { withVpc } from "./replace.ts";

export interface ResetDhcpOptionsInput {
  readonly vpc: string;
}

export interface SetDhcpOptionsInput extends ResetDhcpOptionsInput {
  readonly domainNames?: readonly string[];
  readonly domainNameServers?: readonly string[];
}

/**
 * What programs of the VPC are told when they are started. What was set before and is not given now is gone, as with a new options set of EC2's.
 * The same again, in the same order, is no change. Throws InvalidVpcID.NotFound, MissingParameter, InvalidParameterValue.
 */
export function setDhcpOptions(world: World, input: SetDhcpOptionsInput): World {
  const vpc = requireVpc(world, input.vpc);
  const options = optionsOf(input);
  return isSame(vpc.dhcpOptions, options) ? world : withVpc(world, { ...vpc, dhcpOptions: options });
}

/** Programs are told the VPC's resolver and its own domain again. Without options it is no change. Throws InvalidVpcID.NotFound. */
export function resetDhcpOptions(world: World, input: ResetDhcpOptionsInput): World {
  const { dhcpOptions, ...vpc } = requireVpc(world, input.vpc);
  return dhcpOptions === undefined ? world : withVpc(world, vpc);
}

function isSame(one: DhcpOptions | undefined, other: DhcpOptions): boolean {
  const words = ({ domainNames, domainNameServers }: DhcpOptions): string => JSON.stringify([domainNames ?? [], domainNameServers ?? []]);
  return one !== undefined && words(one) === words(other);
}

function optionsOf({ vpc, domainNames: names = [], domainNameServers: servers = [] }: SetDhcpOptionsInput): DhcpOptions {
  const problems: Problem[] = [];
  const domainNames = [...new Set(names.map((name) => domainOf(name, problems)))];
  const domainNameServers = [...new Set(servers.flatMap((server) => serverOf(server, problems) ?? []))];
  if (names.length + servers.length === 0) {
    const hint = `For example: vpcctl set-dhcp-options ${vpc} --domain-name corp.example --domain-name-server 10.0.2.53`;
    problems.push({ code: "MissingParameter", message: "Nothing says what programs should be told.", hint });
  }
  refuseProblems([...problems, ...domainLimits(domainNames), ...serverLimits(domainNameServers)]);
  return { ...(names.length === 0 ? {} : { domainNames }), ...(servers.length === 0 ? {} : { domainNameServers }) };
}

function domainOf(text: string, problems: Problem[]): string {
  const name = plainName(text);
  const fault = domainFault(name);
  if (fault !== undefined) {
    const hint = "A domain looks like corp.example; give --domain-name once for each.";
    problems.push({ code: "InvalidParameterValue", message: `${quote(text)} cannot be a domain name: ${fault}.`, hint });
  }
  return name;
}

function serverOf(text: string, problems: Problem[]): DomainNameServer | undefined {
  const parsed = tryParseNameServer(text);
  if ("value" in parsed) return parsed.value;
  problems.push({ ...parsed.problem, hint: "Give an IPv4 address, an IPv6 address or AmazonProvidedDNS; --domain-name-server once for each." });
  return undefined;
}

function domainLimits(names: readonly string[]): Problem[] {
  const { dhcpDomainNames: count, dhcpDomainLength: length } = limits;
  const characters = names.join(" ").length;
  return [
    ...(names.length > count.value ? [tooMuch(`${names.length} domain names are too many: ${count.value} are the most.`, count.why)] : []),
    ...(characters > length.value ? [tooMuch(`The domain names have ${characters} characters together: ${length.value} are the most.`, length.why)] : []),
  ];
}

/** AmazonProvidedDNS stands for an IPv4 address. */
function serverLimits(servers: readonly DomainNameServer[]): Problem[] {
  const { value, why } = limits.dhcpNameServers;
  const six = servers.filter(isIpv6).length;
  const counts = [["IPv4", servers.length - six], ["IPv6", six]] as const;
  return counts.flatMap(([kind, count]) => (count > value ? [tooMuch(`${count} name servers by ${kind} are too many: ${value} are the most.`, why)] : []));
}

const tooMuch = (message: string, hint: string): Problem => ({ code: "InvalidParameterValue", message, hint });
