import { VpcctlError, refuseProblems, type Problem } from "../model/errors.ts";
import type { FaultPlace } from "../model/fault.ts";
import { limits } from "../model/limits.ts";
import { requireInstance, requireSubnet, requireVpc } from "../model/lookup.ts";
import { quote } from "../model/quote.ts";
import { requirePlace } from "../model/require-place.ts";
import { formatBandwidth, parseBandwidth, parsePercent, parseTime, type Shaping } from "../model/shaping.ts";
import type { Vpc, World } from "../model/world.ts";
import { smallestFree, withInstance, withSubnet, withVpc } from "./replace.ts";

export interface UnshapeInput {
  readonly vpc: string;
  /** A subnet, or an instance. */
  readonly place: string;
}

export interface ShapeInput extends UnshapeInput {
  readonly bandwidth?: string;
  readonly delay?: string;
  readonly jitter?: string;
  readonly loss?: string;
}

/**
 * Makes a wire slow or lossy, each way: of an instance, or of everything in a subnet. What was set before and is not given now is gone. The
 * same again is no change. Throws InvalidVpcID.NotFound, InvalidSubnetID.NotFound, InvalidInstanceID.NotFound, MissingParameter,
 * InvalidParameterValue, ShapedSubnetLimitExceeded.
 */
export function shape(world: World, input: ShapeInput): World {
  const vpc = requireVpc(world, input.vpc);
  const place = requirePlace(vpc, input.place);
  return withShaping(world, vpc, place, shapingOf(input));
}

/** Undoes shape. What is not shaped is no change. Throws InvalidVpcID.NotFound, InvalidSubnetID.NotFound, InvalidInstanceID.NotFound. */
export function unshape(world: World, input: UnshapeInput): World {
  const vpc = requireVpc(world, input.vpc);
  return withShaping(world, vpc, requirePlace(vpc, input.place), undefined);
}

function withShaping(world: World, vpc: Vpc, place: FaultPlace, shaping: Shaping | undefined): World {
  if ("instance" in place) {
    const { shaping: old, ...instance } = requireInstance(vpc, place.instance);
    return isSame(old, shaping) ? world : withVpc(world, withInstance(vpc, shaping === undefined ? instance : { ...instance, shaping }));
  }
  const { shaping: old, ...subnet } = requireSubnet(vpc, place.subnet);
  if (isSame(old, shaping)) return world;
  return withVpc(world, withSubnet(vpc, shaping === undefined ? subnet : { ...subnet, shaping: { number: old?.number ?? freeNumber(vpc), ...shaping } }));
}

const keys = ["bandwidth", "delay", "jitter", "loss"] as const;

function isSame(one: Shaping | undefined, other: Shaping | undefined): boolean {
  return (one === undefined) === (other === undefined) && keys.every((key) => one?.[key] === other?.[key]);
}

function freeNumber(vpc: Vpc): number {
  const number = smallestFree(Object.values(vpc.subnets).flatMap(({ shaping }) => shaping?.number ?? []), 1);
  if (number <= limits.shapedSubnetsPerVpc.value) return number;
  throw new VpcctlError({
    code: "ShapedSubnetLimitExceeded",
    message: `VPC ${vpc.name} has ${number - 1} subnets that are shaped, and no more fit.`,
    hint: limits.shapedSubnetsPerVpc.why,
  });
}

function shapingOf(input: ShapeInput): Shaping {
  if (keys.every((key) => input[key] === undefined)) {
    const hint = `For example: vpcctl shape ${input.vpc} ${input.place} --bandwidth 10mbit`;
    throw new VpcctlError({ code: "MissingParameter", message: "Nothing says what the wire should be like.", hint });
  }
  const problems: Problem[] = [];
  const read = (key: (typeof keys)[number], parse: (text: string) => number | undefined, from: number, to: number, rule: string): Shaping => {
    const text = input[key];
    if (text === undefined) return {};
    const value = parse(text);
    if (value !== undefined && value >= from && value <= to) return { [key]: value };
    problems.push({ code: "InvalidParameterValue", message: `${quote(text)} is not a ${key}.`, hint: rule });
    return {};
  };
  const { lowestBandwidth, highestBandwidth, longestDelay } = bounds;
  const shaping: Shaping = {
    ...read("bandwidth", parseBandwidth, lowestBandwidth, highestBandwidth, bandwidthRule),
    ...read("delay", parseTime, 0, longestDelay, delayRule),
    ...read("jitter", parseTime, 0, longestDelay, delayRule),
    ...read("loss", parsePercent, 0, 100, "A loss is a percentage, for example 1%."),
  };
  if (shaping.jitter !== undefined && shaping.jitter > (shaping.delay ?? 0)) {
    problems.push({ code: "InvalidParameterValue", message: "A delay cannot vary by more than it is.", hint: "Give a --delay that is at least the --jitter." });
  }
  refuseProblems(problems);
  return shaping;
}

/** The kernel counts bytes per second in 32 bits, and below a few packets a second nothing works any more. */
const bounds = { lowestBandwidth: 8_000, highestBandwidth: 30_000_000_000, longestDelay: 60_000 } as const;
const bandwidthRule = `A bandwidth looks like 10mbit, and is ${formatBandwidth(bounds.lowestBandwidth)} to ${formatBandwidth(bounds.highestBandwidth)}.`;
const delayRule = "A time looks like 20ms, and is at most 60s.";
