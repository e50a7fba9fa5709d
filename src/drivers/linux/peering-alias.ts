// The alias of the accepter's end of a peering's link: which VPC's router the wire comes from. The requester's end has none, and so the
// two ends tell each other apart.
import { ownershipWord } from "./names.ts";

export const peeringAlias = (requester: string): string => `${ownershipWord} peering from ${requester}`;

/** The VPC that asked for the peering; `undefined` when the text is not such an alias. */
export function parsePeeringAlias(alias: string | undefined): string | undefined {
  return /^vpcctl peering from ([a-z0-9-]+)$/.exec(alias ?? "")?.[1];
}

/** Is it the accepter's end of a peering's link? */
export const isPeeringEnd = ({ alias }: { readonly alias?: string }): boolean => parsePeeringAlias(alias) !== undefined;
