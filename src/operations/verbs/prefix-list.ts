import { limits } from "../../model/limits.ts";
import type { World } from "../../model/world.ts";
import {
  createPrefixList,
  deletePrefixList,
  modifyPrefixList,
  vpcsUsing,
  type CreatePrefixListInput,
  type ModifyPrefixListInput,
  type PrefixListInput,
} from "../prefix-list.ts";
import { defineVerb, type Touched, type Verb } from "../verb.ts";

const list = { name: "LIST", key: "name", kind: "prefix-list", meaning: "Name of the prefix list." } as const;

/** The routers of the VPCs whose rules or routes name it. */
const touches = ({ name }: PrefixListInput, world: World): Touched[] => vpcsUsing(world, name).map((vpc) => ({ vpc, subnets: [] }));

const createVerb = defineVerb<CreatePrefixListInput>({
  name: "create-prefix-list",
  group: "secure",
  summary: "Make a prefix list: CIDRs under one name, for rules of security groups and for routes",
  about: `A prefix list belongs to no VPC: the rules and routes of all may name it. It holds IPv4 and IPv6 CIDRs, up to ${limits.prefixListEntries.value}.`,
  arguments: [{ name: "NAME", key: "name", kind: "new-name", meaning: "Name of the new prefix list." }],
  options: [{ flag: "--cidr", key: "cidrs", value: "CIDR", many: true, kind: "cidr", meaning: "A CIDR of the list; may be repeated." }],
  examples: [{ line: "vpcctl create-prefix-list offices --cidr 192.0.2.0/24 --cidr 2001:db8::/32", effect: "Makes a list of two CIDRs." }],
  operate: createPrefixList,
  touches,
  done: (world, { name }) => `Created prefix list ${name} with ${count(world, name)}.`,
  unchanged: (world, { name }) => `Prefix list ${name} with ${count(world, name)} exists already.`,
});

const modifyVerb = defineVerb<ModifyPrefixListInput>({
  name: "modify-prefix-list",
  group: "secure",
  summary: "Add CIDRs to a prefix list or take them from it",
  about:
    "Every rule and every route that names the list follows at once. " +
    "Refused when a security group or a route table would become too full, or when the target of a route is for the other kind of IP.",
  arguments: [list],
  options: [
    { flag: "--add", key: "add", value: "CIDR", many: true, kind: "cidr", meaning: "A CIDR to add; may be repeated." },
    { flag: "--remove", key: "remove", value: "CIDR", many: true, kind: "cidr", meaning: "A CIDR to take away; may be repeated." },
  ],
  examples: [{ line: "vpcctl modify-prefix-list offices --add 198.51.100.0/24 --remove 192.0.2.0/24", effect: "Moves the office." }],
  operate: modifyPrefixList,
  touches,
  done: (world, { name }) => `Prefix list ${name} has ${count(world, name)}.`,
  unchanged: (world, { name }) => `Prefix list ${name} is so already; it has ${count(world, name)}.`,
});

const deleteVerb = defineVerb<PrefixListInput>({
  name: "delete-prefix-list",
  group: "secure",
  summary: "Take a prefix list away",
  about: "Refuses while a rule of a security group or a route names it, and lists these.",
  arguments: [list],
  options: [],
  examples: [{ line: "vpcctl delete-prefix-list offices", effect: "Takes the list away." }],
  operate: deletePrefixList,
  touches: () => [],
  done: (_, { name }) => `Deleted prefix list ${name}.`,
  unchanged: (_, { name }) => `There is no prefix list ${name}.`,
});

function count(world: World, name: string): string {
  const { length } = world.prefixLists?.[name]?.cidrs ?? [];
  return `${length} CIDR${length === 1 ? "" : "s"}`;
}

export const prefixListVerbs: readonly Verb[] = [createVerb, modifyVerb, deleteVerb];
