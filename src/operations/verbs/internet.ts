import { hasWayOut } from "../../model/gateways.ts";
import { instancesOf } from "../../model/instance.ts";
import { requireSubnet, requireVpc } from "../../model/lookup.ts";
import { findVpc, publicTable, tableNameOf, type Subnet, type World } from "../../model/world.ts";
import { disableInternet } from "../disable-internet.ts";
import { enableInternet, type InternetInput } from "../enable-internet.ts";
import { defineVerb, type Verb } from "../verb.ts";
import { subnet, vpc } from "./arguments.ts";

const enableInternetVerb = defineVerb<InternetInput>({
  name: "enable-internet",
  group: "build",
  summary: "Make a subnet public: give it a way to the internet",
  about:
    `Attaches an internet gateway to the VPC if it has none, and associates the subnet with the route table \`${publicTable}\`, whose default route leads to it. ` +
    "The subnet gets a public address, and so does each instance that is started in it from now on. Other subnets of the VPC stay private.",
  arguments: [vpc, subnet],
  options: [],
  examples: [{ line: "vpcctl enable-internet company-a public-web", effect: "Lets the subnet reach the internet." }],
  operate: enableInternet,
  touches: (input) => ({ vpc: input.vpc, subnets: [input.subnet] }),
  done: (world, input) => `Subnet ${input.vpc}/${input.subnet} has internet access. Its public address is ${find(world, input).publicAddress}.`,
  unchanged: (world, input) => `Subnet ${input.vpc}/${input.subnet} has internet access already, and public address ${find(world, input).publicAddress}.`,
});

const disableInternetVerb = defineVerb<InternetInput>({
  name: "disable-internet",
  group: "undo",
  summary: "Make a subnet private again",
  about:
    "Undoes enable-internet. Public addresses of the subnet and of the instances in it are given back; Elastic IPs stay allocated. " +
    "With the last public subnet of a VPC its internet gateway goes too.",
  arguments: [vpc, subnet],
  options: [],
  examples: [{ line: "vpcctl disable-internet company-a public-web", effect: "Takes the way to the internet from the subnet." }],
  operate: disableInternet,
  touches: (input, world) => ({ vpc: input.vpc, subnets: [input.subnet, ...instancesAt(world, input)] }),
  done: (world, input) => `${closedText(world, input)}${idleGateways(world, input)}`,
  unchanged(world, input) {
    const [name, table] = [`${input.vpc}/${input.subnet}`, tableNameOf(requireVpc(world, input.vpc), find(world, input))];
    if (isLedOut(world, input)) return `Subnet ${name} was not made public by enable-internet; its route table ${table} leads to the internet gateway.`;
    return `Subnet ${name} has no internet access; it uses route table ${table}.`;
  },
});

const find = (world: World, input: InternetInput): Subnet => requireSubnet(requireVpc(world, input.vpc), input.subnet);

const isLedOut = (world: World, input: InternetInput): boolean => hasWayOut(world, requireVpc(world, input.vpc), input.subnet);

/** A main table, or one of its own, may lead out as well: that was not this command's doing, so it is not undone. */
function closedText(world: World, input: InternetInput): string {
  const name = `${input.vpc}/${input.subnet}`;
  if (!isLedOut(world, input)) return `Subnet ${name} has no internet access any more.`;
  const table = tableNameOf(requireVpc(world, input.vpc), find(world, input));
  return `Subnet ${name} has no public addresses any more; its route table ${table} still leads to the internet gateway.`;
}

/** NAT gateways in the subnet that have lost their way out. */
function idleGateways(world: World, { vpc: name, subnet: place }: InternetInput): string {
  const inVpc = requireVpc(world, name);
  const idle = Object.values(inVpc.natGateways ?? {}).filter((gateway) => gateway.subnet === place && !hasWayOut(world, inVpc, gateway.subnet));
  return idle.map((gateway) => ` NAT gateway ${name}/${gateway.name} stands in it and does not work any more.`).join("");
}

/** Whose public addresses may go. */
function instancesAt(world: World, { vpc: name, subnet: place }: InternetInput): string[] {
  const found = findVpc(world, name);
  return found === undefined ? [] : instancesOf(found).flatMap((one) => (one.subnet === place ? [`${place}/${one.name}`] : []));
}

export const internetVerbs: readonly Verb[] = [enableInternetVerb, disableInternetVerb];
