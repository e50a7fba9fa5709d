import { subnetPrefix6, subnetsPerVpc6, vpcPrefix6 } from "../../model/addresses6.ts";
import { findVpc, type World } from "../../model/world.ts";
import { associateIpv6Cidr, disassociateIpv6Cidr, type AssociateIpv6CidrInput, type DisassociateIpv6CidrInput } from "../associate-ipv6-cidr.ts";
import { defineVerb, type Verb } from "../verb.ts";
import { vpc } from "./arguments.ts";

const blockOf = (world: World, name: string): string => findVpc(world, name)?.ipv6Cidr ?? "no IPv6 block";

const associateVerb = defineVerb<AssociateIpv6CidrInput>({
  name: "associate-ipv6-cidr",
  group: "build",
  summary: "Give a VPC IPv6 as well",
  about:
    `A VPC has a /${vpcPrefix6} and each subnet, those that come later too, a /${subnetPrefix6} of it: the smallest that is free, ` +
    `for up to ${subnetsPerVpc6} subnets. ` +
    "Every address follows from the IPv4 address. Without a block of yours the VPC gets a private one (RFC 4193), which the host translates on the way out. " +
    "Ways to the internet are routes to ::/0.",
  arguments: [
    vpc,
    { name: "CIDR", key: "cidr", kind: "cidr", optional: true, meaning: `A /${vpcPrefix6} that is routed to this machine, or of private addresses.` },
  ],
  options: [],
  examples: [
    { line: "vpcctl associate-ipv6-cidr company-a", effect: "Gives the VPC a private block, and its subnets their parts." },
    { line: "vpcctl associate-ipv6-cidr company-a fd00:1234:5678::/56", effect: "Takes this block." },
  ],
  operate: associateIpv6Cidr,
  touches: (input) => ({ vpc: input.vpc }),
  done: (world, input) => `VPC ${input.vpc} has IPv6: ${blockOf(world, input.vpc)}.`,
  unchanged: (world, input) => `VPC ${input.vpc} has IPv6 already: ${blockOf(world, input.vpc)}.`,
});

const disassociateVerb = defineVerb<DisassociateIpv6CidrInput>({
  name: "disassociate-ipv6-cidr",
  group: "build",
  summary: "Take IPv6 from a VPC",
  about: "Its subnets and everything in them lose their IPv6 addresses. Routes and rules that speak of IPv6 stay, without effect.",
  arguments: [vpc],
  options: [],
  examples: [{ line: "vpcctl disassociate-ipv6-cidr company-a", effect: "Leaves the VPC with IPv4 only." }],
  operate: disassociateIpv6Cidr,
  touches: (input) => ({ vpc: input.vpc }),
  done: (_, input) => `VPC ${input.vpc} has no IPv6 any more.`,
  unchanged: (_, input) => `VPC ${input.vpc} has no IPv6.`,
});

export const ipv6Verbs: readonly Verb[] = [associateVerb, disassociateVerb];
