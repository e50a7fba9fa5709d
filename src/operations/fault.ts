// Faults: what is broken on purpose, to see how programs bear it. They are part of the World, so they outlast every other change, until they
// are healed or what they are about is gone.
import { VpcctlError } from "../model/errors.ts";
import { placesOf, samePlace, sayPlace, type Fault, type FaultPlace } from "../model/fault.ts";
import { requireVpc } from "../model/lookup.ts";
import { requirePlace } from "../model/require-place.ts";
import type { Vpc, World } from "../model/world.ts";
import { withVpc } from "./replace.ts";

export interface PartitionInput {
  readonly vpc: string;
  /** `SUBNET`, `SUBNET/INSTANCE` or `INSTANCE`, here and below. */
  readonly a: string;
  /** From everything when absent. */
  readonly b?: string;
}

/**
 * No packet goes between the two any more, in either direction, until `heal`. The same again is no change.
 * Throws InvalidVpcID.NotFound, InvalidSubnetID.NotFound, InvalidInstanceID.NotFound, InvalidParameterValue.
 */
export function partition(world: World, input: PartitionInput): World {
  const vpc = requireVpc(world, input.vpc);
  const a = requirePlace(vpc, input.a);
  const b = input.b === undefined ? undefined : requirePlace(vpc, input.b);
  if (b !== undefined && samePlace(a, b)) {
    throw new VpcctlError({
      code: "InvalidParameterValue",
      message: `Nothing can be parted from itself, and both names mean ${sayPlace(vpc.name, a)}.`,
      hint: `Name another place, or none to part it from everything: vpcctl partition ${vpc.name} ${input.a}`,
    });
  }
  return withFault(world, vpc, { kind: "partition", a, ...(b === undefined ? {} : { b }) });
}

export interface HealInput {
  readonly vpc: string;
  /** All faults of the VPC when absent. */
  readonly a?: string;
  /** With `a`: only the partition between the two. */
  readonly b?: string;
}

/** Takes faults away. Throws InvalidVpcID.NotFound, InvalidSubnetID.NotFound, InvalidInstanceID.NotFound. */
export function heal(world: World, input: HealInput): World {
  const vpc = requireVpc(world, input.vpc);
  const named = [input.a, input.b].flatMap((text) => (text === undefined ? [] : [requirePlace(vpc, text)]));
  return withoutFaults(world, vpc, (fault) => named.every((place) => placesOf(fault).some((other) => samePlace(place, other))));
}

export interface LinkInput {
  readonly vpc: string;
  readonly place: string;
}

/** Pulls the wire of an instance, or of everything in a subnet. Throws as heal. */
export function linkDown(world: World, input: LinkInput): World {
  const vpc = requireVpc(world, input.vpc);
  return withFault(world, vpc, { kind: "link-down", a: requirePlace(vpc, input.place) });
}

/** Puts the wire back that link-down pulled at the same place. Throws as heal. */
export function linkUp(world: World, input: LinkInput): World {
  const vpc = requireVpc(world, input.vpc);
  const place = requirePlace(vpc, input.place);
  return withoutFaults(world, vpc, ({ kind, a }) => kind === "link-down" && samePlace(a, place));
}

function withFault(world: World, vpc: Vpc, fault: Fault): World {
  const { faults = [] } = vpc;
  return faults.some((other) => isSame(other, fault)) ? world : withVpc(world, { ...vpc, faults: [...faults, fault] });
}

/** A partition has no direction. */
function isSame(one: Fault, other: Fault): boolean {
  const [mine, theirs] = [placesOf(one), placesOf(other)];
  return one.kind === other.kind && mine.length === theirs.length && mine.every((place) => theirs.some((its) => samePlace(place, its)));
}

function withoutFaults(world: World, vpc: Vpc, isHealed: (fault: Fault) => boolean): World {
  const changed = withoutFaultsWhere(vpc, isHealed);
  return changed === vpc ? world : withVpc(world, changed);
}

/** The VPC without the faults at places that are gone: another thing of the same name is another place. */
export const withoutFaultsAt = (vpc: Vpc, isGone: (place: FaultPlace) => boolean): Vpc => withoutFaultsWhere(vpc, (fault) => placesOf(fault).some(isGone));

function withoutFaultsWhere(vpc: Vpc, isHealed: (fault: Fault) => boolean): Vpc {
  const { faults = [], ...rest } = vpc;
  const left = faults.filter((fault) => !isHealed(fault));
  if (left.length === faults.length) return vpc;
  return left.length === 0 ? rest : { ...rest, faults: left };
}
