// Thousands of pings at once, without a `ping` process and without staying in any namespace: a raw socket belongs to the namespace
// it was opened in, so each is opened there (one per namespace and kind of address) and used from here.
//
// On one machine the answer usually lies in the socket when the send returns, because the kernel carries a packet through veth
// pairs, router and back on the spot. So each send is followed by a look into the socket: times are honest even in a burst of ten
// thousand, and receive buffers stay near empty. What has not come by then is waited for; what has not come at half the time is
// sent once more.
import { EAGAIN, ENOBUFS } from "./errno.ts";
import { ECHO_LENGTH, readAnswer, UNWANTED_TYPES, writeEcho } from "./echo-packet.ts";
import { readAnswer6, UNWANTED_TYPES_6, writeEcho6 } from "./echo-packet6.ts";
import { KernelError } from "./errors.ts";
import { errno, probeCalls, socketCalls } from "./libc.ts";
import { inNamespace } from "./namespaces.ts";
import { pollSet, socketAddress } from "./socket-address.ts";

export interface IcmpProbe {
  /** Namespace to send from. */
  readonly namespace: string;
  /** Address to reach, of either kind. */
  readonly address: string;
}

export interface IcmpResult {
  /** Round trip. Absent when no reply came in time. */
  readonly milliseconds?: number;
  /** Why it could not be sent, or who refused it on the way. Absent for mere silence. */
  readonly error?: string;
}

const AF_INET = 2;
const AF_INET6 = 10;
const SOCK_RAW_NONBLOCK = 3 | 0o2000000 | 0o4000;
const IPPROTO_ICMP = 1;
const IPPROTO_ICMPV6 = 58;
const SOL_SOCKET = 1;
const SO_SNDBUF = 7;
const SO_RCVBUF = 8;
const SO_SNDBUFFORCE = 32;
const SO_RCVBUFFORCE = 33;
const SOL_RAW = 255;
/** ICMP_FILTER and ICMP6_FILTER, each at its own level. */
const ICMP_FILTER = 1;
// About 800 bytes of accounting per packet: room for 1,300 answers nobody has looked at yet, or requests waiting for ARP.
const SOCKET_BUFFER = 1024 * 1024;
// How long one wait may keep other work of the process (signals, output) from running.
const SLICE = 5;

// Big enough for any answer: a refusal quotes at most 576 bytes.
const packet = new DataView(new ArrayBuffer(2048));
const packetBytes = new Uint8Array(packet.buffer);
const echo = new DataView(new ArrayBuffer(ECHO_LENGTH));
const echoBytes = new Uint8Array(echo.buffer);

/** Pings everything at once; resolves when all have an answer or the time is over. Results stand in the order of the probes. */
export async function icmpProbes(probes: readonly IcmpProbe[], timeoutMs: number): Promise<IcmpResult[]> {
  const round = new ProbeRound(probes);
  try {
    const start = performance.now();
    round.send(0);
    await round.wait(start + timeoutMs / 2);
    round.send(1);
    await round.wait(start + timeoutMs);
    return round.results;
  } finally {
    round.close();
  }
}

/** An open socket in one namespace and the probes (by number) that go out of it. */
interface Origin {
  readonly fd: number;
  readonly isIpv6: boolean;
  readonly probes: number[];
}

class ProbeRound {
  readonly results: IcmpResult[] = [];
  readonly #probes: readonly IcmpProbe[];
  readonly #origins: Origin[] = [];
  readonly #sentAt: [Float64Array, Float64Array];
  readonly #run = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  readonly #isDone: Uint8Array;
  #missing: number;

  constructor(probes: readonly IcmpProbe[]) {
    this.#probes = probes;
    this.#missing = probes.length;
    this.#isDone = new Uint8Array(probes.length);
    this.#sentAt = [new Float64Array(probes.length), new Float64Array(probes.length)];
    for (const _ of probes) this.results.push({});
    for (const isIpv6 of [false, true]) for (const [namespace, numbers] of byNamespace(probes, isIpv6)) this.#open(namespace, isIpv6, numbers);
  }

  #open(namespace: string, isIpv6: boolean, probes: number[]): void {
    try {
      this.#origins.push({ fd: inNamespace(namespace, () => openSocket(namespace, isIpv6)), isIpv6, probes });
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      for (const probe of probes) this.#finish(probe, { error: error.message });
    }
  }

  #finish(probe: number, result: IcmpResult): void {
    if (this.#isDone[probe] !== 0) return;
    this.#isDone[probe] = 1;
    this.results[probe] = result;
    this.#missing--;
  }

  /** Sends everything that has no answer yet. */
  send(attempt: 0 | 1): void {
    this.#origins.forEach((origin, number) => {
      origin.probes.forEach((probe, sequence) => {
        if (this.#isDone[probe] !== 0) return;
        // The identifier only keeps address translators from having to renumber: one per namespace.
        const identifier = (this.#run + number) & 0xffff;
        (origin.isIpv6 ? writeEcho6 : writeEcho)(echo, { identifier, sequence: sequence & 0xffff, run: this.#run, probe, attempt });
        this.#sendOne(origin.fd, probe, attempt);
        this.#drain(origin);
      });
    });
  }

  #sendOne(fd: number, probe: number, attempt: 0 | 1): void {
    const { address = "", namespace = "" } = this.#probes[probe] ?? {};
    const target = socketAddress(address, 0);
    this.#sentAt[attempt][probe] = performance.now();
    if (probeCalls().sendto(fd, echoBytes, ECHO_LENGTH, 0, target, target.length) >= 0) return;
    const number = errno();
    // A full queue is no verdict: the second try comes later.
    if (attempt === 0 && (number === EAGAIN || number === ENOBUFS)) return;
    this.#finish(probe, { error: new KernelError(`send to ${address}`, namespace, number).message });
  }

  /** Takes in all answers that are there. */
  #drain({ fd, isIpv6 }: Origin): void {
    for (;;) {
      const length = socketCalls().recv(fd, packetBytes, packetBytes.length, 0);
      if (length < 0) return;
      const now = performance.now();
      const answer = (isIpv6 ? readAnswer6 : readAnswer)(packet, length, this.#run);
      if (answer === undefined || answer.probe >= this.#probes.length) continue;
      const sentAt = this.#sentAt[answer.attempt === 0 ? 0 : 1][answer.probe] ?? now;
      this.#finish(answer.probe, answer.refusal === undefined ? { milliseconds: now - sentAt } : { error: answer.refusal });
    }
  }

  /** Takes in answers until there is nothing to wait for or the time (of performance.now) is over. */
  async wait(until: number): Promise<void> {
    const set = pollSet(this.#origins.map((origin) => origin.fd));
    while (this.#missing > 0) {
      const left = until - performance.now();
      if (left <= 0) return;
      const ready = new Set(set.wait(Math.min(SLICE, Math.ceil(left))));
      for (const origin of this.#origins) if (ready.has(origin.fd)) this.#drain(origin);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  close(): void {
    for (const { fd } of this.#origins) socketCalls().close(fd);
  }
}

function byNamespace(probes: readonly IcmpProbe[], isIpv6: boolean): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  probes.forEach(({ namespace, address }, number) => {
    if (address.includes(":") !== isIpv6) return;
    const group = groups.get(namespace);
    if (group === undefined) groups.set(namespace, [number]);
    else group.push(number);
  });
  return groups;
}

function openSocket(namespace: string, isIpv6: boolean): number {
  const calls = socketCalls();
  const fd = isIpv6 ? calls.socket(AF_INET6, SOCK_RAW_NONBLOCK, IPPROTO_ICMPV6) : calls.socket(AF_INET, SOCK_RAW_NONBLOCK, IPPROTO_ICMP);
  if (fd < 0) throw new KernelError("open an ICMP socket", namespace, errno());
  if (isIpv6) calls.setsockopt(fd, IPPROTO_ICMPV6, ICMP_FILTER, UNWANTED_TYPES_6, UNWANTED_TYPES_6.byteLength);
  else calls.setsockopt(fd, SOL_RAW, ICMP_FILTER, new Int32Array([UNWANTED_TYPES]), 4);
  const option = new Int32Array([SOCKET_BUFFER]);
  // Beyond the system's limit where we may (not in a user namespace), up to it elsewhere.
  for (const [force, ask] of [[SO_RCVBUFFORCE, SO_RCVBUF], [SO_SNDBUFFORCE, SO_SNDBUF]] as const) {
    if (calls.setsockopt(fd, SOL_SOCKET, force, option, 4) !== 0) calls.setsockopt(fd, SOL_SOCKET, ask, option, 4);
  }
  return fd;
}
