import { ECONNREFUSED, EINPROGRESS, ETIMEDOUT, errnoCode } from "./errno.ts";
import { KernelError } from "./errors.ts";
import { errno, probeCalls, socketCalls } from "./libc.ts";
import { inNamespace } from "./namespaces.ts";
import { familyOf } from "./netlink/address-text.ts";
import { pollSet, socketAddress } from "./socket-address.ts";

export interface TcpProbe {
  /** Namespace to connect from. */
  readonly namespace: string;
  /** Address to connect to. */
  readonly address: string;
  readonly port: number;
}

export interface TcpResult {
  /** `refused`: the target answered that nobody listens. `timed out`: silence. `failed`: `error` says why. */
  readonly outcome: "connected" | "refused" | "timed out" | "failed";
  readonly milliseconds: number;
  /** For example `EHOSTUNREACH`. */
  readonly error?: string;
}

const SOCK_STREAM_NONBLOCK = 1 | 0o2000000 | 0o4000;
const SOL_SOCKET = 1;
const SO_ERROR = 4;
const IPPROTO_TCP = 6;
const TCP_INFO = 11;
const SHUT_WR = 1;
/** States in the first byte of `struct tcp_info`: our FIN is on its way; both ends have sent one, and neither is confirmed. */
const [FIN_WAIT1, CLOSING] = [4, 11];

/**
 * Opens a TCP connection from inside a namespace and closes it at once; connected is what is closed in good order. That the handshake went
 * through proves little: where a firewall sees one direction only, it takes all that follows for nonsense. The FIN is such a packet, and
 * nobody's program has to read anything for it. Many may run at a time.
 */
export async function tcpProbe(probe: TcpProbe, timeoutMs: number): Promise<TcpResult> {
  const address = socketAddress(probe.address, probe.port);
  const fd = inNamespace(probe.namespace, () => socketCalls().socket(familyOf(probe.address), SOCK_STREAM_NONBLOCK, 0));
  if (fd < 0) throw new KernelError("open a TCP socket", probe.namespace, errno());
  const start = performance.now();
  try {
    const number = probeCalls().connect(fd, address, address.length) === 0 ? 0 : errno();
    const opened = number === EINPROGRESS ? await outcomeOf(fd, start + timeoutMs) : number;
    return result(opened === 0 ? await ending(fd, start + timeoutMs) : opened, performance.now() - start);
  } finally {
    socketCalls().close(fd);
  }
}

/** Errno the connection ends with; ETIMEDOUT when it has not by then. */
async function outcomeOf(fd: number, until: number): Promise<number> {
  const set = pollSet([fd], "out");
  while (set.wait(0).length === 0) {
    if (performance.now() >= until) return ETIMEDOUT;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const value = new Int32Array([0]);
  const size = new Int32Array([4]);
  probeCalls().getsockopt(fd, SOL_SOCKET, SO_ERROR, value, size);
  return value[0] ?? 0;
}

/** 0 when the other side has confirmed that we are through, or has no use for us any more; ETIMEDOUT when it has not by then. */
async function ending(fd: number, until: number): Promise<number> {
  probeCalls().shutdown(fd, SHUT_WR);
  const info = new Uint8Array(8);
  for (;;) {
    probeCalls().getsockopt(fd, IPPROTO_TCP, TCP_INFO, info, new Int32Array([info.length]));
    if (info[0] !== FIN_WAIT1 && info[0] !== CLOSING) return 0;
    if (performance.now() >= until) return ETIMEDOUT;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

function result(number: number, milliseconds: number): TcpResult {
  if (number === 0) return { outcome: "connected", milliseconds };
  if (number === ECONNREFUSED) return { outcome: "refused", milliseconds };
  if (number === ETIMEDOUT) return { outcome: "timed out", milliseconds };
  return { outcome: "failed", milliseconds, error: errnoCode(number) };
}
