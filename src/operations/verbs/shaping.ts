import { sayPlace } from "../../model/fault.ts";
import { findNamed, type World } from "../../model/world.ts";
import { requireVpc } from "../../model/lookup.ts";
import { requirePlace } from "../../model/require-place.ts";
import { sayShaping } from "../../model/shaping.ts";
import { shape, unshape, type ShapeInput, type UnshapeInput } from "../shape.ts";
import { defineVerb, type Verb } from "../verb.ts";
import { vpc } from "./arguments.ts";

const place = { name: "PLACE", key: "place", kind: "place", meaning: "A subnet with everything in it, or an instance: its name, or SUBNET/INSTANCE." } as const;

const shapeVerb = defineVerb<ShapeInput>({
  name: "shape",
  group: "faults",
  summary: "Make a wire slow or lossy",
  about:
    "Each way by itself: what comes from the place, and what goes to it. A subnet's bandwidth is shared by everything in it; an instance's is its own. " +
    "Packets wait in the VPC's router, so nobody inside can take it away. What was set before and is not given now is gone. " +
    "Delay, jitter and loss need a kernel with netem; see vpcctl doctor.",
  arguments: [vpc, place],
  options: [
    { flag: "--bandwidth", key: "bandwidth", value: "RATE", meaning: "Bits per second: 500kbit, 10mbit, 1gbit." },
    { flag: "--delay", key: "delay", value: "TIME", meaning: "How long each packet is under way, for example 20ms." },
    { flag: "--jitter", key: "jitter", value: "TIME", meaning: "How much that varies, up and down, for example 5ms." },
    { flag: "--loss", key: "loss", value: "PERCENT", meaning: "How many packets get lost, for example 1%." },
  ],
  examples: [
    { line: "vpcctl shape company-a public-web --bandwidth 10mbit", effect: "Gives everything in the subnet 10 Mbit/s together, each way." },
    { line: "vpcctl shape company-a private-db/db1 --bandwidth 1mbit --delay 80ms --loss 1%", effect: "Puts an instance behind a bad line." },
  ],
  operate: shape,
  touches: (input) => ({ vpc: input.vpc, subnets: [] }),
  done: (world, input) => `The wire of ${say(world, input)} has ${shapingText(world, input)}, each way.`,
  unchanged: (world, input) => `The wire of ${say(world, input)} has ${shapingText(world, input)} already.`,
});

const say = (world: World, input: UnshapeInput): string => sayPlace(input.vpc, requirePlace(requireVpc(world, input.vpc), input.place));

function shapingText(world: World, input: UnshapeInput): string {
  const inVpc = requireVpc(world, input.vpc);
  const at = requirePlace(inVpc, input.place);
  const { shaping } = ("subnet" in at ? findNamed(inVpc.subnets, at.subnet) : findNamed(inVpc.instances, at.instance)) ?? {};
  return sayShaping(shaping ?? {});
}

const unshapeVerb = defineVerb<UnshapeInput>({
  name: "unshape",
  group: "faults",
  summary: "Make a wire as fast as it can be again",
  about: "Undoes shape, for this place alone: an instance in a shaped subnet shares the subnet's bandwidth still.",
  arguments: [vpc, place],
  options: [],
  examples: [{ line: "vpcctl unshape company-a public-web", effect: "Packets of the subnet do not wait any more." }],
  operate: unshape,
  touches: (input) => ({ vpc: input.vpc, subnets: [] }),
  done: (world, input) => `The wire of ${say(world, input)} is not shaped any more.`,
  unchanged: (world, input) => `The wire of ${say(world, input)} is not shaped.`,
});

export const shapingVerbs: readonly Verb[] = [shapeVerb, unshapeVerb];
