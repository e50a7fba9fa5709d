// What the kernel sends back, read in place. One buffer serves all sockets: every call is synchronous, and parsers keep only values.
import { EINTR } from "../errno.ts";
import { KernelError } from "../errors.ts";
import { errno, socketCalls } from "../libc.ts";
import { Attributes } from "./attributes.ts";

export const NLMSG_ERROR = 2;
export const NLMSG_DONE = 3;

const HEADER = 16;
const MSG_TRUNC = 0x20;
const NLM_F_DUMP_INTR = 0x10;
const NLM_F_CAPPED = 0x100;
const NLM_F_ACK_TLVS = 0x200;
const NLMSGERR_ATTR_MSG = 1;
const NLMSGERR_ATTR_OFFS = 2;

// The kernel fills at most 32 KiB per receive call in a dump, unless one entry is larger than that.
let bytes = new Uint8Array(64 * 1024);
let view = new DataView(bytes.buffer);

/** One message as received. Valid only until the next receive: keep values, not the message. */
export class Message {
  readonly view: DataView;
  readonly #at: number;

  constructor(view: DataView, at: number) {
    this.view = view;
    this.#at = at;
  }

  get type(): number {
    return this.view.getUint16(this.#at + 4, true);
  }

  get sequence(): number {
    return this.view.getUint32(this.#at + 8, true);
  }

  /** Where the fixed part starts. */
  get start(): number {
    return this.#at + HEADER;
  }

  /** The list changed while the kernel read it out. */
  get isInconsistent(): boolean {
    return (this.#flags & NLM_F_DUMP_INTR) !== 0;
  }

  get #flags(): number {
    return this.view.getUint16(this.#at + 6, true);
  }

  get #end(): number {
    return this.#at + this.view.getUint32(this.#at, true);
  }

  /** The attributes behind a fixed part of `size` bytes. */
  attributes(size: number): Attributes {
    return new Attributes(this.view, this.start + size, this.#end);
  }

  /** The outcome that an ERROR or DONE message carries; 0 is success. */
  get errno(): number {
    return -this.view.getInt32(this.start, true);
  }

  /** The kernel's own words about an error (its extended ack), if it gave any. */
  get explanation(): string | undefined {
    if ((this.#flags & NLM_F_ACK_TLVS) === 0) return undefined;
    // Behind the errno comes the request: only its header when capped. The end of a list carries the errno alone.
    const whole = align(this.view.getUint32(this.start + 4, true));
    const request = this.type === NLMSG_DONE ? 0 : (this.#flags & NLM_F_CAPPED) !== 0 ? HEADER : whole;
    const words = this.attributes(4 + request);
    const offset = words.u32(NLMSGERR_ATTR_OFFS);
    const fallback = offset === undefined ? undefined : `the kernel rejects the attribute at byte ${offset} of the request`;
    return words.string(NLMSGERR_ATTR_MSG) ?? fallback;
  }
}

/** What a receive brought: its messages, or `lost` when they did not fit (they will the next time, the buffer has grown). */
export interface Received {
  readonly lost: boolean;
  readonly messages: readonly Message[];
}

/** Waits for the next datagram on a netlink socket. Failures become KernelErrors with these words. */
export function receive(fd: number, operation: string, namespace: string): Received {
  for (;;) {
    const length = socketCalls().recv(fd, bytes, bytes.length, MSG_TRUNC);
    if (length > bytes.length) {
      bytes = new Uint8Array(2 * length);
      view = new DataView(bytes.buffer);
      return { lost: true, messages: [] };
    }
    if (length >= 0) return { lost: false, messages: split(length) };
    const number = errno();
    if (number !== EINTR) throw new KernelError(operation, namespace, number);
  }
}

function split(length: number): Message[] {
  const messages: Message[] = [];
  for (let at = 0; at + HEADER <= length; at += align(view.getUint32(at, true))) messages.push(new Message(view, at));
  return messages;
}

function align(length: number): number {
  return (length + 3) & ~3;
}
