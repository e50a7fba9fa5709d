// A conversation with the kernel's routing subsystem (links, addresses, routes, rules, neighbours).
//
// The kernel works off a buffer of requests inside the send call, in order, and goes on after one that fails. It answers a failed
// request always and a successful one only when asked. So many requests travel in one send, only the last asks for an answer, and
// that answer proves that the silent ones before it succeeded. Answers find their request by sequence number.
//
// A socket belongs to the namespace it was opened in, wherever the thread is later: configuring a namespace needs one visit.
// The buffers are shared by all sockets: every call here is synchronous.
import { EINTR, ENODEV, ENOENT } from "../errno.ts";
import { KernelError } from "../errors.ts";
import { leaveToKernel } from "../leave-to-kernel.ts";
import { errno, socketCalls } from "../libc.ts";
import { adoptNamespaceAnd, createNamespaceAnd, inNamespace, type ProcessPlace } from "../namespaces.ts";
import { MessageBuilder } from "./message-builder.ts";
import { NETLINK_NETFILTER } from "./nfnetlink.ts";
import { openNetlink } from "./open-netlink.ts";
import { type Message, NLMSG_DONE, NLMSG_ERROR, receive } from "./receive-buffer.ts";
import { NLM_F_ACK, NLM_F_DUMP, NLM_F_REQUEST, type Request } from "./request.ts";

const NETLINK_ROUTE = 0;

// A send ends after this many bytes or requests, so that the errors of all requests of one send (about 1.3 KiB each in the
// kernel's accounting) fit into a receive buffer of the default maximum (2 x 208 KiB).
const SEND_BYTES = 32 * 1024;
const SEND_REQUESTS = 256;
// A table that changes while it is read makes the kernel ask for another try. This many in a row means something is wrong.
const DUMP_TRIES = 20;

// One request may lie beyond SEND_BYTES; the largest is below 2 KiB.
const outgoing = new MessageBuilder(SEND_BYTES + 4096);

export class RouteSocket {
  /** Name of the namespace it talks to; "" is the host's. */
  readonly namespace: string;
  readonly #fd: number;
  readonly #protocol: number;
  #sequence = 1;

  private constructor(namespace: string, protocol = NETLINK_ROUTE) {
    this.namespace = namespace;
    this.#protocol = protocol;
    this.#fd = openNetlink(namespace, protocol);
  }

  /** Opens a socket in a namespace; `protocol`: to another of the kernel's subsystems. Close it: the process may hold some thousand at a time. */
  static open(namespace = "", protocol = NETLINK_ROUTE): RouteSocket {
    return inNamespace(namespace, () => new RouteSocket(namespace, protocol));
  }

  /** Makes a namespace, or names that of a process, and a socket in it; `prepare` runs before it has the name. Throws as the makers do. */
  static openInNewNamespace(namespace: string, prepare?: (socket: RouteSocket) => void, of?: ProcessPlace): RouteSocket {
    const open = (): RouteSocket => {
      const socket = new RouteSocket(namespace);
      try {
        prepare?.(socket);
        return socket;
      } catch (error) {
        socket.close();
        throw error;
      }
    };
    return of === undefined ? createNamespaceAnd(namespace, open) : adoptNamespaceAnd(namespace, of, open);
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
      for (const message of receive(this.#fd, "read the kernel's answers", this.namespace).messages) {
        const offset = message.sequence - this.#sequence;
        const request = requests[first + offset];
        if (message.type !== NLMSG_ERROR || offset < 0 || offset >= count || request === undefined) continue;
        if (message.errno !== 0) errors[first + offset] = this.#error(request, message);
        if (offset === count - 1) return;
      }
    }
  }

  #error(request: Request, message: Message): KernelError {
    return new KernelError(request.describe, this.namespace, message.errno, message.explanation);
  }

  /** Asks for a list. `parse` is called per entry; entries for which it returns undefined are left out. */
  dump<T>(request: Request, parse: (message: Message) => T | undefined): T[] {
    for (let attempt = 1; ; attempt++) {
      const { entries, complete } = this.#tryDump(request, parse);
      if (complete) return entries;
      if (attempt === DUMP_TRIES) throw new KernelError(request.describe, this.namespace, EINTR);
    }
  }

  #tryDump<T>(request: Request, parse: (message: Message) => T | undefined): { entries: T[]; complete: boolean } {
    const sequence = this.#sendOne(request, NLM_F_DUMP);
    const entries: T[] = [];
    let complete = true;
    for (;;) {
      const { lost, messages } = receive(this.#fd, request.describe, this.namespace);
      if (lost) complete = false;
      for (const message of messages) {
        if (message.sequence !== sequence) continue;
        if (message.isInconsistent) complete = false;
        if (message.type === NLMSG_DONE || message.type === NLMSG_ERROR) {
          if (message.errno !== 0) throw this.#error(request, message);
          return { entries, complete };
        }
        const entry = complete ? parse(message) : undefined;
        if (entry !== undefined) entries.push(entry);
      }
    }
  }

  /** Asks for one object; undefined when the kernel says that there is none (ENODEV, ENOENT). */
  get<T>(request: Request, parse: (message: Message) => T | undefined): T | undefined {
    let sequence = this.#sendOne(request, 0);
    for (;;) {
      const { lost, messages } = receive(this.#fd, request.describe, this.namespace);
      // An answer that an earlier, failed conversation left behind is passed over: to ask again would leave one behind each time.
      if (lost) sequence = this.#sendOne(request, 0);
      const message = messages.find((candidate) => candidate.sequence === sequence);
      if (message === undefined) continue;
      if (message.type !== NLMSG_ERROR) return parse(message);
      if (message.errno === ENODEV || message.errno === ENOENT) return undefined;
      throw this.#error(request, message);
    }
  }

  #sendOne(request: Request, flags: number): number {
    const sequence = this.#sequence++;
    outgoing.clear();
    outgoing.begin(request.type);
    request.write(outgoing);
    outgoing.end(NLM_F_REQUEST | request.flags | flags, sequence);
    this.#send(request);
    return sequence;
  }

  #send(request: Request): void {
    if (socketCalls().send(this.#fd, outgoing.bytes, outgoing.length, 0) < 0) {
      throw new KernelError(request.describe, this.namespace, errno());
    }
  }

  close(): void {
    // As the sockets of transactions (change-sets.ts): the close of one of netfilter waits for what any of them took away a moment ago.
    if (this.#protocol === NETLINK_NETFILTER) leaveToKernel(this.#fd);
    else socketCalls().close(this.#fd);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** Makes a namespace and hands back an open socket in it, for the price of one visit. Throws as `createNamespace` does. */
export function createNamespaceWithSocket(name: string, prepare?: (socket: RouteSocket) => void): RouteSocket {
  return RouteSocket.openInNewNamespace(name, prepare);
}
