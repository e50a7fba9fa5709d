import { ECONNREFUSED, ETIMEDOUT, errnoCode } from "./errno.ts";
import { KernelError } from "./errors.ts";
import { errno, probeCalls, socketCalls } from "./libc.ts";
import { inNamespace } from "./namespaces.ts";
import { familyOf } from "./netlink/address-text.ts";
import { pollSet, socketAddress } from "./socket-address.ts";

export interface UdpProbe {
  /** Namespace to send from. */
  readonly namespace: string;
  readonly address: string;
  readonly port: number;
}

export interface UdpResult {
  /** `refused`: the target answered that nobody listens. `timed out`: silence; perhaps of a program that had nothing to say. */
  readonly outcome: "answered" | "refused" | "timed out" | "failed";
  readonly milliseconds: number;
  /** For example `EHOSTUNREACH`. */
  readonly error?: string;
}

const SOCK_DGRAM_NONBLOCK = 2 | 0o2000000 | 0o4000;

/** Sends a datagram of one byte from inside a namespace and waits for whatever comes back. Many may run at a time. */
export async function udpProbe({ namespace, address, port }: UdpProbe, timeoutMs: number): Promise<UdpResult> {
  const target = socketAddress(address, port);
  const fd = inNamespace(namespace, () => socketCalls().socket(familyOf(address), SOCK_DGRAM_NONBLOCK, 0));
  if (fd < 0) throw new KernelError("open a UDP socket", namespace, errno());
  const start = performance.now();
  try {
    const byte = new Uint8Array(1);
    const isSent = probeCalls().connect(fd, target, target.length) === 0 && socketCalls().send(fd, byte, 1, 0) === 1;
    const number = isSent ? await errnoOfAnswer(fd, start + timeoutMs) : errno();
    return result(number, performance.now() - start);
  } finally {
    socketCalls().close(fd);
  }
}

/** 0 for a datagram; a refusal is an error of the socket; ETIMEDOUT for silence. */
async function errnoOfAnswer(fd: number, until: number): Promise<number> {
  const set = pollSet([fd]);
  while (set.wait(0).length === 0) {
    if (performance.now() >= until) return ETIMEDOUT;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return socketCalls().recv(fd, new Uint8Array(1), 1, 0) >= 0 ? 0 : errno();
}

function result(number: number, milliseconds: number): UdpResult {
  if (number === 0) return { outcome: "answered", milliseconds };
  if (number === ECONNREFUSED) return { outcome: "refused", milliseconds };
  if (number === ETIMEDOUT) return { outcome: "timed out", milliseconds };
  return { outcome: "failed", milliseconds, error: errnoCode(number) };
}
