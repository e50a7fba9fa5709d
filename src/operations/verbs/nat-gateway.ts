import { findNamed, findVpc, type World } from "../../model/world.ts";
import { createNatGateway, deleteNatGateway, type CreateNatGatewayInput, type NatGatewayInput } from "../nat-gateway.ts";
import { defineVerb, type Verb } from "../verb.ts";
import { subnet, vpc } from "./arguments.ts";
import { untilWayOut } from "./way-out.ts";

const createVerb = defineVerb<CreateNatGatewayInput>({
  name: "create-nat-gateway",
  group: "route",
  summary: "Make a NAT gateway: private subnets go out by it, nobody comes in",
  about:
    "It stands in a public subnet, with an address of it, and lets others out under its Elastic IP: those whose route table leads to it (create-route). " +
    "It works as long as its own subnet's route table leads to an internet gateway.",
  arguments: [
    vpc,
    { ...subnet, meaning: "Name of the public subnet that it stands in." },
    { name: "NAME", key: "name", kind: "new-name", meaning: "Name of the new NAT gateway." },
  ],
  options: [
    {
      flag: "--elastic-ip",
      key: "elasticIp",
      value: "NAME",
      kind: "elastic-ip",
      fallback: "one is allocated, and released with the gateway",
      meaning: "Its Elastic IP.",
    },
    { flag: "--ip", key: "ip", value: "ADDRESS", fallback: "the lowest free one", meaning: "Its address in the subnet." },
  ],
  examples: [
    { line: "vpcctl create-nat-gateway company-a public-web nat1", effect: "Makes a NAT gateway with an Elastic IP of its own." },
    { line: "vpcctl create-nat-gateway company-a public-web nat2 --elastic-ip outside", effect: "Makes one with an Elastic IP that is there already." },
  ],
  operate: createNatGateway,
  touches: (input) => ({ vpc: input.vpc, subnets: [] }),
  done: (world, input) => `NAT gateway ${input.vpc}/${input.name} ${addresses(world, input)}`,
  unchanged: (world, input) => `NAT gateway ${input.vpc}/${input.name} exists already; it ${addresses(world, input)}`,
});

function addresses(world: World, { vpc: vpcName, name }: NatGatewayInput): string {
  const gateway = findNamed(findVpc(world, vpcName)?.natGateways, name);
  if (gateway === undefined) return "has no address.";
  const { address, subnet: place, publicAddress } = gateway;
  return `has ${address} in subnet ${place} and public address ${publicAddress}${untilWayOut(world, vpcName, place, "It")}`;
}

const deleteVerb = defineVerb<NatGatewayInput>({
  name: "delete-nat-gateway",
  group: "route",
  summary: "Take a NAT gateway away",
  about: "Routes to it stay and lead nowhere. An Elastic IP that was named when it was made stays allocated.",
  arguments: [vpc, { name: "NAT-GATEWAY", key: "name", kind: "nat-gateway", meaning: "Name of the NAT gateway." }],
  options: [],
  examples: [{ line: "vpcctl delete-nat-gateway company-a nat1", effect: "Takes the NAT gateway away." }],
  operate: deleteNatGateway,
  touches: (input) => ({ vpc: input.vpc, subnets: [] }),
  done: (_, input) => `Deleted NAT gateway ${input.vpc}/${input.name}.`,
  unchanged: (_, input) => `There is no NAT gateway ${input.vpc}/${input.name}.`,
});

export const natGatewayVerbs: readonly Verb[] = [createVerb, deleteVerb];
