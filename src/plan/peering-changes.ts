import type { Peering, PeeringSide } from "../model/peering.ts";
import type { Vpc, World } from "../model/world.ts";
import type { Change } from "./change.ts";
import { change, differing } from "./differences.ts";

/** Peerings that came, went or were accepted. They belong to two VPCs, so to none. */
export function* peeringChanges(before: World, after: World): Generator<Change> {
  for (const [old, now, name] of differing(before.peerings, after.peerings)) {
    yield* change(`peering ${name}`, peeringText(old), peeringText(now), old?.number !== now?.number);
  }
}

function peeringText(peering: Peering | undefined): string | undefined {
  if (peering === undefined) return undefined;
  const { requester, accepter, status } = peering;
  return `${sideText(requester)} and ${sideText(accepter)}, ${status}`;
}

const sideText = ({ vpc, cidrs }: PeeringSide): string => (cidrs === undefined ? vpc : `${vpc} (only ${cidrs.join(", ")})`);

/** CIDRs of a VPC besides its first. They come and go with the VPC in one line each. */
export function* secondaryCidrChanges(vpc: string, before: Vpc | undefined, after: Vpc | undefined): Generator<Change> {
  const [old, now] = [before?.secondaryCidrs ?? [], after?.secondaryCidrs ?? []];
  if (old === now) return;
  for (const cidr of now) if (!old.includes(cidr)) yield { action: "create", subject: `CIDR of VPC ${vpc}`, detail: cidr };
  for (const cidr of old) if (!now.includes(cidr)) yield { action: "delete", subject: `CIDR of VPC ${vpc}`, detail: cidr };
}
