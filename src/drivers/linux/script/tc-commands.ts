// The `tc` lines of what makes packets wait.
import { ip } from "./ip-commands.ts";
import type { HtbObject, IfbObject, LeafQueue, ShapeClassObject } from "../objects/shaping.ts";
import { burstTicks } from "../shaping-units.ts";

const tc = (namespace: string, rest: string): string => `tc -n ${namespace} ${rest}`;
const classId = (minor: number): string => `1:${minor.toString(16)}`;

export const addIfb = ({ namespace, link, index, mac }: IfbObject): string[] => [
  ip(namespace, `link add ${link} index ${index} address ${mac} type ifb`),
  ip(namespace, `link set ${link} up`),
];

export const htb = (verb: "add" | "del", { namespace, link }: HtbObject): string[] => [
  tc(namespace, verb === "add" ? `qdisc add dev ${link} root handle 1: htb` : `qdisc del dev ${link} root`),
];

export function shapeClass(verb: "add" | "change", o: ShapeClassObject): string[] {
  const parent = o.parent === undefined ? "1:" : classId(o.parent);
  const bytes = (rate: number): number => Math.ceil((rate * burstTicks(o.ceil) * 64) / 1e9);
  const rates = `rate ${o.rate}bps ceil ${o.ceil}bps burst ${bytes(o.rate)}b cburst ${bytes(o.ceil)}b quantum 10000`;
  const line = `class ${verb} dev ${o.link} parent ${parent} classid ${classId(o.minor)} htb ${rates}`;
  const queue = o.queue === undefined ? [] : [`qdisc replace dev ${o.link} parent ${classId(o.minor)} handle ${o.minor.toString(16)}: ${queueText(o.queue)}`];
  return [line, ...queue].map((rest) => tc(o.namespace, rest));
}

export const deleteClass = (o: ShapeClassObject): string[] => [tc(o.namespace, `class del dev ${o.link} classid ${classId(o.minor)}`)];

function queueText(queue: LeafQueue): string {
  if (queue.kind === "bfifo") return `bfifo limit ${queue.bytes}b`;
  const microseconds = (ticks: number): string => `${(ticks * 64) / 1000}us`;
  return `netem limit ${queue.packets} delay ${microseconds(queue.latency)} ${microseconds(queue.jitter)} loss ${(100 * queue.loss) / 0xffff_ffff}%`;
}
