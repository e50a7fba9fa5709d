// A packet's way through the World by EC2's rules, asked step by step. Nothing here is derived from what a driver compiles.
//
//   sender: running? its groups, out
//   -> its subnet's route table -> the subnet's ACL, out
//        local      -> ACL in -> the receiver's groups, in
//        instance   -> ACL in -> the router instance's groups, in and out -> the route table of its subnet, and so on
//        peering    -> the other VPC, which delivers to its own addresses only: nothing passes on from there
//        gateway    -> the public side (public-side.ts)
//
// An answer goes the same way from the other end, but groups do not ask it: they remember the flow. ACLs remember nothing.
import type { Attachment } from "../model/attachment.ts";
import { cidrContainsAddress, type Ip } from "../model/cidr-any.ts";
import { allowedCidrs, viewOf, type Peering, type PeeringSide } from "../model/peering.ts";
import { findVpc, type Vpc } from "../model/world.ts";
import { addressesOf } from "./addresses-of.ts";
import { askRunning, deliver, type Arrival, type Walk } from "./deliver.ts";
import { passGroups } from "./groups-gate.ts";
import { nextHop } from "./next-hop.ts";
import type { Packet } from "./packet.ts";
import { leave } from "./public-side.ts";
import { Trail } from "./trail.ts";
import { edge, endOf, passBetween } from "./wire.ts";

/** `undefined`: it is not known where the packet would go, so nothing more can be said. */
export function walkFrom(walk: Walk, vpc: Vpc, origin: Attachment, packet: Packet): Arrival | undefined {
  const { world, trail, target, answers } = walk;
  askRunning(trail, vpc, origin, "sender");
  const passed: Attachment[] = [];
  for (let sender = origin; ; ) {
    // The groups are asked before the route, but must know where it leads.
    const routing = new Trail();
    const hop = nextHop(routing, world, vpc, sender.subnet, packet, target);
    const peer = hop.kind === "peering" ? viewOf(hop.peering, vpc.name)?.other.vpc : hop.kind === "unpeered" ? hop.other.name : undefined;
    if (answers === undefined) passGroups(trail, world, vpc, sender, packet, "egress", peer);
    trail.append(routing);
    switch (hop.kind) {
      case "nowhere":
        return undefined;
      case "local":
        return deliver(walk, vpc, endOf(sender), packet);
      case "peering":
        return cross(walk, vpc, sender, hop.peering, packet);
      case "unpeered":
        passBetween(trail, vpc, endOf(sender), edge, packet);
        return deliver(walk, hop.other, edge, packet, vpc.name);
      case "instance":
        // The way to it leads by itself: it is there.
        if (isItself(hop.router, packet)) return deliver(walk, vpc, endOf(sender), packet);
        if (!passRouter(walk, vpc, sender, hop.router, packet, passed)) return undefined;
        passed.push(hop.router);
        sender = hop.router;
        continue;
      default:
        return leave(walk, vpc, sender, hop, packet);
    }
  }
}

/** With its check on it is no router, and a route to it leads nowhere. */
const isItself = (router: Attachment, { destination }: Packet): boolean =>
  router.instance?.sourceDestCheck === false && addressesOf(router).includes(destination);

/** Through an instance that a route leads to. False when it comes back to one that it has passed. */
function passRouter({ world, trail, answers }: Walk, vpc: Vpc, sender: Attachment, router: Attachment, packet: Packet, passed: readonly Attachment[]): boolean {
  const at = `${vpc.name}/${router.path}`;
  const name = router.instance?.name ?? "";
  passBetween(trail, vpc, endOf(sender), endOf(router), packet);
  if (passed.some(({ path }) => path === router.path) || sender.path === router.path) {
    trail.stop(at, "router instance", "a loop", `The routes lead in a circle: ${packet.destination} comes back to instance ${name} of ${vpc.name}.`);
    return false;
  }
  if (answers?.calledFromOutside === true) {
    const change = `The answer cannot go by way of instance ${name} of ${vpc.name}: the call came in by the internet gateway, and its answer must leave by it directly.`;
    trail.stop(at, "router instance", "it does not know the flow", change);
  }
  if (router.instance?.sourceDestCheck === false) {
    trail.pass(at, "router instance", `${name} passes on what is not its own`);
  } else {
    const change = `Instance ${name} of ${vpc.name} drops what is not from or for itself: switch its source/destination check off.`;
    trail.stop(at, "router instance", "source/destination check is on", change);
  }
  if (answers !== undefined) return true;
  passGroups(trail, world, vpc, router, packet, "ingress");
  return true;
}

function cross(walk: Walk, vpc: Vpc, sender: Attachment, peering: Peering, packet: Packet): Arrival | undefined {
  const { world, trail } = walk;
  const sides = viewOf(peering, vpc.name);
  const other = sides && findVpc(world, sides.other.vpc);
  if (sides === undefined || other === undefined) return undefined;
  passBetween(trail, vpc, endOf(sender), edge, packet);
  askLimits(trail, peering, vpc, sides.own, packet.source);
  askLimits(trail, peering, other, sides.other, packet.destination);
  if (peering.status !== "active") {
    trail.stop(peering.name, "peering", "not accepted yet", `Peering ${peering.name} is not accepted yet.`);
  }
  return deliver(walk, other, edge, packet, vpc.name);
}

function askLimits(trail: Trail, { name }: Peering, vpc: Vpc, side: PeeringSide, address: Ip): void {
  const allowed = allowedCidrs(vpc, side);
  if (allowed.some((cidr) => cidrContainsAddress(cidr, address))) return trail.pass(name, "peering", `${address} of ${vpc.name} may use it`);
  const change = `Peering ${name} is limited on the side of ${vpc.name} to ${allowed.join(", ")}, which lacks ${address}.`;
  trail.stop(name, "peering", `${address} of ${vpc.name} may not use it`, change);
}
