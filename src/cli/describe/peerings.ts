// The peerings of a VPC, as it sees them.
import type { VpcLayout } from "../../drivers/driver.ts";
import { allowedCidrs, peeringsOf, type PeeringView } from "../../model/peering.ts";
import { findVpc, type Vpc, type World } from "../../model/world.ts";

/** Rows for `describe`; none where there are none. */
export function peeringRows(world: World, vpc: Vpc, layout: VpcLayout): string[][] {
  const views = peeringsOf(world, vpc.name);
  if (views.length === 0) return [];
  const rows = views.map((view, at) => [`│  ${at === views.length - 1 ? "└─" : "├─"} ${view.peering.name}`, `${sideText(world, view)}, ${stateText(view, layout)}`]);
  return [["├─ peerings"], ...rows];
}

function sideText(world: World, { own, other }: PeeringView): string {
  const there = blocksThere(world, other.vpc, other).join(", ");
  return `with ${other.vpc} (${other.cidrs === undefined ? "" : "only "}${there})${own.cidrs === undefined ? "" : ` from ${own.cidrs.join(", ")} only`}`;
}

function stateText({ peering }: PeeringView, layout: VpcLayout): string {
  const place = layout.peerings?.[peering.name];
  if (peering.status !== "active") return `to be accepted: vpcctl accept-peering ${peering.name}`;
  return place === undefined ? "active" : `active: ${place.link} (${place.address}) to ${place.peerAddress}`;
}

function blocksThere(world: World, name: string, side: PeeringView["other"]): readonly string[] {
  const vpc = findVpc(world, name);
  return vpc === undefined ? [] : allowedCidrs(vpc, side);
}

/** For --json. */
export const peeringsJson = (world: World, vpc: Vpc): object[] =>
  peeringsOf(world, vpc.name).map(({ peering, own, other }) => ({
    name: peering.name,
    status: peering.status,
    role: own === peering.requester ? "requester" : "accepter",
    vpc: other.vpc,
    cidrs: blocksThere(world, other.vpc, other),
    ownCidrs: allowedCidrs(vpc, own),
  }));
