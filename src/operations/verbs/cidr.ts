import { associateCidr, disassociateCidr, type AssociateCidrInput, type DisassociateCidrInput } from "../associate-cidr.ts";
import { defineVerb, type Verb } from "../verb.ts";
import { anyPrefix, vpc } from "./arguments.ts";

const cidr = { name: "CIDR", key: "cidr", kind: "cidr" } as const;

const associateCidrVerb = defineVerb<AssociateCidrInput>({
  name: "associate-cidr",
  group: "build",
  summary: "Give a VPC a further block of addresses",
  about: "Subnets can be made of it at once, and every route table has it as local. It must not overlap what the VPC or one of its peers has, nor the public pool.",
  arguments: [vpc, { ...cidr, meaning: "The further addresses, for example 10.5.0.0/16." }],
  options: [anyPrefix, { flag: "--any-range", key: "anyRange", meaning: "Take a block of another private range than the VPC's, which EC2 does not." }],
  examples: [{ line: "vpcctl associate-cidr company-a 10.5.0.0/16", effect: "Gives the VPC 65,536 addresses more." }],
  operate: associateCidr,
  touches: (input) => ({ vpc: input.vpc, subnets: [] }),
  done: (_, input) => `VPC ${input.vpc} has ${input.cidr} as well.`,
  unchanged: (_, input) => `VPC ${input.vpc} has ${input.cidr} already.`,
});

const disassociateCidrVerb = defineVerb<DisassociateCidrInput>({
  name: "disassociate-cidr",
  group: "build",
  summary: "Take a further block of addresses from a VPC",
  about: "Refuses while a subnet is in it. The CIDR that the VPC was made with stays as long as the VPC.",
  arguments: [vpc, { ...cidr, meaning: "One that was associated." }],
  options: [],
  examples: [{ line: "vpcctl disassociate-cidr company-a 10.5.0.0/16", effect: "Takes the block away." }],
  operate: disassociateCidr,
  touches: (input) => ({ vpc: input.vpc, subnets: [] }),
  done: (_, input) => `VPC ${input.vpc} has ${input.cidr} no more.`,
  unchanged: (_, input) => `VPC ${input.vpc} has no CIDR ${input.cidr}.`,
});

export const cidrVerbs: readonly Verb[] = [associateCidrVerb, disassociateCidrVerb];
