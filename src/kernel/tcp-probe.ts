import { constants } from "node:os";
import { errnoCode, KernelError } from "./errors.ts";
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

/** Opens a TCP connection from inside a namespace and closes it at once. Many may run at a time. */
export async function tcpProbe(probe: TcpProbe, timeoutMs: number): Promise<TcpResult> {
  const address = socketAddress(probe.address, probe.port);
  const fd = inNamespace(probe.namespace, () => socketCalls().socket(familyOf(probe.address), SOCK_STREAM_NONBLOCK, 0));
  if (fd < 0) throw new KernelError("open a TCP socket", probe.namespace, errno());
  const start = performance.now();
  try {
    const number = probeCalls().connect(fd, address, address.length) === 0 ? 0 : errno();
    const outcome = number === constants.errno.EINPROGRESS ? await outcomeOf(fd, start + timeoutMs) : number;
    return result(outcome, performance.now() - start);
  } finally {
    socketCalls().close(fd);
  }
}

/** Errno the connection ends with; ETIMEDOUT when it has not by then. */
async function outcomeOf(fd: number, until: number): Promise<number> {
  const set = pollSet([fd], "out");
  while (set.wait(0).length === 0) {
    if (performance.now() >= until) return constants.errno.ETIMEDOUT;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const value = new Int32Array([0]);
  const size = new Int32Array([4]);
  probeCalls().getsockopt(fd, SOL_SOCKET, SO_ERROR, value, size);
  return value[0] ?? 0;
}

function result(number: number, milliseconds: number): TcpResult {
  if (number === 0) return { outcome: "connected", milliseconds };
  if (number === constants.errno.ECONNREFUSED) return { outcome: "refused", milliseconds };
  if (number === constants.errno.ETIMEDOUT) return { outcome: "timed out", milliseconds };
  return { outcome: "failed", milliseconds, error: errnoCode(number) };
}
