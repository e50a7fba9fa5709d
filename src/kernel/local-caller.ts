// Calling a process that listens at a path (unix(7)). Many a command does this before anything else, and a function that runs for the first
// time costs it more than all that the kernel does here: so there are few of them, and long ones.
import { EINTR } from "./errno.ts";
import { callerCalls, errno } from "./libc.ts";
import { rightsMessage } from "./rights-message.ts";

const AF_UNIX = 1;
const SOCK_SEQPACKET_CLOEXEC = 5 | 0o2000000;
const SOL_SOCKET = 1;
const SO_RCVTIMEO = 20;
const SO_SNDTIMEO = 21;
/** Who has gone is told by an error, not by a signal. */
export const MSG_NOSIGNAL = 0x4000;
const EFD_NONBLOCK_CLOEXEC = 0o4000 | 0o2000000;
/** Bytes. */
const LONGEST_ANSWER = 64;
/** Bytes before the payload of a call: the number that its counter has in the caller. */
export const HEAD = 2;
/** `sun_path` of struct sockaddr_un, with its NUL. */
export const LONGEST_PATH = 108;

/**
 * A socket for whole messages (-1 when there is none), and the struct sockaddr_un of a path; undefined for a path that does not fit. Nothing
 * that is done with it waits for longer than `patience` milliseconds, not even a call where many wait already.
 */
export function localSocket(path: string, patience: number): { readonly fd: number; readonly address: Uint8Array } | undefined {
  const { socket, setsockopt } = callerCalls();
  // Not `cString`: the first `Buffer.from` of a process takes longer than all the rest of this.
  const name = new TextEncoder().encode(`${path}\0`);
  if (name.length > LONGEST_PATH) return undefined;
  const address = new Uint8Array(2 + name.length);
  address[0] = AF_UNIX;
  address.set(name, 2);
  const fd = socket(AF_UNIX, SOCK_SEQPACKET_CLOEXEC, 0);
  // struct timeval.
  const time = BigInt64Array.of(BigInt(Math.floor(patience / 1000)), BigInt(patience % 1000) * 1000n);
  for (const wait of [SO_SNDTIMEO, SO_RCVTIMEO]) setsockopt(fd, SOL_SOCKET, wait, time, time.byteLength);
  return { fd, address };
}

/** What a call came to: an answer; `none` when nobody has taken it, or ever will; `lost` when who took it has gone without an answer. */
export type Answer = Uint8Array | "none" | "lost";

/**
 * Sends a message to whoever listens at the path, and waits for the answer.
 *
 * A file goes along, a counter that stands at one (eventfd(2)). Whoever reads it has the call: the other end before it begins, or this
 * one when nobody has begun within `patience` milliseconds. The kernel lets only one of the two read it, so a call is taken or withdrawn
 * and never both. Once taken it is waited for, however long it takes. (No other file goes along: a call that was withdrawn lies there until
 * the other end gets to it, and until then a pipe in it would not end for its reader.) The number of that descriptor goes along as well: a
 * process in which it stands for the same counter is the one that has called.
 */
export function callLocal(path: string, payload: Uint8Array, patience: number): Answer {
  const { connect, eventfd, sendmsg, setsockopt, recv, read, close } = callerCalls();
  const made = localSocket(path, patience);
  if (made === undefined || made.fd < 0) return "none";
  const { fd, address } = made;
  const token = connect(fd, address, address.length) === 0 ? eventfd(1, EFD_NONBLOCK_CLOEXEC) : -1;
  try {
    const bytes = new Uint8Array(HEAD + payload.length);
    bytes[0] = token & 0xff;
    bytes[1] = token >> 8;
    bytes.set(payload, HEAD);
    const whole = rightsMessage(bytes, [token]);
    if (token < 0 || sendmsg(fd, whole.message, MSG_NOSIGNAL) !== whole.payload.length) return "none";
    const room = new Uint8Array(LONGEST_ANSWER);
    let length = recv(fd, room, room.length, 0);
    if (length <= 0) {
      // No answer yet, or never: it is ours again if nobody has begun, or if who had begun has put it back.
      if (read(token, new Uint8Array(8), 8) === 8) return "none";
      setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, new BigInt64Array(2), 16);
      do length = recv(fd, room, room.length, 0);
      while (length < 0 && errno() === EINTR);
    }
    if (length > 0) return room.subarray(0, length);
    return read(token, new Uint8Array(8), 8) === 8 ? "none" : "lost";
  } finally {
    if (token >= 0) close(token);
    close(fd);
  }
}
