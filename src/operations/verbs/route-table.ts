import { defaultMainTable, findVpc, mainTableOf, publicTable, type World } from "../../model/world.ts";
import {
  associateRouteTable,
  createRouteTable,
  deleteRouteTable,
  disassociateRouteTable,
  setMainRouteTable,
  type AssociateRouteTableInput,
  type RouteTableInput,
} from "../route-table.ts";
import { defineVerb, type Verb } from "../verb.ts";
import { subnet, vpc } from "./arguments.ts";
import { routeVerbs } from "./route.ts";

/** A route table of the VPC. */
const table = { name: "TABLE", kind: "route-table", meaning: "Name of the route table." } as const;

const createVerb = defineVerb<RouteTableInput>({
  name: "create-route-table",
  group: "route",
  summary: "Make a route table: where what leaves a subnet goes",
  about:
    "A new route table has the local routes only: it leads to everything inside the VPC and nowhere else. " +
    `Every VPC is made with one named \`${defaultMainTable}\`, its main one, which every subnet uses until associate-route-table.`,
  arguments: [vpc, { name: "NAME", key: "name", kind: "new-name", meaning: "Name of the new route table." }],
  options: [],
  examples: [{ line: "vpcctl create-route-table company-a private", effect: "Makes a route table." }],
  operate: createRouteTable,
  touches: (input) => ({ vpc: input.vpc, subnets: [] }),
  done: (_, input) => `Created route table ${input.vpc}/${input.name}.`,
  unchanged: (_, input) => `Route table ${input.vpc}/${input.name} exists already.`,
});

const deleteVerb = defineVerb<RouteTableInput>({
  name: "delete-route-table",
  group: "route",
  summary: "Take a route table away",
  about: "Refuses while a subnet is associated with it, and lists these. The main route table cannot be deleted; another can become it with set-main-route-table.",
  arguments: [vpc, { ...table, key: "name" }],
  options: [],
  examples: [{ line: "vpcctl delete-route-table company-a private", effect: "Takes the route table and its routes away." }],
  operate: deleteRouteTable,
  touches: (input) => ({ vpc: input.vpc, subnets: [] }),
  done: (_, input) => `Deleted route table ${input.vpc}/${input.name}.`,
  unchanged: (_, input) => `There is no route table ${input.vpc}/${input.name}.`,
});

const associateVerb = defineVerb<AssociateRouteTableInput>({
  name: "associate-route-table",
  group: "route",
  summary: "Give a subnet another route table",
  about:
    "A subnet has exactly one route table, so this takes the place of the one it had. It stays with it when another table becomes the main one. " +
    `enable-internet associates \`${publicTable}\`.`,
  arguments: [vpc, subnet, { ...table, key: "table" }],
  options: [],
  examples: [{ line: "vpcctl associate-route-table company-a private-db private", effect: "What the subnet sends goes where that table says." }],
  operate: associateRouteTable,
  touches: (input) => ({ vpc: input.vpc }),
  done: (_, input) => `Subnet ${input.vpc}/${input.subnet} uses route table ${input.table}.`,
  unchanged: (_, input) => `Subnet ${input.vpc}/${input.subnet} uses route table ${input.table} already.`,
});

type DisassociateInput = Omit<AssociateRouteTableInput, "table">;

const disassociateVerb = defineVerb<DisassociateInput>({
  name: "disassociate-route-table",
  group: "route",
  summary: "Let a subnet use the main route table again",
  about: "From then on it follows: when another table becomes the main one, the subnet uses that.",
  arguments: [vpc, subnet],
  options: [],
  examples: [{ line: "vpcctl disassociate-route-table company-a private-db", effect: "What the subnet sends goes where the main route table says." }],
  operate: disassociateRouteTable,
  touches: (input) => ({ vpc: input.vpc }),
  done: (world, input) => `Subnet ${input.vpc}/${input.subnet} uses the main route table, ${mainOf(world, input.vpc)}.`,
  unchanged: (world, input) => `Subnet ${input.vpc}/${input.subnet} uses the main route table, ${mainOf(world, input.vpc)}, already.`,
});

function mainOf(world: World, name: string): string {
  const vpc = findVpc(world, name);
  return vpc === undefined ? defaultMainTable : mainTableOf(vpc);
}

const setMainVerb = defineVerb<RouteTableInput>({
  name: "set-main-route-table",
  group: "route",
  summary: "Make another route table the VPC's main one",
  about:
    "Every subnet without a table of its own (associate-route-table) uses the main one, those that are added later too. The table that was the main one stays, " +
    "as one like others. In EC2's words: ReplaceRouteTableAssociation.",
  arguments: [vpc, { ...table, key: "name" }],
  options: [],
  examples: [{ line: "vpcctl set-main-route-table company-a private", effect: "What subnets without a table of their own send goes where that table says." }],
  operate: setMainRouteTable,
  touches: (input) => ({ vpc: input.vpc }),
  done: (_, input) => `Route table ${input.vpc}/${input.name} is the VPC's main route table.`,
  unchanged: (_, input) => `Route table ${input.vpc}/${input.name} is the VPC's main route table already.`,
});

export const routeTableVerbs: readonly Verb[] = [createVerb, ...routeVerbs, associateVerb, disassociateVerb, setMainVerb, deleteVerb];
