import { isIpv6 } from "../../model/cidr6.ts";
import { amazonProvidedDns, sayDhcpOptions } from "../../model/dhcp-options.ts";
import { resolves, vpcDomain, vpcResolver } from "../../model/dns.ts";
import { requireVpc } from "../../model/lookup.ts";
import type { World } from "../../model/world.ts";
import { resetDhcpOptions, setDhcpOptions, type ResetDhcpOptionsInput, type SetDhcpOptionsInput } from "../dhcp-options.ts";
import { defineVerb, type Verb } from "../verb.ts";
import { vpc } from "./arguments.ts";

const touches = (input: ResetDhcpOptionsInput) => ({ vpc: input.vpc, subnets: [] });

const whatRuns =
  "A program that runs keeps the resolv.conf that it was started with, as with a DHCP lease, until it is started again: an instance's by stop-instance and start-instance.";

const setVerb = defineVerb<SetDhcpOptionsInput>({
  name: "set-dhcp-options",
  group: "names",
  summary: "Tell a VPC's programs whom to ask for names, and their domain",
  about:
    "What EC2's DHCP options say of names. There is no DHCP server here: programs of workloads and instances find it in their own /etc/resolv.conf. " +
    `${whatRuns} What was set before and is not given now is gone: without a name server it is AmazonProvidedDNS, without a domain name programs have none. ` +
    "AmazonProvidedDNS is the VPC's resolver, or, while that is off, the servers that the host asks. " +
    "Questions to a server are packets like any other: routes, security groups and network ACLs decide.",
  arguments: [vpc],
  options: [
    { flag: "--domain-name", key: "domainNames", value: "NAME", many: true, meaning: "A domain in which names without a dot are looked for; may be repeated." },
    {
      flag: "--domain-name-server",
      key: "domainNameServers",
      value: "ADDRESS",
      many: true,
      meaning: `An IPv4 or IPv6 address, or ${amazonProvidedDns}; may be repeated, and is asked in this order.`,
    },
  ],
  examples: [
    { line: "vpcctl set-dhcp-options company-a --domain-name corp.example --domain-name-server 10.0.2.53", effect: "Lets programs ask a name server of the VPC's own." },
    { line: "vpcctl set-dhcp-options company-a --domain-name db.internal --domain-name company-a.internal", effect: "Leaves them the resolver, with two domains." },
  ],
  operate: setDhcpOptions,
  touches,
  done: (world, input) => `Programs of VPC ${input.vpc} are told: ${told(world, input)}. ${keep}${doubts(world, input)}`,
  unchanged: (world, input) => `Programs of VPC ${input.vpc} are told already: ${told(world, input)}.`,
});

const resetVerb = defineVerb<ResetDhcpOptionsInput>({
  name: "reset-dhcp-options",
  group: "names",
  summary: "Tell a VPC's programs the default again",
  about:
    "Undoes set-dhcp-options, as in EC2 the options set `default` does: programs are told the VPC's resolver and its domain, or, while that is off, " +
    `what the host itself is told. ${whatRuns}`,
  arguments: [vpc],
  options: [],
  examples: [{ line: "vpcctl reset-dhcp-options company-a", effect: "Lets programs ask the VPC's resolver again." }],
  operate: resetDhcpOptions,
  touches,
  done: (world, input) => `Programs of VPC ${input.vpc} are told the default again: ${told(world, input)}. ${keep}`,
  unchanged: (world, input) => `Programs of VPC ${input.vpc} are told the default: ${told(world, input)}.`,
});

const keep = "Those that run keep what they were started with.";

function told(world: World, input: ResetDhcpOptionsInput): string {
  const inVpc = requireVpc(world, input.vpc);
  if (inVpc.dhcpOptions !== undefined) return sayDhcpOptions(inVpc.dhcpOptions);
  return resolves(inVpc) ? `name server ${vpcResolver(inVpc)}; domain ${vpcDomain(inVpc.name)}` : "what the host itself is told";
}

/** The C library's, see resolv.conf(5). */
const mostAsked = 3;

function doubts(world: World, input: SetDhcpOptionsInput): string {
  const { dhcpOptions, ipv6Cidr } = requireVpc(world, input.vpc);
  const servers = dhcpOptions?.domainNameServers ?? [];
  const many = servers.length > mostAsked ? ` Most programs ask the first ${mostAsked} only.` : "";
  return ipv6Cidr === undefined && servers.some(isIpv6) ? `${many} The VPC has no IPv6, so nobody reaches the servers that have.` : many;
}

export const dhcpOptionsVerbs: readonly Verb[] = [setVerb, resetVerb];
