// The verbs on the World. One row makes a command, a line of a batch file and its completion.
import { limits } from "../model/limits.ts";
import { requireSubnet, requireVpc } from "../model/lookup.ts";
import { publicTable, type World } from "../model/world.ts";
import { addSubnet, type AddSubnetInput } from "./add-subnet.ts";
import { createVpc, type CreateVpcInput } from "./create-vpc.ts";
import { deleteSubnet, type DeleteSubnetInput } from "./delete-subnet.ts";
import { deleteVpc, type DeleteVpcInput } from "./delete-vpc.ts";
import { disableInternet } from "./disable-internet.ts";
import { enableInternet, type InternetInput } from "./enable-internet.ts";
import { defineVerb, type Verb, type VerbOption } from "./verb.ts";

const anyPrefix: VerbOption<"anyPrefix"> = {
  flag: "--any-prefix",
  key: "anyPrefix",
  meaning: `Take sizes that EC2 does not: bigger than a /${limits.shortestPrefix.value}, and down to a /${limits.longestAnyPrefix.value}.`,
};

const vpc = { name: "VPC", key: "vpc", kind: "vpc", meaning: "Name of the VPC." } as const;
const subnet = { name: "SUBNET", key: "subnet", kind: "subnet", meaning: "Name of the subnet." } as const;

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
  options: [anyPrefix],
  examples: [{ line: "vpcctl create-vpc company-a 10.0.0.0/16", effect: "Makes a VPC with 65,536 addresses." }],
  operate: createVpc,
  touches: ({ name }) => ({ vpc: name, subnets: [] }),
  done: (_, { name, cidr }) => `Created VPC ${name} with ${cidr}.`,
  unchanged: (_, { name, cidr }) => `VPC ${name} with ${cidr} exists already.`,
});

const addSubnetVerb = defineVerb<AddSubnetInput>({
  name: "add-subnet",
  group: "build",
  summary: "Add a subnet to a VPC",
  about:
    "The subnets of a VPC reach each other through its router. A new subnet is private: it has no way to the internet until enable-internet. " +
    "The first four addresses and the last are reserved, as in AWS.",
  arguments: [
    vpc,
    { name: "NAME", key: "name", kind: "new-name", meaning: "Name of the new subnet." },
    { name: "CIDR", key: "cidr", kind: "cidr", meaning: "Its addresses, part of the VPC's, for example 10.0.1.0/24." },
  ],
  options: [anyPrefix],
  examples: [{ line: "vpcctl add-subnet company-a public-web 10.0.1.0/24", effect: "Adds a subnet with 256 addresses." }],
  operate: addSubnet,
  touches: (input) => ({ vpc: input.vpc, subnets: [input.name] }),
  done: (_, input) => `Added subnet ${input.vpc}/${input.name} with ${input.cidr}.`,
  unchanged: (_, input) => `Subnet ${input.vpc}/${input.name} with ${input.cidr} exists already.`,
});

const enableInternetVerb = defineVerb<InternetInput>({
  name: "enable-internet",
  group: "build",
  summary: "Make a subnet public: give it a way to the internet",
  about:
    `Attaches an internet gateway to the VPC if it has none, and associates the subnet with the route table \`${publicTable}\`, whose default route leads to it. ` +
    "Other subnets of the VPC stay private.",
  arguments: [vpc, subnet],
  options: [],
  examples: [{ line: "vpcctl enable-internet company-a public-web", effect: "Lets the subnet reach the internet." }],
  operate: enableInternet,
  touches: (input) => ({ vpc: input.vpc, subnets: [input.subnet] }),
  done: (_, input) => `Subnet ${input.vpc}/${input.subnet} has internet access.`,
  unchanged: (_, input) => `Subnet ${input.vpc}/${input.subnet} has internet access already.`,
});

const disableInternetVerb = defineVerb<InternetInput>({
  name: "disable-internet",
  group: "undo",
  summary: "Make a subnet private again",
  about: "Undoes enable-internet. With the last public subnet of a VPC its internet gateway goes too.",
  arguments: [vpc, subnet],
  options: [],
  examples: [{ line: "vpcctl disable-internet company-a public-web", effect: "Takes the way to the internet from the subnet." }],
  operate: disableInternet,
  touches: (input) => ({ vpc: input.vpc, subnets: [input.subnet] }),
  done: (_, input) => `Subnet ${input.vpc}/${input.subnet} has no internet access any more.`,
  unchanged: (world, input) => `Subnet ${input.vpc}/${input.subnet} has no internet access; it uses route table ${tableOf(world, input)}.`,
});

const deleteSubnetVerb = defineVerb<DeleteSubnetInput>({
  name: "delete-subnet",
  group: "undo",
  summary: "Take a subnet away",
  about: "Programs that run in the subnet are ended. Other subnets notice nothing.",
  arguments: [vpc, { ...subnet, key: "name" }],
  options: [],
  examples: [{ line: "vpcctl delete-subnet company-a public-web", effect: "Takes the subnet away." }],
  operate: deleteSubnet,
  touches: (input) => ({ vpc: input.vpc, subnets: [input.name] }),
  done: (_, input) => `Deleted subnet ${input.vpc}/${input.name}.`,
  unchanged: (_, input) => `There is no subnet ${input.vpc}/${input.name}.`,
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

function tableOf(world: World, input: InternetInput): string {
  return requireSubnet(requireVpc(world, input.vpc), input.subnet).routeTable;
}

/** In the order help shows them. */
export const verbs: readonly Verb[] = [createVpcVerb, addSubnetVerb, enableInternetVerb, disableInternetVerb, deleteSubnetVerb, deleteVpcVerb];

export function findVerb(name: string): Verb | undefined {
  return verbs.find((verb) => verb.name === name);
}
