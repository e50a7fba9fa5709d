import { createRoute, deleteRoute, replaceRoute, type DeleteRouteInput, type RouteInput } from "../route.ts";
import { targetForms } from "../route-target.ts";
import { defineVerb, type Verb, type VerbArgument } from "../verb.ts";
import { vpc } from "./arguments.ts";

const table = { name: "TABLE", key: "table", kind: "route-table", meaning: "Name of the route table." } as const;
const destination = {
  name: "DESTINATION",
  key: "destination",
  kind: "route-destination",
  meaning: "Where the packets are for: a CIDR, for example 0.0.0.0/0, or prefix-list/NAME for all CIDRs of a prefix list.",
} as const;
const target: VerbArgument<"target"> = { name: "TARGET", key: "target", kind: "route-target", meaning: `Where they go: ${targetForms.join(", ")}.` };

const createVerb = defineVerb<RouteInput>({
  name: "create-route",
  group: "route",
  summary: "Add a route to a route table",
  about:
    "Of all routes that fit a packet the one with the longest prefix decides. The target must exist; should it go later, the route stays and leads nowhere " +
    "(state blackhole) until the target is there again. Inside the VPC a route may lead to an instance only, and only for the whole CIDR of a subnet. " +
    "A route to a prefix list follows the list, and counts as many routes as that has CIDRs; a route to a CIDR itself wins over the same CIDR of a list. " +
    "Of a list's CIDRs those that are inside the VPC stay local.",
  arguments: [vpc, table, destination, target],
  options: [],
  examples: [
    { line: "vpcctl create-route company-a private 0.0.0.0/0 nat-gateway/nat1", effect: "Subnets with that table go out by the NAT gateway." },
    { line: "vpcctl create-route company-a private 10.2.0.0/16 peering/to-b", effect: "Leads to the peered VPC." },
    {
      line: "vpcctl create-route company-a main 192.168.0.0/16 instance/router1",
      effect: "Leads to an instance that routes on; its source/destination check must be off.",
    },
    { line: "vpcctl create-route company-a main 203.0.113.0/24 blackhole", effect: "Drops what is for these addresses." },
    { line: "vpcctl create-route company-a private prefix-list/offices nat-gateway/nat1", effect: "Leads to all CIDRs of the list, whatever they are just now." },
  ],
  operate: createRoute,
  touches: (input) => ({ vpc: input.vpc, subnets: [] }),
  done: (_, input) => `Route table ${input.vpc}/${input.table} sends ${input.destination} to ${input.target}.`,
  unchanged: (_, input) => `Route table ${input.vpc}/${input.table} sends ${input.destination} to ${input.target} already.`,
});

const replaceVerb = defineVerb<RouteInput>({
  name: "replace-route",
  group: "route",
  summary: "Give a route another target",
  about: "For a destination that the route table has a route to. No packet finds the table without it in between.",
  arguments: [vpc, table, destination, target],
  options: [],
  examples: [{ line: "vpcctl replace-route company-a private 0.0.0.0/0 instance/firewall1", effect: "Sends it to the instance from now on." }],
  operate: replaceRoute,
  touches: (input) => ({ vpc: input.vpc, subnets: [] }),
  done: (_, input) => `Route table ${input.vpc}/${input.table} sends ${input.destination} to ${input.target}.`,
  unchanged: (_, input) => `Route table ${input.vpc}/${input.table} sends ${input.destination} to ${input.target} already.`,
});

const deleteVerb = defineVerb<DeleteRouteInput>({
  name: "delete-route",
  group: "route",
  summary: "Take a route from a route table",
  about: "A local route cannot go: everything inside a VPC stays reachable by routing.",
  arguments: [vpc, table, destination],
  options: [],
  examples: [{ line: "vpcctl delete-route company-a private 0.0.0.0/0", effect: "Takes the default route away." }],
  operate: deleteRoute,
  touches: (input) => ({ vpc: input.vpc, subnets: [] }),
  done: (_, input) => `Deleted the route to ${input.destination} from ${input.vpc}/${input.table}.`,
  unchanged: (_, input) => `Route table ${input.vpc}/${input.table} has no route to ${input.destination}.`,
});

export const routeVerbs: readonly Verb[] = [createVerb, replaceVerb, deleteVerb];
