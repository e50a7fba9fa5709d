import { samePlace, sayPlace, type Fault } from "../../model/fault.ts";
import { requireVpc } from "../../model/lookup.ts";
import { requirePlace } from "../../model/require-place.ts";
import type { World } from "../../model/world.ts";
import { heal, linkDown, linkUp, partition, type HealInput, type LinkInput, type PartitionInput } from "../fault.ts";
import { defineVerb, type Verb, type VerbArgument } from "../verb.ts";
import { vpc } from "./arguments.ts";

const placeMeaning = "A subnet with everything in it, or an instance: its name, or SUBNET/INSTANCE.";
const place = <Key extends string>(name: string, key: Key, meaning = placeMeaning): VerbArgument<Key> => ({ name, key, kind: "place", meaning });

/** `subnet company-a/web`, for what the user typed. */
const say = (world: World, vpcName: string, typed: string): string => sayPlace(vpcName, requirePlace(requireVpc(world, vpcName), typed));

const partitionVerb = defineVerb<PartitionInput>({
  name: "partition",
  group: "faults",
  summary: "Part two places of a VPC, as a broken network would",
  about:
    "From now on no packet goes between the two in either direction, neither directly nor by routers, gateways or public addresses, whatever groups " +
    "and ACLs say. " +
    "Connections that are open get no packet through either; they go on after `heal` if they have not given up. Packets are dropped in silence. " +
    "Without a second place the first is cut off from everything but itself and the VPC's own router.",
  arguments: [vpc, place("PLACE", "a"), { ...place("OTHER", "b", "The other one; everything when absent."), optional: true }],
  options: [],
  examples: [
    { line: "vpcctl partition company-a public-web private-db", effect: "Parts two subnets." },
    { line: "vpcctl partition company-a public-web/web1", effect: "Cuts an instance off from everything." },
  ],
  operate: partition,
  touches: (input) => ({ vpc: input.vpc, subnets: [] }),
  done: (world, input) => `${partitionText(world, input)}. To end it: ${healLine(input.vpc, input.a, input.b)}`,
  unchanged: (world, input) => `${partitionText(world, input)} already.`,
});

const partitionText = (world: World, { vpc: name, a, b }: PartitionInput): string =>
  `No packet goes between ${say(world, name, a)} and ${b === undefined ? "everything else" : say(world, name, b)}`;
const healLine = (...words: readonly (string | undefined)[]): string => ["vpcctl heal", ...words].filter((word) => word !== undefined).join(" ");

const healVerb = defineVerb<HealInput>({
  name: "heal",
  group: "faults",
  summary: "End partitions, and put back wires that were pulled",
  about: "Of the whole VPC, or of one place, or the partition between two. What was broken works as before, with all addresses and routes.",
  arguments: [
    vpc,
    { ...place("PLACE", "a", "All faults of this subnet or instance; those of the whole VPC when absent."), optional: true },
    { ...place("OTHER", "b", "Only the partition between the two."), optional: true },
  ],
  options: [],
  examples: [
    { line: "vpcctl heal company-a", effect: "Ends all faults of the VPC." },
    { line: "vpcctl heal company-a public-web private-db", effect: "Ends the partition between the two." },
  ],
  operate: heal,
  touches: (input) => ({ vpc: input.vpc, subnets: [] }),
  done: (world, input) => `Healed: ${about(world, input)}.`,
  unchanged: (world, input) => `There is no fault ${input.b === undefined ? "at" : "between"} ${about(world, input)}.`,
});

function about(world: World, { vpc: name, a, b }: HealInput): string {
  if (a === undefined) return `VPC ${name}`;
  return b === undefined ? say(world, name, a) : `${say(world, name, a)} and ${say(world, name, b)}`;
}

const linkDownVerb = defineVerb<LinkInput>({
  name: "link-down",
  group: "faults",
  summary: "Pull the wire of an instance, or of everything in a subnet",
  about:
    "Programs inside see an interface without a carrier, as with a pulled cable or a dead switch. Nothing they send arrives anywhere, not even at the " +
    "VPC's router and resolver. Addresses and routes stay, and work again after link-up.",
  arguments: [vpc, place("PLACE", "place")],
  options: [],
  examples: [{ line: "vpcctl link-down company-a public-web/web1", effect: "Pulls the wire of an instance." }],
  operate: linkDown,
  touches: (input) => ({ vpc: input.vpc, subnets: [] }),
  done: (world, input) => `The link of ${say(world, input.vpc, input.place)} is down. To end it: vpcctl link-up ${input.vpc} ${input.place}`,
  unchanged: (world, input) => `The link of ${say(world, input.vpc, input.place)} is down already.`,
});

const linkUpVerb = defineVerb<LinkInput>({
  name: "link-up",
  group: "faults",
  summary: "Put the wire back that link-down pulled",
  about: "Everything works as before. A wire that was pulled with its whole subnet comes back with the whole subnet.",
  arguments: [vpc, place("PLACE", "place")],
  options: [],
  examples: [{ line: "vpcctl link-up company-a public-web/web1", effect: "Puts the wire back." }],
  operate: linkUp,
  touches: (input) => ({ vpc: input.vpc, subnets: [] }),
  done: (world, input) => `The link of ${say(world, input.vpc, input.place)} is up.${withSubnet(world, input)}`,
  unchanged: (world, input) => `The link of ${say(world, input.vpc, input.place)} was not pulled.${withSubnet(world, input)}`,
});

/** An instance in a subnet whose wires are all pulled is down all the same. */
function withSubnet(world: World, input: LinkInput): string {
  const inVpc = requireVpc(world, input.vpc);
  const at = requirePlace(inVpc, input.place);
  const subnet = "instance" in at ? inVpc.instances?.[at.instance]?.subnet : undefined;
  const isDown = ({ kind, a }: Fault): boolean => kind === "link-down" && subnet !== undefined && samePlace(a, { subnet });
  return inVpc.faults?.some(isDown) ? ` But everything in its subnet is down: vpcctl link-up ${inVpc.name} ${subnet}` : "";
}

export const faultVerbs: readonly Verb[] = [partitionVerb, linkDownVerb, linkUpVerb, healVerb];
