// A conversation with the kernel's routing subsystem (links, addresses, routes, rules, neighbours).
//
// The kernel works off a buffer of requests inside the send call, in order, and goes on after one that fails. It answers a failed
// request always and a successful one only when asked. So many requests travel in one send, only the last asks for an answer, and
// that answer proves that the silent ones before it succeeded. Answers find their request by sequence number.
//
// A socket belongs to the namespace it was opened in, wherever the thread is later: configuring a namespace needs one visit.
// The two big buffers are shared by all sockets; that is safe because every call here is synchronous and parsers keep only values.
import { constants } from "node:os";
import { KernelError } from "../errors.ts";
import { errno, socketCalls } from "../libc.ts";
import { createNamespaceAnd, inNamespace } from "../namespaces.ts";
import { Attributes } from "./attributes.ts";
import { MessageBuilder } from "./message-builder.ts";
import { NLM_F_ACK, NLM_F_DUMP, NLM_F_REQUEST, type Request } from "./request.ts";

const AF_NETLINK = 16;
const SOCK_RAW_CLOEXEC = 3 | 0o2000000;
const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const SOL_NETLINK = 270;
const NETLINK_CAP_ACK = 10;
const NETLINK_EXT_ACK = 11;
const NETLINK_GET_STRICT_CHK = 12;
const MSG_TRUNC = 0x20;

const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;
const NLM_F_DUMP_INTR = 0x10;
const NLM_F_CAPPED = 0x100;
const NLM_F_ACK_TLVS = 0x200;
const NLMSGERR_ATTR_MSG = 1;
const NLMSGERR_ATTR_OFFS = 2;
const HEADER = 16;

// A send ends after this many bytes or requests, so that the errors of all requests of one send (about 1.3 KiB each in the
// kernel's accounting) fit into a receive buffer of the default maximum (2 x 208 KiB).
const SEND_BYTES = 32 * 1024;
const SEND_REQUESTS = 256;
const RECEIVE_BUFFER = 1024 * 1024;
// A table that changes while it is read makes the kernel ask for another try. This many in a row means something is wrong.
const DUMP_TRIES = 20;

// One request may lie beyond SEND_BYTES; the largest is below 2 KiB.
const outgoing = new MessageBuilder(SEND_BYTES + 4096);
// The kernel fills at most 32 KiB per receive call in a dump.
let incoming = new Uint8Array(64 * 1024);
let incomingView = new DataView(incoming.buffer);

/** One message of a reply. Valid only inside the parser it is handed to. */
export interface Message {
  readonly type: number;
  readonly view: DataView;
  /** Where the fixed part starts. */
  readonly start: number;
  /** The attributes behind a fixed part of `size` bytes. */
  readonly attributes: (size: number) => Attributes;
}

export class RouteSocket {
  /** Name of the namespace it talks to; "" is the host's. */
  readonly namespace: string;
  readonly #fd: number;
  #sequence = 1;

  private constructor(namespace: string, fd: number) {
    this.namespace = namespace;
    this.#fd = fd;
  }

  /** Opens a socket in a namespace. Close it: the process may hold some thousand at a time. */
  static open(namespace = ""): RouteSocket {
    return inNamespace(namespace, () => RouteSocket.#openHere(namespace));
  }

  /** Makes a namespace and a socket in it with a single visit. Throws as `createNamespace` does. */
  static openInNewNamespace(namespace: string): RouteSocket {
    return createNamespaceAnd(namespace, () => RouteSocket.#openHere(namespace));
  }

  static #openHere(namespace: string): RouteSocket {
    const calls = socketCalls();
    const fd = calls.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, 0);
    if (fd < 0) throw new KernelError("open a netlink socket", namespace, errno());
    const option = new Int32Array([1]);
    calls.setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, option, 4);
    calls.setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, option, 4);
    calls.setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, option, 4);
    option[0] = RECEIVE_BUFFER;
    // Cut by the kernel to its maximum; enough by the arithmetic above.
    calls.setsockopt(fd, SOL_SOCKET, SO_RCVBUF, option, 4);
    return new RouteSocket(namespace, fd);
  }

  /**
   * Sends all requests, in order; a failed one does not stop those after it. Returns one entry per request: its error, or undefined.
   * Throws only when the conversation itself breaks.
   */
  transact(requests: readonly Request[]): (KernelError | undefined)[] {
    const errors = new Array<KernelError | undefined>(requests.length).fill(undefined);
    let first = 0;
    outgoing.clear();
    for (const [index, request] of requests.entries()) {
      outgoing.begin(request.type);
      request.write(outgoing);
      outgoing.end(NLM_F_REQUEST | request.flags, this.#sequence + index - first);
      const count = index + 1 - first;
      if (count < SEND_REQUESTS && outgoing.length < SEND_BYTES && index + 1 < requests.length) continue;
      outgoing.addFlags(NLM_F_ACK);
      this.#send(request);
      this.#collect(requests, first, count, errors);
      this.#sequence += count;
      first = index + 1;
      outgoing.clear();
    }
    return errors;
  }

  /** Like `transact`, but throws the first error; the requests after it have been carried out all the same. */
  demand(requests: readonly Request[]): void {
    for (const error of this.transact(requests)) if (error !== undefined) throw error;
  }

  /** Reads answers until that of the last request of the send, which always comes. */
  #collect(requests: readonly Request[], first: number, count: number, errors: (KernelError | undefined)[]): void {
    for (;;) {
      const length = this.#receive("read the kernel's answers");
      for (let at = 0; at + HEADER <= length; at += align(incomingView.getUint32(at, true))) {
        const offset = incomingView.getUint32(at + 8, true) - this.#sequence;
        const request = requests[first + offset];
        if (incomingView.getUint16(at + 4, true) !== NLMSG_ERROR || offset < 0 || offset >= count || request === undefined) continue;
        const number = -incomingView.getInt32(at + HEADER, true);
        if (number !== 0) errors[first + offset] = new KernelError(request.describe, this.namespace, number, explanation(at));
        if (offset === count - 1) return;
      }
    }
  }

  /** Asks for a list. `parse` is called per entry; entries for which it returns undefined are left out. */
  dump<T>(request: Request, parse: (message: Message) => T | undefined): T[] {
    for (let attempt = 1; ; attempt++) {
      const { entries, complete } = this.#tryDump(request, parse);
      if (complete) return entries;
      if (attempt === DUMP_TRIES) throw new KernelError(request.describe, this.namespace, constants.errno.EINTR);
    }
  }

  #tryDump<T>(request: Request, parse: (message: Message) => T | undefined): { entries: T[]; complete: boolean } {
    this.#sendOne(request, NLM_F_REQUEST | NLM_F_DUMP | request.flags);
    const entries: T[] = [];
    let complete = true;
    for (;;) {
      const size = incoming.length;
      const length = this.#receive(request.describe);
      if (incoming.length !== size) complete = false;
      for (let at = 0; at + HEADER <= length; at += align(incomingView.getUint32(at, true))) {
        if (incomingView.getUint32(at + 8, true) !== this.#sequence) continue;
        if ((incomingView.getUint16(at + 6, true) & NLM_F_DUMP_INTR) !== 0) complete = false;
        const type = incomingView.getUint16(at + 4, true);
        if (type === NLMSG_DONE || type === NLMSG_ERROR) {
          this.#sequence++;
          this.#throwIfFailed(request, at);
          return { entries, complete };
        }
        const entry = complete ? parse(message(type, at)) : undefined;
        if (entry !== undefined) entries.push(entry);
      }
    }
  }

  /** Asks for one object; undefined when the kernel says that there is none (ENODEV, ENOENT). */
  get<T>(request: Request, parse: (message: Message) => T | undefined): T | undefined {
    this.#sendOne(request, NLM_F_REQUEST | request.flags);
    this.#receive(request.describe);
    this.#sequence++;
    const type = incomingView.getUint16(4, true);
    if (type !== NLMSG_ERROR) return parse(message(type, 0));
    const number = -incomingView.getInt32(HEADER, true);
    if (number === constants.errno.ENODEV || number === constants.errno.ENOENT) return undefined;
    throw new KernelError(request.describe, this.namespace, number, explanation(0));
  }

  #sendOne(request: Request, flags: number): void {
    outgoing.clear();
    outgoing.begin(request.type);
    request.write(outgoing);
    outgoing.end(flags, this.#sequence);
    this.#send(request);
  }

  #send(request: Request): void {
    if (socketCalls().send(this.#fd, outgoing.bytes, outgoing.length, 0) < 0) {
      throw new KernelError(request.describe, this.namespace, errno());
    }
  }

  /** Returns the number of bytes in `incoming`; 0, and a larger `incoming`, when the data did not fit and is lost. */
  #receive(operation: string): number {
    for (;;) {
      const length = socketCalls().recv(this.#fd, incoming, incoming.length, MSG_TRUNC);
      if (length >= 0 && length <= incoming.length) return length;
      if (length > incoming.length) {
        incoming = new Uint8Array(2 * length);
        incomingView = new DataView(incoming.buffer);
        return 0;
      }
      const number = errno();
      if (number !== constants.errno.EINTR) throw new KernelError(operation, this.namespace, number);
    }
  }

  /** A list ends with an errno (0 or negative) in a DONE or ERROR message. */
  #throwIfFailed(request: Request, at: number): void {
    const number = -incomingView.getInt32(at + HEADER, true);
    if (number !== 0) throw new KernelError(request.describe, this.namespace, number, explanation(at));
  }

  close(): void {
    socketCalls().close(this.#fd);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** Makes a namespace and hands back an open socket in it, for the price of one visit. Throws as `createNamespace` does. */
export function createNamespaceWithSocket(name: string): RouteSocket {
  return RouteSocket.openInNewNamespace(name);
}

function align(length: number): number {
  return (length + 3) & ~3;
}

function message(type: number, at: number): Message {
  const view = incomingView;
  const start = at + HEADER;
  const end = at + view.getUint32(at, true);
  return { type, view, start, attributes: (size) => new Attributes(view, start + size, end) };
}

/** The kernel's own words about an error (extended ack), if it gave any. */
function explanation(at: number): string | undefined {
  const flags = incomingView.getUint16(at + 6, true);
  if ((flags & NLM_F_ACK_TLVS) === 0) return undefined;
  const end = at + incomingView.getUint32(at, true);
  const isDone = incomingView.getUint16(at + 4, true) === NLMSG_DONE;
  // Behind the errno comes the request: only its header when capped. The end of a list carries the errno alone.
  const request = (flags & NLM_F_CAPPED) !== 0 ? HEADER : align(incomingView.getUint32(at + HEADER + 4, true));
  const words = new Attributes(incomingView, at + HEADER + 4 + (isDone ? 0 : request), end);
  const offset = words.u32(NLMSGERR_ATTR_OFFS);
  const text = words.string(NLMSGERR_ATTR_MSG);
  return text ?? (offset === undefined ? undefined : `the kernel rejects the attribute at byte ${offset} of the request`);
}
