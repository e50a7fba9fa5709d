// Thousands of pings at once, without a `ping` process and without staying in any namespace: a raw socket belongs to the namespace
// it was opened in, so each is opened there (one per namespace) and used from here.
//
// On one machine the answer usually lies in the socket when the send returns, because the kernel carries a packet through veth
// pairs, router and back on the spot. So each send is followed by a look into the socket: times are honest even in a burst of ten
// thousand, and receive buffers stay near empty. What has not come by then is waited for; what has not come at half the time is
// sent once more.
import { constants } from "node:os";
import { ECHO_LENGTH, readAnswer, UNWANTED_TYPES, writeEcho } from "./echo-packet.ts";
import { KernelError } from "./errors.ts";
import { errno, probeCalls, socketCalls } from "./libc.ts";
import { inNamespace } from "./namespaces.ts";
import { ipv4SocketAddress, pollSet } from "./socket-address.ts";

export interface IcmpProbe {
  /** Namespace to send from. */
  readonly namespace: string;
  /** IPv4 address to reach. */
  readonly address: string;
}

export interface IcmpResult {
  /** Round trip. Absent when no reply came in time. */
  readonly milliseconds?: number;
  /** Why it could not be sent, or who refused it on the way. Absent for mere silence. */
  readonly error?: string;
}

const AF_INET = 2;
const SOCK_RAW_NONBLOCK = 3 | 0o2000000 | 0o4000;
const IPPROTO_ICMP = 1;
const SOL_SOCKET = 1;
const SO_SNDBUF = 7;
const SO_RCVBUF = 8;
const SO_SNDBUFFORCE = 32;
const SO_RCVBUFFORCE = 33;
const SOL_RAW = 255;
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
    for (const [namespace, numbers] of byNamespace(probes)) this.#open(namespace, numbers);
  }

  #open(namespace: string, probes: number[]): void {
    try {
      this.#origins.push({ fd: inNamespace(namespace, () => openSocket(namespace)), probes });
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
        writeEcho(echo, { identifier, sequence: sequence & 0xffff, run: this.#run, probe, attempt });
        this.#sendOne(origin.fd, probe, attempt);
        this.#drain(origin.fd);
      });
    });
  }

  #sendOne(fd: number, probe: number, attempt: 0 | 1): void {
    const { address = "", namespace = "" } = this.#probes[probe] ?? {};
    this.#sentAt[attempt][probe] = performance.now();
    if (probeCalls().sendto(fd, echoBytes, ECHO_LENGTH, 0, ipv4SocketAddress(address, 0), 16) >= 0) return;
    const number = errno();
    // A full queue is no verdict: the second try comes later.
    if (attempt === 0 && (number === constants.errno.EAGAIN || number === constants.errno.ENOBUFS)) return;
    this.#finish(probe, { error: new KernelError(`send to ${address}`, namespace, number).message });
  }

  /** Takes in all answers that are there. */
  #drain(fd: number): void {
    for (;;) {
      const length = socketCalls().recv(fd, packetBytes, packetBytes.length, 0);
      if (length < 0) return;
      const now = performance.now();
      const answer = readAnswer(packet, length, this.#run);
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
      for (const fd of set.wait(Math.min(SLICE, Math.ceil(left)))) this.#drain(fd);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  close(): void {
    for (const { fd } of this.#origins) socketCalls().close(fd);
  }
}

function byNamespace(probes: readonly IcmpProbe[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  probes.forEach(({ namespace }, number) => {
    const group = groups.get(namespace);
    if (group === undefined) groups.set(namespace, [number]);
    else group.push(number);
  });
  return groups;
}

function openSocket(namespace: string): number {
  const calls = socketCalls();
  const fd = calls.socket(AF_INET, SOCK_RAW_NONBLOCK, IPPROTO_ICMP);
  if (fd < 0) throw new KernelError("open an ICMP socket", namespace, errno());
  const option = new Int32Array([UNWANTED_TYPES]);
  calls.setsockopt(fd, SOL_RAW, ICMP_FILTER, option, 4);
  option[0] = SOCKET_BUFFER;
  // Beyond the system's limit where we may (not in a user namespace), up to it elsewhere.
  for (const [force, ask] of [[SO_RCVBUFFORCE, SO_RCVBUF], [SO_SNDBUFFORCE, SO_SNDBUF]] as const) {
    if (calls.setsockopt(fd, SOL_SOCKET, force, option, 4) !== 0) calls.setsockopt(fd, SOL_SOCKET, ask, option, 4);
  }
  return fd;
}
