import type { Subnet, Vpc } from "../model/world.ts";
import type { Change } from "./change.ts";
import { change, differing } from "./differences.ts";

/** What changed about the IPv6 of a VPC: its block, and that of subnets which were there before and are there now. */
export function* ipv6Changes(vpc: string, before: Vpc | undefined, after: Vpc | undefined): Generator<Change> {
  yield* change(`IPv6 block of VPC ${vpc}`, before?.ipv6Cidr, after?.ipv6Cidr);
  if (before?.ipv6Cidr === undefined && after?.ipv6Cidr === undefined) return;
  for (const [old, now, name] of differing<Subnet>(before?.subnets, after?.subnets)) {
    yield* change(`IPv6 block of subnet ${vpc}/${name}`, old?.ipv6Cidr, now?.ipv6Cidr);
  }
}
