// Calling a process that listens at a path (unix(7)): whole messages, and open files that go along. Many a command loads this before anything
// else, so it needs as little as it can.
import { EINTR } from "./errno.ts";
import { callerCalls, cString, errno } from "./libc.ts";
import { rightsMessage } from "./rights-message.ts";

const AF_UNIX = 1;
const SOCK_SEQPACKET_CLOEXEC = 5 | 0o2000000;
const SOL_SOCKET = 1;
const SO_RCVTIMEO = 20;
/** Who has gone is told by an error, not by a signal. */
export const MSG_NOSIGNAL = 0x4000;
/** `sun_path` of struct sockaddr_un, with its NUL. */
export const LONGEST_PATH = 108;

/** A socket for messages, and the struct sockaddr_un of a path; undefined for a path that does not fit. The socket is -1 when there is none. */
export function localSocket(path: string): { readonly fd: number; readonly address: Uint8Array } | undefined {
  const name = cString(path);
  if (name.length > LONGEST_PATH) return undefined;
  const address = new Uint8Array(2 + name.length);
  address[0] = AF_UNIX;
  address.set(name, 2);
  return { fd: callerCalls().socket(AF_UNIX, SOCK_SEQPACKET_CLOEXEC, 0), address };
}

/** A descriptor of a connection to whoever listens at the path; undefined when nobody does, or when we may not call. */
export function callLocal(path: string): number | undefined {
  const made = localSocket(path);
  if (made === undefined || made.fd < 0) return undefined;
  const { connect, close } = callerCalls();
  if (connect(made.fd, made.address, made.address.length) === 0) return made.fd;
  close(made.fd);
  return undefined;
}

/** Limits each wait for a message, in milliseconds; 0 for as long as it takes. */
export function waitAtMost(fd: number, milliseconds: number): void {
  // struct timeval.
  const time = BigInt64Array.of(BigInt(Math.floor(milliseconds / 1000)), BigInt(milliseconds % 1000) * 1000n);
  callerCalls().setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, time, time.byteLength);
}

/** Sends a message, with these open files. False when the other end has gone, or the message is larger than the kernel takes. */
export function sendWithFiles(fd: number, payload: Uint8Array, files: readonly number[]): boolean {
  const whole = rightsMessage(payload, files);
  const sent = callerCalls().sendmsg(fd, whole.message, MSG_NOSIGNAL) === payload.length;
  // Asked for here, so that it lives until the call is over.
  return sent && whole.parts.length > 0;
}

/** The next message; undefined when the other end has gone or says nothing in time. */
export function receiveLocal(fd: number, room: Uint8Array): Uint8Array | undefined {
  for (;;) {
    const length = callerCalls().recv(fd, room, room.length, 0);
    if (length > 0) return room.subarray(0, length);
    if (length === 0 || errno() !== EINTR) return undefined;
  }
}
