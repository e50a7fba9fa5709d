import { mainTable, publicTable } from "../../model/world.ts";
import {
  associateRouteTable,
  createRouteTable,
  deleteRouteTable,
  disassociateRouteTable,
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
    `Every VPC has one named \`${mainTable}\`, which every subnet uses until associate-route-table.`,
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
  about: `Refuses while a subnet uses it, and lists these; disassociate-route-table gives them \`${mainTable}\` again. \`${mainTable}\` cannot be deleted.`,
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
  about: `A subnet has exactly one route table, so this takes the place of the one it had. enable-internet associates \`${publicTable}\`.`,
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
  about: `The same as to associate \`${mainTable}\`.`,
  arguments: [vpc, subnet],
  options: [],
  examples: [{ line: "vpcctl disassociate-route-table company-a private-db", effect: "What the subnet sends goes where the main route table says." }],
  operate: disassociateRouteTable,
  touches: (input) => ({ vpc: input.vpc }),
  done: (_, input) => `Subnet ${input.vpc}/${input.subnet} uses route table ${mainTable}.`,
  unchanged: (_, input) => `Subnet ${input.vpc}/${input.subnet} uses route table ${mainTable} already.`,
});

export const routeTableVerbs: readonly Verb[] = [createVerb, ...routeVerbs, associateVerb, disassociateVerb, deleteVerb];
