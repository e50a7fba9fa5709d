// What never gets as far as a route: a place's own addresses, where no group, no ACL and no route table has a say. Link-local addresses are
// asked here too: nothing is routed to them.
import { cidrContainsAddress } from "../model/cidr-any.ts";
import { isIpv6, parseCidr6 } from "../model/cidr6.ts";
import { parseCidr4 } from "../model/cidr.ts";
import { addressesOf } from "./addresses-of.ts";
import type { Analysis } from "./analyze.ts";
import { askRunning } from "./deliver.ts";
import { sayPlace, type Place, type Target } from "./place.ts";
import { Trail } from "./trail.ts";

const linkLocal = { v4: parseCidr4("169.254.0.0/16"), v6: parseCidr6("fe80::/10") };

/** `undefined`: the address is further away, and the packet's way has to be walked. */
export function answerNearby(from: Extract<Place, { kind: "attachment" }>, { places, address }: Target): Analysis | undefined {
  const name = sayPlace(from);
  const trail = new Trail();
  if (addressesOf(from.attachment).includes(address) && places.every((place) => sayPlace(place) === name)) {
    askRunning(trail, from.vpc, from.attachment, "sender");
    trail.pass(name, "receiver", `${address} is its own: such a packet never leaves it`);
    return { from: name, to: name, address, reachable: trail.isClear, forward: trail.hops, answer: [], changes: trail.changes };
  }
  const range = isIpv6(address) ? linkLocal.v6 : linkLocal.v4;
  if (!cidrContainsAddress(range, address)) return undefined;
  trail.stop(name, "route", `${range} is link-local`, `${address} is link-local, and such addresses are never routed; no setting changes that.`);
  return { from: name, to: address, address, reachable: false, forward: trail.hops, answer: [], changes: trail.changes };
}
