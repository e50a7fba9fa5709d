import { createVpc, type CreateVpcInput } from "../create-vpc.ts";
import { deleteVpc, type DeleteVpcInput } from "../delete-vpc.ts";
import { defineVerb, type Verb } from "../verb.ts";
import { anyPrefix, vpc } from "./arguments.ts";

const createVpcVerb = defineVerb<CreateVpcInput>({
  name: "create-vpc",
  group: "build",
  summary: "Make a VPC: a private network of its own",
  about:
    "A VPC has a virtual router and a range of addresses, and is cut off from everything else: from the host, from the internet and from other VPCs, " +
    "even from one with the same addresses.",
  arguments: [
    { name: "NAME", key: "name", kind: "new-name", meaning: "Name of the new VPC." },
    { name: "CIDR", key: "cidr", kind: "cidr", meaning: "Its addresses, for example 10.0.0.0/16." },
  ],
  options: [anyPrefix, { flag: "--ipv6", key: "ipv6", meaning: "Give it IPv6 as well: a private block of its own." }],
  examples: [{ line: "vpcctl create-vpc company-a 10.0.0.0/16", effect: "Makes a VPC with 65,536 addresses." }],
  operate: createVpc,
  touches: ({ name }) => ({ vpc: name, subnets: [] }),
  done: (_, { name, cidr }) => `Created VPC ${name} with ${cidr}.`,
  unchanged: (_, { name, cidr }) => `VPC ${name} with ${cidr} exists already.`,
});

const deleteVpcVerb = defineVerb<DeleteVpcInput>({
  name: "delete-vpc",
  group: "undo",
  summary: "Take a VPC away",
  about: "Refuses while the VPC has subnets or an internet gateway, and lists them; --force takes them away as well.",
  arguments: [{ ...vpc, key: "name" }],
  options: [{ flag: "--force", key: "force", meaning: "Take away all that is in it as well." }],
  examples: [
    { line: "vpcctl delete-vpc company-a", effect: "Takes an empty VPC away." },
    { line: "vpcctl delete-vpc company-a --force", effect: "Takes it away with its subnets." },
  ],
  operate: deleteVpc,
  touches: ({ name }) => ({ vpc: name }),
  done: (_, { name }) => `Deleted VPC ${name}.`,
  unchanged: (_, { name }) => `There is no VPC ${name}.`,
});

export const vpcVerbs: readonly Verb[] = [createVpcVerb, deleteVpcVerb];
