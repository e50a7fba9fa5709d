// What makes packets wait, as netlink requests.
import { deleteLink, newIfb, setLink } from "../../../kernel/netlink/link.ts";
import { changeClass, deleteClass, deleteRootQdisc, newClass, newHtb, setLeafQueue } from "../../../kernel/netlink/qdisc.ts";
import type { Request } from "../../../kernel/netlink/request.ts";
import type { HtbObject, IfbObject, ShapeClassObject } from "../objects/shaping.ts";
import { burstTicks } from "../shaping-units.ts";

export type ShapingObject = IfbObject | HtbObject | ShapeClassObject;

export function addShaping(o: ShapingObject): Request[] {
  if (o.kind === "ifb") return [newIfb({ name: o.link, index: o.index, mac: o.mac }), setLink({ name: o.link, up: true })];
  return o.kind === "htb" ? [newHtb(o.index)] : [newClass(classOf(o)), ...queueRequests(o)];
}

export function deleteShaping(o: ShapingObject): Request[] {
  if (o.kind === "ifb") return [deleteLink({ name: o.link })];
  return o.kind === "htb" ? [deleteRootQdisc(o.index)] : [deleteClass(o.index, o.minor)];
}

/** A class that stays where it is keeps its packets, and may have others in it; one that moves is made anew. */
export function changeShaping(o: ShapingObject, previous: ShapingObject): Request[] {
  const stays = o.kind === "shape-class" && previous.kind === "shape-class" && o.parent === previous.parent;
  return stays ? [changeClass(classOf(o)), ...queueRequests(o)] : [...deleteShaping(previous), ...addShaping(o)];
}

const queueRequests = (o: ShapeClassObject): Request[] => (o.queue === undefined ? [] : [setLeafQueue(o.index, o.minor, o.queue)]);

function classOf({ index, minor, parent, rate, ceil }: ShapeClassObject) {
  return { link: index, minor, ...(parent === undefined ? {} : { parent }), rate, ceil, burst: burstTicks(ceil) };
}
