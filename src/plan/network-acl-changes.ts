import { defaultAcl, sayAclEntry, untouchedDefaultAcl, type NetworkAcl } from "../model/network-acl.ts";
import type { Subnet, Vpc } from "../model/world.ts";
import type { Change } from "./change.ts";
import { change, differing } from "./differences.ts";

/** What changed about the network ACLs of a VPC, entry by entry. */
export function* networkAclChanges(vpc: string, before: Vpc | undefined, after: Vpc | undefined): Generator<Change> {
  for (const [old, now, name] of differing(before?.networkAcls, after?.networkAcls)) {
    const subject = `network ACL ${vpc}/${name}`;
    // `default` comes and goes with its VPC, so it is never news that it exists.
    if (name !== defaultAcl) yield* change(subject, old && "denies what no entry allows", now && "denies what no entry allows");
    const standIn = name === defaultAcl && before !== undefined && after !== undefined ? untouchedDefaultAcl : undefined;
    if (now !== undefined || standIn !== undefined) yield* entryChanges(`network ACL entry ${vpc}/${name}`, old ?? standIn, now ?? standIn);
  }
}

function* entryChanges(subject: string, before: NetworkAcl | undefined, after: NetworkAcl | undefined): Generator<Change> {
  for (const direction of ["ingress", "egress"] as const) {
    const [old, now] = [before, after].map((acl) => new Map(acl?.[direction].map((entry) => [entry.number, sayAclEntry(entry)])));
    const numbers = new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])]);
    for (const number of [...numbers].toSorted((a, b) => a - b)) yield* change(`${subject} ${direction} ${number}`, old?.get(number), now?.get(number));
  }
}

/** Which network ACL a subnet is associated with, in words. */
export const networkAclText = ({ networkAcl = defaultAcl }: Subnet): string => `network ACL ${networkAcl}`;
