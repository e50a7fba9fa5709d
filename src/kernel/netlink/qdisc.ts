// Traffic control: where packets wait before they leave a link. A queueing discipline (qdisc) is at the root of a link or of a class;
// HTB is one with classes, each with a rate of its own, in a tree.
//
// Bytes per second and bytes, as the kernel counts; times in its ticks of 64 ns (PSCHED_SHIFT in net/pkt_sched.h).
import type { MessageBuilder } from "./message-builder.ts";
import type { Message } from "./receive-buffer.ts";
import { NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE, type Request } from "./request.ts";
import type { RouteSocket } from "./route-socket.ts";

/** How the packets of a class wait: in one queue of so many bytes, or in a network that does not exist (netem). */
export type LeafQueue =
  | { readonly kind: "bfifo"; readonly bytes: number }
  | { readonly kind: "netem"; readonly latency: number; readonly jitter: number; readonly loss: number; readonly packets: number };

export interface HtbClass {
  /** Index of the link. */
  readonly link: number;
  readonly minor: number;
  /** Minor number of the class it is in; absent: of none. */
  readonly parent?: number;
  readonly rate: number;
  readonly ceil: number;
  /** How long, in ticks, it may go on at full speed after a pause. */
  readonly burst: number;
}

const RTM_NEWQDISC = 36;
const RTM_DELQDISC = 37;
const RTM_GETQDISC = 38;
const RTM_NEWTCLASS = 40;
const RTM_DELTCLASS = 41;
const RTM_GETTCLASS = 42;
const TC_H_ROOT = 0xffff_ffff;
const TCA_KIND = 1;
const TCA_OPTIONS = 2;
const TCA_HTB_PARMS = 1;
const TCA_HTB_INIT = 2;
const HTB_VERSION = 3;
const TC_LINKLAYER_ETHERNET = 1;
/** struct tcmsg. */
const HEADER = 20;

/** All classes are in the one HTB of their link: 1:. */
const major = 1;
const classId = (minor: number): number => major * 0x10000 + minor;

function header(into: MessageBuilder, link: number, handle: number, parent: number): void {
  for (const word of [0, link, handle, parent, 0]) into.word(word);
}

/** HTB at the root of a link. What belongs to no class passes it unhindered. Fails with EEXIST where one is. */
export function newHtb(link: number): Request {
  return {
    type: RTM_NEWQDISC,
    flags: NLM_F_CREATE | NLM_F_EXCL,
    describe: "put HTB on a link",
    write(into) {
      header(into, link, classId(0), TC_H_ROOT);
      into.string(TCA_KIND, "htb");
      const options = into.nest(TCA_OPTIONS);
      // struct tc_htb_glob: version, what divides a rate to a quantum, default class, debug, direct packets.
      const init = into.structure(TCA_HTB_INIT);
      for (const word of [HTB_VERSION, 10, 0, 0, 0]) into.word(word);
      into.endNest(init);
      into.endNest(options);
    },
  };
}

/** A network that does not exist, at the root of a link, with nothing wrong with it: to see whether the kernel can. */
export function newNetem(link: number): Request {
  return {
    type: RTM_NEWQDISC,
    flags: NLM_F_CREATE | NLM_F_EXCL,
    describe: "add a netem queue",
    write(into) {
      header(into, link, 0, TC_H_ROOT);
      into.string(TCA_KIND, "netem");
      netemOptions(into, { latency: 0, packets: 1000, loss: 0, jitter: 0 });
    },
  };
}

/** struct tc_netem_qopt: latency, limit, loss, gap, duplicate, jitter. */
function netemOptions(into: MessageBuilder, { latency, packets, loss, jitter }: Omit<Extract<LeafQueue, { kind: "netem" }>, "kind">): void {
  const options = into.structure(TCA_OPTIONS);
  for (const word of [latency, packets, loss, 0, 0, jitter]) into.word(word);
  into.endNest(options);
}

/** Takes it away with all its classes; the link has the default again. */
export function deleteRootQdisc(link: number): Request {
  return { type: RTM_DELQDISC, flags: 0, describe: "take HTB from a link", write: (into) => header(into, link, 0, TC_H_ROOT) };
}

/** Fails with EEXIST when there is one of that number. */
export const newClass = (o: HtbClass): Request => classRequest(o, NLM_F_CREATE | NLM_F_EXCL);
/** Same number and same parent, another rate. */
export const changeClass = (o: HtbClass): Request => classRequest(o, 0);

/** Bytes that one class may send before its neighbour's turn: a few packets. */
const QUANTUM = 10_000;

function classRequest(o: HtbClass, flags: number): Request {
  return {
    type: RTM_NEWTCLASS,
    flags,
    describe: `limit class 1:${o.minor.toString(16)}`,
    write(into) {
      header(into, o.link, classId(o.minor), o.parent === undefined ? classId(0) : classId(o.parent));
      into.string(TCA_KIND, "htb");
      const options = into.nest(TCA_OPTIONS);
      const parameters = into.structure(TCA_HTB_PARMS);
      for (const rate of [o.rate, o.ceil]) {
        // struct tc_ratespec: cell log, link layer (named, or the kernel asks for a table), overhead, cell align, smallest packet, rate.
        into.byte(0);
        into.byte(TC_LINKLAYER_ETHERNET);
        for (let field = 0; field < 3; field++) into.short(0);
        into.word(rate);
      }
      // Rest of struct tc_htb_opt: burst, burst at the ceiling, quantum, level, priority.
      for (const word of [o.burst, o.burst, QUANTUM, 0, 0]) into.word(word);
      into.endNest(parameters);
      into.endNest(options);
    },
  };
}

/** A class with its queue. Fails with EBUSY while other classes are in it. */
export function deleteClass(link: number, minor: number): Request {
  return { type: RTM_DELTCLASS, flags: 0, describe: `remove class 1:${minor.toString(16)}`, write: (into) => header(into, link, classId(minor), 0) };
}

/** The queue of a class, in place of the one it has. */
export function setLeafQueue(link: number, minor: number, queue: LeafQueue): Request {
  return {
    type: RTM_NEWQDISC,
    flags: NLM_F_CREATE | NLM_F_REPLACE,
    describe: `put ${queue.kind} in class 1:${minor.toString(16)}`,
    write(into) {
      // Its handle is the number of its class, which no other on the link has; 1 is the root's.
      header(into, link, minor * 0x10000, classId(minor));
      into.string(TCA_KIND, queue.kind);
      if (queue.kind === "bfifo") into.u32(TCA_OPTIONS, queue.bytes);
      else netemOptions(into, queue);
    },
  };
}

export interface QdiscState {
  readonly link: number;
  readonly kind: string;
  /** Absent at the root of its link. */
  readonly minor?: number;
  /** Of the kinds that we make. */
  readonly queue?: LeafQueue;
}

/** Every qdisc of the namespace that somebody put there. */
export function dumpQdiscs(socket: RouteSocket): QdiscState[] {
  return socket.dump({ type: RTM_GETQDISC, flags: 0, describe: "list qdiscs", write: (into) => header(into, 0, 0, 0) }, parseQdisc);
}

function parseQdisc(message: Message): QdiscState | undefined {
  const { type, view, start } = message;
  // The kernel's own have no handle.
  if (type !== RTM_NEWQDISC || view.getUint32(start + 8, true) === 0) return undefined;
  const all = message.attributes(HEADER);
  const kind = all.string(TCA_KIND) ?? "";
  const parent = view.getUint32(start + 12, true);
  const word = (at: number): number => all.wordAt(TCA_OPTIONS, at) ?? 0;
  const queue: LeafQueue | undefined =
    kind === "bfifo" ? { kind, bytes: word(0) } : kind === "netem" ? { kind, latency: word(0), packets: word(1), loss: word(2), jitter: word(5) } : undefined;
  const place = parent === TC_H_ROOT ? {} : { minor: parent & 0xffff };
  return { link: view.getInt32(start + 4, true), kind, ...place, ...(queue === undefined ? {} : { queue }) };
}

/** The classes of a link's HTB. */
export function dumpClasses(socket: RouteSocket, link: number): Omit<HtbClass, "burst">[] {
  return socket.dump({ type: RTM_GETTCLASS, flags: 0, describe: "list classes", write: (into) => header(into, link, 0, 0) }, (message) => parseClass(message, link));
}

function parseClass(message: Message, link: number): Omit<HtbClass, "burst"> | undefined {
  const { type, view, start } = message;
  const all = message.attributes(HEADER);
  if (type !== RTM_NEWTCLASS || all.string(TCA_KIND) !== "htb") return undefined;
  const parent = view.getUint32(start + 12, true);
  const parameters = all.nested(TCA_OPTIONS);
  return {
    link,
    minor: view.getUint32(start + 8, true) & 0xffff,
    ...(parent === TC_H_ROOT ? {} : { parent: parent & 0xffff }),
    // Words 2 and 5 of struct tc_htb_opt.
    rate: parameters?.wordAt(TCA_HTB_PARMS, 2) ?? 0,
    ceil: parameters?.wordAt(TCA_HTB_PARMS, 5) ?? 0,
  };
}
