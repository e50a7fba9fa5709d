// What never gets as far as a route: a place's own addresses, where no group, no ACL and no route table has a say. Link-local addresses are
// asked here too: nothing is routed to them.
import { serviceRange6 } from "../model/addresses6.ts";
import { cidrContainsAddress, type Cidr } from "../model/cidr-any.ts";
import { literalCidr6 } from "../model/cidr6.ts";
import { literalCidr4 } from "../model/cidr.ts";
import { addressesOf } from "./addresses-of.ts";
import type { Analysis } from "./analyze.ts";
import { askRunning } from "./deliver.ts";
import { sayPlace, type Place, type Target } from "./place.ts";
import { Trail } from "./trail.ts";

/** Routed to by no table. A VPC of an older version may have a part of EC2's range; there it is local. */
const never: readonly { readonly range: Cidr; readonly what: string }[] = [
  { range: literalCidr4("169.254.0.0/16"), what: "link-local" },
  { range: literalCidr6("fe80::/10"), what: "link-local" },
  { range: serviceRange6, what: "of EC2's own services" },
];

/** `undefined`: the address is further away, and the packet's way has to be walked. */
export function answerNearby(from: Extract<Place, { kind: "attachment" }>, { places, address }: Target): Analysis | undefined {
  const name = sayPlace(from);
  const trail = new Trail();
  if (addressesOf(from.attachment).includes(address) && places.every((place) => sayPlace(place) === name)) {
    askRunning(trail, from.vpc, from.attachment, "sender");
    trail.pass(name, "receiver", `${address} is its own: such a packet never leaves it`);
    return { from: name, to: name, address, reachable: trail.isClear, forward: trail.hops, answer: [], changes: trail.changes };
  }
  const found = never.find(({ range }) => cidrContainsAddress(range, address));
  if (found === undefined || (found.range === serviceRange6 && places.some(({ kind }) => kind === "attachment"))) return undefined;
  trail.stop(name, "route", `${found.range} is ${found.what}`, `${address} is ${found.what}, and such addresses are never routed; no setting changes that.`);
  return { from: name, to: address, address, reachable: false, forward: trail.hops, answer: [], changes: trail.changes };
}
