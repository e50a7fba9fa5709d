import { requireSubnet, requireVpc } from "../../model/lookup.ts";
import { publicTable, type World } from "../../model/world.ts";
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

function tableOf(world: World, input: InternetInput): string {
  return requireSubnet(requireVpc(world, input.vpc), input.subnet).routeTable;
}

export const internetVerbs: readonly Verb[] = [enableInternetVerb, disableInternetVerb];
