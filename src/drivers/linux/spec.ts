// A Spec says what the machine should hold, or does hold: plain objects, each with a key (what it is) and a content (how it is).
//
// Objects come in units (a VPC's router, its subnets, a gateway). A compiled unit knows the parts of the World it was made from and
// makes its objects only when asked: two compiled Specs are compared unit by unit, and where the parts are the very same the objects
// are never made. That is why one more subnet costs the same at 10 and at 1,000.
import { VpcctlError } from "../../model/errors.ts";
import { objectKey } from "./objects/identity.ts";
import type { SpecObject } from "./objects/object.ts";

export interface Unit {
  /** For scoping: absent for what belongs to no single VPC. */
  readonly vpc?: string;
  readonly subnet?: string;
  /** Parts of the World (and names) that decide the objects; compared by identity. */
  readonly madeFrom: readonly unknown[];
  objects(): readonly SpecObject[];
  /** A unit of many alike, such as all subnets of a VPC, can tell them apart without making any. */
  readonly parts?: Parts;
}

export interface Parts {
  /** The parts that `other` does not have just so; all of them when there is no other. */
  unlike(other: Parts | undefined): Iterable<Unit>;
  /** Something by which `unlike` knows its own kind. */
  readonly of: unknown;
}

/** Units by key, in the order in which they must be built. */
export type Spec = ReadonlyMap<string, Unit>;

export const emptySpec: Spec = new Map();

/** All wanted objects by key. Throws when two units claim the same object: a name collision must never merge two things. */
export function objectsOf(units: Iterable<Unit>): Map<string, SpecObject> {
  const objects = new Map<string, SpecObject>();
  for (const unit of units) {
    for (const object of unit.objects()) {
      const key = objectKey(object);
      if (objects.has(key)) {
        throw new VpcctlError({
          code: "HostConflict",
          message: `Two parts of the model need the same kernel object: ${key}.`,
          hint: "Two long names are cut to the same interface name. Choose another name for one of them.",
        });
      }
      objects.set(key, object);
    }
  }
  return objects;
}

/** All objects read from the kernel by key. Of two alike (somebody's second rule of one priority) the later one is a thing of its own. */
export function heldObjects(units: Iterable<Unit>): Map<string, SpecObject> {
  const objects = new Map<string, SpecObject>();
  for (const unit of units) {
    for (const object of unit.objects()) {
      const key = objectKey(object);
      objects.set(objects.has(key) ? `${key} again ${objects.size}` : key, object);
    }
  }
  return objects;
}

export function sameParts(a: Unit, b: Unit): boolean {
  return a === b || (a.madeFrom.length === b.madeFrom.length && a.madeFrom.every((part, i) => part === b.madeFrom[i]));
}
