// The entries of network ACLs: numbered, in two directions, each number once in its direction.
import { isIpv6 } from "../model/cidr6.ts";
import { VpcctlError } from "../model/errors.ts";
import { limits } from "../model/limits.ts";
import { requireNetworkAcl, requireVpc } from "../model/lookup.ts";
import { countOfFamily, sayAclEntry, type AclEntry, type NetworkAcl } from "../model/network-acl.ts";
import type { World } from "../model/world.ts";
import { parseAclEntry, parseAclEntryPlace, type AclDirection, type AclEntryInput, type AclEntryPlace } from "./parse-acl-entry.ts";
import { withNetworkAcl, withVpc } from "./replace.ts";

/**
 * Adds an entry. The very same again is no change.
 * Throws InvalidParameterValue, MissingParameter, InvalidVpcID.NotFound, InvalidNetworkAclID.NotFound, NetworkAclEntryAlreadyExists,
 * NetworkAclEntryLimitExceeded.
 */
export function createNetworkAclEntry(world: World, input: AclEntryInput): World {
  const { direction, entry } = parseAclEntry(input);
  const acl = requireNetworkAcl(requireVpc(world, input.vpc), input.acl);
  const entries = acl[direction];
  const existing = entries.find(({ number }) => number === entry.number);
  if (existing !== undefined) {
    if (sayAclEntry(existing) === sayAclEntry(entry)) return world;
    throw new VpcctlError({
      code: "NetworkAclEntryAlreadyExists",
      message: `Network ACL ${input.vpc}/${acl.name} has ${direction} entry ${entry.number} already: ${sayAclEntry(existing)}.`,
      hint: "Choose another number, or put it in the place of that one: vpcctl replace-network-acl-entry",
    });
  }
  return withEntries(world, input, acl, direction, withRoomFor(entry, entries, `Network ACL ${input.vpc}/${acl.name}`, direction));
}

/**
 * Puts an entry in the place of the one with its number. Throws as createNetworkAclEntry, and InvalidNetworkAclEntry.NotFound when there is
 * none.
 */
export function replaceNetworkAclEntry(world: World, input: AclEntryInput): World {
  const { direction, entry } = parseAclEntry(input);
  const acl = requireNetworkAcl(requireVpc(world, input.vpc), input.acl);
  const existing = acl[direction].find(({ number }) => number === entry.number);
  if (existing === undefined) {
    const numbers = acl[direction].map(({ number }) => number).join(", ");
    throw new VpcctlError({
      code: "InvalidNetworkAclEntry.NotFound",
      message: `Network ACL ${input.vpc}/${acl.name} has no ${direction} entry ${entry.number}.`,
      hint: numbers === "" ? "Add it: vpcctl create-network-acl-entry" : `There is ${numbers}. To add one: vpcctl create-network-acl-entry`,
    });
  }
  if (sayAclEntry(existing) === sayAclEntry(entry)) return world;
  const others = acl[direction].filter((other) => other !== existing);
  return withEntries(world, input, acl, direction, withRoomFor(entry, others, `Network ACL ${input.vpc}/${acl.name}`, direction));
}

/** The entries with one more. Throws NetworkAclEntryLimitExceeded when there are as many of its address family as can be. */
function withRoomFor(entry: AclEntry, others: readonly AclEntry[], acl: string, direction: AclDirection): readonly AclEntry[] {
  const ipv6 = isIpv6(entry.cidr);
  const count = countOfFamily(others, ipv6);
  if (count < limits.networkAclEntries.value) return [...others, entry];
  const message = `${acl} has ${count} ${direction} entries for ${ipv6 ? "IPv6" : "IPv4"}, the last (*) included, and no more fit.`;
  throw new VpcctlError({ code: "NetworkAclEntryLimitExceeded", message, hint: limits.networkAclEntries.why });
}

/**
 * Takes an entry away. One that does not exist is no change, so a delete can be run again.
 * Throws InvalidParameterValue, MissingParameter, InvalidVpcID.NotFound, InvalidNetworkAclID.NotFound.
 */
export function deleteNetworkAclEntry(world: World, place: AclEntryPlace): World {
  const { direction, number } = parseAclEntryPlace(place);
  const acl = requireNetworkAcl(requireVpc(world, place.vpc), place.acl);
  const others = acl[direction].filter((entry) => entry.number !== number);
  return others.length === acl[direction].length ? world : withEntries(world, place, acl, direction, others);
}

function withEntries(world: World, { vpc }: AclEntryPlace, acl: NetworkAcl, direction: AclDirection, entries: readonly AclEntry[]): World {
  const changed = { ...acl, [direction]: entries.toSorted((a, b) => a.number - b.number) };
  return withVpc(world, withNetworkAcl(requireVpc(world, vpc), changed));
}
