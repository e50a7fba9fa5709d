import { defaultAcl } from "../../model/network-acl.ts";
import { associateNetworkAcl, createNetworkAcl, deleteNetworkAcl, type AssociateNetworkAclInput, type NetworkAclInput } from "../network-acl.ts";
import { defineVerb, type Verb } from "../verb.ts";
import { subnet, vpc } from "./arguments.ts";
import { entryVerbs } from "./network-acl-entry.ts";

const createVerb = defineVerb<NetworkAclInput>({
  name: "create-network-acl",
  group: "secure",
  summary: "Make a network ACL: numbered rules for what crosses a subnet's edge",
  about:
    "A new network ACL denies everything until it has entries. It is stateless: answers need an entry of their own. It judges what enters and leaves a " +
    `subnet, never what stays inside. Every VPC has one named \`${defaultAcl}\`, which allows everything and which every subnet uses until associate-network-acl.`,
  arguments: [vpc, { name: "NAME", key: "name", kind: "new-name", meaning: "Name of the new network ACL." }],
  options: [],
  examples: [{ line: "vpcctl create-network-acl company-a strict", effect: "Makes a network ACL that denies everything." }],
  operate: createNetworkAcl,
  touches: (input) => ({ vpc: input.vpc, subnets: [] }),
  done: (_, input) => `Created network ACL ${input.vpc}/${input.name}; it denies everything so far.`,
  unchanged: (_, input) => `Network ACL ${input.vpc}/${input.name} exists already.`,
});

const deleteVerb = defineVerb<NetworkAclInput>({
  name: "delete-network-acl",
  group: "secure",
  summary: "Take a network ACL away",
  about:
    `Refuses while a subnet uses it, and lists these; give them another one with associate-network-acl first. The ACL \`${defaultAcl}\` cannot be ` +
    "deleted.",
  arguments: [vpc, { name: "ACL", key: "name", kind: "network-acl", meaning: "Name of the network ACL." }],
  options: [],
  examples: [{ line: "vpcctl delete-network-acl company-a strict", effect: "Takes the network ACL away." }],
  operate: deleteNetworkAcl,
  touches: (input) => ({ vpc: input.vpc, subnets: [] }),
  done: (_, input) => `Deleted network ACL ${input.vpc}/${input.name}.`,
  unchanged: (_, input) => `There is no network ACL ${input.vpc}/${input.name}.`,
});

const associateVerb = defineVerb<AssociateNetworkAclInput>({
  name: "associate-network-acl",
  group: "secure",
  summary: "Give a subnet another network ACL",
  about: `A subnet has exactly one network ACL, so this takes the place of the one it had. To take it away again, associate \`${defaultAcl}\`.`,
  arguments: [vpc, subnet, { name: "ACL", key: "acl", kind: "network-acl", meaning: "Name of the network ACL." }],
  options: [],
  examples: [
    { line: "vpcctl associate-network-acl company-a private-db strict", effect: "Judges what enters and leaves the subnet by that network ACL." },
    { line: `vpcctl associate-network-acl company-a private-db ${defaultAcl}`, effect: "Goes back to the one that every VPC has." },
  ],
  operate: associateNetworkAcl,
  touches: (input) => ({ vpc: input.vpc, subnets: [input.subnet] }),
  done: (_, input) => `Subnet ${input.vpc}/${input.subnet} has network ACL ${input.acl}.`,
  unchanged: (_, input) => `Subnet ${input.vpc}/${input.subnet} has network ACL ${input.acl} already.`,
});

export const networkAclVerbs: readonly Verb[] = [createVerb, ...entryVerbs, associateVerb, deleteVerb];
