// What an analysis has seen on a packet's way: each thing that was asked and what it said, and on a "no" what would have to change. The walk
// goes on after a "no" as though it had been a "yes", so that one answer names everything in the way and not only the first thing.

/** One thing on the way that has a say. */
export interface Hop {
  /** Where: `company-a/web/web1`, `company-a router`, `internet`. */
  readonly at: string;
  /** What was asked there. */
  readonly check: Check;
  readonly allowed: boolean;
  /** What decided, and how: one phrase. */
  readonly because: string;
}

export type Check =
  | "sender"
  | "egress groups"
  | "route"
  | "ACL out"
  | "ACL in"
  | "wire"
  | "peering"
  | "NAT gateway"
  | "internet gateway"
  | "uplink"
  | "router instance"
  | "ingress groups"
  | "receiver";

export class Trail {
  readonly hops: Hop[] = [];
  readonly changes: string[] = [];

  pass(at: string, check: Check, because: string): void {
    this.hops.push({ at, check, allowed: true, because });
  }

  /** `change`: a sentence that says what would have to change. The same change may be found on several hops; it is told once. */
  stop(at: string, check: Check, because: string, change: string): void {
    this.hops.push({ at, check, allowed: false, because });
    if (!this.changes.includes(change)) this.changes.push(change);
  }

  /** What another trail has seen, after what this one has. */
  append({ hops, changes }: Trail): void {
    this.hops.push(...hops);
    for (const change of changes) if (!this.changes.includes(change)) this.changes.push(change);
  }

  get isClear(): boolean {
    return this.hops.every(({ allowed }) => allowed);
  }
}
