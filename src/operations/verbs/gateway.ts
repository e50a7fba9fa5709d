import {
  attachInternetGateway,
  createEgressOnlyInternetGateway,
  deleteEgressOnlyInternetGateway,
  detachInternetGateway,
  type GatewayInput,
} from "../internet-gateway.ts";
import { defineVerb, type Verb } from "../verb.ts";
import { vpc } from "./arguments.ts";

const attachVerb = defineVerb<GatewayInput>({
  name: "attach-internet-gateway",
  group: "route",
  summary: "Give a VPC an internet gateway",
  about:
    "The gateway alone opens nothing: a subnet uses it when its route table leads there (create-route), and only who has a public address gets out " +
    "and can be reached. enable-internet does all of it for a subnet.",
  arguments: [vpc],
  options: [],
  examples: [{ line: "vpcctl attach-internet-gateway company-a", effect: "Attaches an internet gateway." }],
  operate: attachInternetGateway,
  touches: (input) => ({ vpc: input.vpc, subnets: [] }),
  done: (_, input) => `VPC ${input.vpc} has an internet gateway.`,
  unchanged: (_, input) => `VPC ${input.vpc} has an internet gateway already.`,
});

const detachVerb = defineVerb<GatewayInput>({
  name: "detach-internet-gateway",
  group: "route",
  summary: "Take the internet gateway from a VPC",
  about: "Refuses while public addresses of the VPC are in use, and lists them. Routes to it stay and lead nowhere.",
  arguments: [vpc],
  options: [],
  examples: [{ line: "vpcctl detach-internet-gateway company-a", effect: "Takes the internet gateway away." }],
  operate: detachInternetGateway,
  touches: (input) => ({ vpc: input.vpc, subnets: [] }),
  done: (_, input) => `VPC ${input.vpc} has no internet gateway any more.`,
  unchanged: (_, input) => `VPC ${input.vpc} has no internet gateway.`,
});

const createEgressOnlyVerb = defineVerb<GatewayInput>({
  name: "create-egress-only-internet-gateway",
  group: "route",
  summary: "Give a VPC a way out for IPv6 that nobody comes in by",
  about:
    "By IPv6 nothing is translated: who has an address is who it is, outside as well. This gateway lets flows out and only their answers in; " +
    "route tables lead to it with create-route.",
  arguments: [vpc],
  options: [],
  examples: [{ line: "vpcctl create-egress-only-internet-gateway company-a", effect: "Makes the gateway; no route leads to it yet." }],
  operate: createEgressOnlyInternetGateway,
  touches: (input) => ({ vpc: input.vpc, subnets: [] }),
  done: (_, input) => `VPC ${input.vpc} has an egress-only internet gateway.`,
  unchanged: (_, input) => `VPC ${input.vpc} has an egress-only internet gateway already.`,
});

const deleteEgressOnlyVerb = defineVerb<GatewayInput>({
  name: "delete-egress-only-internet-gateway",
  group: "route",
  summary: "Take the egress-only internet gateway from a VPC",
  about: "Routes to it stay and lead nowhere.",
  arguments: [vpc],
  options: [],
  examples: [{ line: "vpcctl delete-egress-only-internet-gateway company-a", effect: "Takes the gateway away." }],
  operate: deleteEgressOnlyInternetGateway,
  touches: (input) => ({ vpc: input.vpc, subnets: [] }),
  done: (_, input) => `VPC ${input.vpc} has no egress-only internet gateway any more.`,
  unchanged: (_, input) => `VPC ${input.vpc} has no egress-only internet gateway.`,
});

export const gatewayVerbs: readonly Verb[] = [attachVerb, createEgressOnlyVerb, detachVerb, deleteEgressOnlyVerb];
