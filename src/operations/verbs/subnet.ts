import { findVpc } from "../../model/world.ts";
import { addSubnet, type AddSubnetInput } from "../add-subnet.ts";
import { deleteSubnet, instancesIn, type DeleteSubnetInput } from "../delete-subnet.ts";
import { defineVerb, type Verb } from "../verb.ts";
import { anyPrefix, subnet, vpc } from "./arguments.ts";

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
  options: [
    anyPrefix,
    {
      flag: "--ipv6-cidr",
      key: "ipv6Cidr",
      value: "CIDR",
      kind: "cidr",
      meaning: "Its /64 of the VPC's IPv6 block.",
      fallback: "the smallest free one, when the VPC has IPv6",
    },
  ],
  examples: [{ line: "vpcctl add-subnet company-a public-web 10.0.1.0/24", effect: "Adds a subnet with 256 addresses." }],
  operate: addSubnet,
  touches: (input) => ({ vpc: input.vpc, subnets: [input.name] }),
  done: (_, input) => `Added subnet ${input.vpc}/${input.name} with ${input.cidr}.`,
  unchanged: (_, input) => `Subnet ${input.vpc}/${input.name} with ${input.cidr} exists already.`,
});

const deleteSubnetVerb = defineVerb<DeleteSubnetInput>({
  name: "delete-subnet",
  group: "undo",
  summary: "Take a subnet away",
  about:
    "Programs that run in the subnet are ended. Other subnets notice nothing. Refuses while instances are in it, and lists them; " +
    "--force terminates them as well.",
  arguments: [vpc, { ...subnet, key: "name" }],
  options: [{ flag: "--force", key: "force", meaning: "Terminate the instances in it as well." }],
  examples: [{ line: "vpcctl delete-subnet company-a public-web", effect: "Takes the subnet away." }],
  operate: deleteSubnet,
  touches: ({ vpc: vpcName, name }, world) => {
    const inside = findVpc(world, vpcName);
    const instances = inside === undefined ? [] : instancesIn(inside, name);
    return { vpc: vpcName, subnets: [name, ...instances.map((instance) => `${name}/${instance.name}`)] };
  },
  done: (_, input) => `Deleted subnet ${input.vpc}/${input.name}.`,
  unchanged: (_, input) => `There is no subnet ${input.vpc}/${input.name}.`,
});

export const subnetVerbs: readonly Verb[] = [addSubnetVerb, deleteSubnetVerb];
