import { VpcctlError } from "../model/errors.ts";
import { quote } from "../model/quote.ts";
import type { Vpc, World } from "../model/world.ts";
import { nearest } from "./nearest.ts";

/** The VPC of that name. Throws InvalidVpcID.NotFound and guesses what was meant. */
export function requireVpc(world: World, name: string): Vpc {
  // A name comes from outside: `constructor` must not find what every object inherits.
  const vpc = Object.hasOwn(world.vpcs, name) ? world.vpcs[name] : undefined;
  if (vpc !== undefined) return vpc;
  const guess = nearest(name, Object.keys(world.vpcs));
  throw new VpcctlError({
    code: "InvalidVpcID.NotFound",
    message: `There is no VPC ${quote(name)}.`,
    hint: guess === undefined ? "See what exists: vpcctl list" : `Did you mean ${guess}? See what exists: vpcctl list`,
  });
}
