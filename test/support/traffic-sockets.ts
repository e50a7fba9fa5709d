// Non-blocking sockets by their C calls, opened inside namespaces.
import { dlopen } from "bun:ffi";
import { constants } from "node:os";
import { errnoCode } from "../../src/kernel/errno.ts";
import { errno, probeCalls, socketCalls } from "../../src/kernel/libc.ts";
import { inNamespace } from "../../src/kernel/namespaces.ts";
import { writeAddress } from "../../src/kernel/netlink/address-text.ts";

export { errno, errnoCode as errnoCodeOf };

const { listen, accept4 } = dlopen("libc.so.6", {
  listen: { args: ["i32", "i32"], returns: "i32" },
  accept4: { args: ["i32", "ptr", "ptr", "i32"], returns: "i32" },
}).symbols;

export type Kind = "tcp" | "udp" | "icmp";

const AF_INET = 2;
const AF_INET6 = 10;
const NONBLOCK = 0o2000000 | 0o4000;
const types = { tcp: 1, udp: 2, icmp: 3 } as const;
const SOL_SOCKET = 1;
const SO_REUSEADDR = 2;
const SO_ERROR = 4;
const IPPROTO_ICMP = 1;
const IPPROTO_TCP = 6;
const TCP_INFO = 11;
/** Field tcpi_unacked of struct tcp_info: segments that nobody has confirmed. */
const UNACKNOWLEDGED = 6;
const tcpInfo = new Uint32Array(64);
const IPPROTO_ICMPV6 = 58;
const ECHO = 8;
const TIMESTAMP = 13;
const ECHO_V6 = 128;

const buffer = new Uint8Array(2048);
const source = new Uint8Array(28);
const sourceLength = new Uint32Array(1);

/** One turn of the event loop; shorter than any timer. */
export const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** struct sockaddr_in or sockaddr_in6. */
function socketAddress(address: string, port: number): Uint8Array {
  const isV6 = address.includes(":");
  const bytes = new Uint8Array(isV6 ? 28 : 16);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, isV6 ? AF_INET6 : AF_INET, true);
  view.setUint16(2, port);
  writeAddress(address, bytes, isV6 ? 8 : 4);
  return bytes;
}

export class PacketSocket {
  readonly kind: Kind;
  readonly #fd: number;
  readonly #isV6: boolean;
  /** What an answer to a raw socket's question begins with: type, code, and after the checksum the identifier. */
  #expected: { readonly type: number; readonly identifier: number } | undefined;
  #hasAsked = false;

  private constructor(kind: Kind, fd: number, isV6: boolean) {
    this.kind = kind;
    this.#fd = fd;
    this.#isV6 = isV6;
  }

  /** A socket of the family of the address. */
  static open(namespace: string, kind: Kind, address: string): PacketSocket {
    const isV6 = address.includes(":");
    const protocol = kind === "icmp" ? (isV6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP) : 0;
    const fd = inNamespace(namespace, () => socketCalls().socket(isV6 ? AF_INET6 : AF_INET, types[kind] | NONBLOCK, protocol));
    if (fd < 0) throw new Error(`cannot open a ${kind} socket: ${errnoCode(errno())}`);
    return new PacketSocket(kind, fd, isV6);
  }

  /** An open port: of both families, or at one address. A datagram's answer comes from that one then, however many the namespace has. */
  static listen(namespace: string, kind: "tcp" | "udp", port: number, at = "::"): PacketSocket {
    const socket = PacketSocket.open(namespace, kind, at);
    socketCalls().setsockopt(socket.#fd, SOL_SOCKET, SO_REUSEADDR, new Int32Array([1]), 4);
    const address = socketAddress(at, port);
    if (probeCalls().bind(socket.#fd, address, address.length) !== 0) throw new Error(`cannot bind ${kind} port ${port}: ${errnoCode(errno())}`);
    if (kind === "tcp" && listen(socket.#fd, 4096) !== 0) throw new Error(`cannot listen: ${errnoCode(errno())}`);
    return socket;
  }

  /** Connects, and asks something where connecting sends nothing. Returns an errno, 0 when it is under way. */
  start(address: string, port: number, asksTime: boolean): number {
    const target = socketAddress(address, this.kind === "icmp" ? 0 : port);
    if (probeCalls().connect(this.#fd, target, target.length) !== 0) {
      const number = errno();
      return number === constants.errno.EINPROGRESS ? 0 : number;
    }
    const question = this.kind === "icmp" ? this.#question(asksTime) : Buffer.from("?");
    if (this.kind === "tcp") return 0;
    return socketCalls().send(this.#fd, question, question.length, 0) < 0 ? errno() : 0;
  }

  #question(asksTime: boolean): Uint8Array {
    const type = this.#isV6 ? ECHO_V6 : asksTime ? TIMESTAMP : ECHO;
    const identifier = Math.floor(Math.random() * 0x10000);
    this.#expected = { type: type === ECHO ? 0 : type + 1, identifier };
    const bytes = new Uint8Array(20);
    const view = new DataView(bytes.buffer);
    view.setUint8(0, type);
    view.setUint16(4, identifier);
    // All else is zero, so this is the sum of RFC 1071. For ICMPv6 the kernel writes its own.
    view.setUint16(2, this.#isV6 ? 0 : onesComplement((type << 8) + identifier));
    return bytes;
  }

  /** 0: answered. Undefined: nothing so far. Else an errno. */
  answer(): number | undefined {
    if (this.kind === "tcp") return this.#hears();
    for (;;) {
      const length = socketCalls().recv(this.#fd, buffer, buffer.length, 0);
      if (length < 0) return errno() === constants.errno.EAGAIN ? undefined : errno();
      if (this.#expected === undefined || this.#isExpected(length)) return 0;
    }
  }

  #isExpected(length: number): boolean {
    const at = this.#isV6 ? 0 : 4 * ((buffer[0] ?? 0) & 15);
    const identifier = ((buffer[at + 4] ?? 0) << 8) | (buffer[at + 5] ?? 0);
    return length >= at + 8 && buffer[at] === this.#expected?.type && identifier === this.#expected?.identifier;
  }

  /** A connection that seems to be made may carry nothing, if what follows the first packet is lost: so a byte must have arrived, whoever listens. */
  #hears(): number | undefined {
    if (!this.#hasAsked) {
      const state = this.connected();
      if (state !== 0) return state;
      this.#hasAsked = this.send("?");
    }
    probeCalls().getsockopt(this.#fd, IPPROTO_TCP, TCP_INFO, tcpInfo, new Int32Array([tcpInfo.byteLength]));
    return tcpInfo[UNACKNOWLEDGED] === 0 ? 0 : undefined;
  }

  /** As `answer`, for a connection that nothing has been sent on. */
  connected(): number | undefined {
    const error = new Int32Array([0]);
    probeCalls().getsockopt(this.#fd, SOL_SOCKET, SO_ERROR, error, new Int32Array([4]));
    if (error[0] !== 0) return error[0];
    // Sending nothing succeeds once there is a connection, and fails until then.
    return socketCalls().send(this.#fd, buffer, 0, 0) === 0 ? 0 : undefined;
  }

  /** A connection that has come in. */
  accept(): PacketSocket | undefined {
    const fd = accept4(this.#fd, null, null, NONBLOCK);
    return fd < 0 ? undefined : new PacketSocket("tcp", fd, this.#isV6);
  }

  echoDatagrams(): void {
    for (;;) {
      sourceLength[0] = source.length;
      const length = probeCalls().recvfrom(this.#fd, buffer, buffer.length, 0, source, sourceLength);
      if (length < 0) return;
      probeCalls().sendto(this.#fd, buffer, length, 0, source, sourceLength[0] ?? 0);
    }
  }

  /** False when the connection is over; it is closed then. */
  echoStream(): boolean {
    const length = socketCalls().recv(this.#fd, buffer, buffer.length, 0);
    if (length > 0) socketCalls().send(this.#fd, buffer, length, MSG_NOSIGNAL);
    const isOver = length === 0 || (length < 0 && errno() !== constants.errno.EAGAIN);
    if (isOver) this.close();
    return !isOver;
  }

  send(text: string): boolean {
    return socketCalls().send(this.#fd, Buffer.from(text), text.length, MSG_NOSIGNAL) === text.length;
  }

  /** Has a byte come? It is taken in. */
  takesByte(): boolean {
    return socketCalls().recv(this.#fd, buffer, 1, 0) === 1;
  }

  close(): void {
    socketCalls().close(this.#fd);
  }
}

const MSG_NOSIGNAL = 0x4000;

function onesComplement(sum: number): number {
  return ~((sum & 0xffff) + (sum >>> 16)) & 0xffff;
}
