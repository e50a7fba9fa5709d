// Listening at a path (unix(7)) for those who call there (local-caller.ts).
import { ENAMETOOLONG } from "./errno.ts";
import { KernelError } from "./errors.ts";
import { errno, fileCalls, listenerCalls, probeCalls, socketCalls, socketKindCalls } from "./libc.ts";
import { localSocket, LONGEST_PATH, MSG_NOSIGNAL } from "./local-caller.ts";
import { emptyMessage, receivedFiles } from "./rights-message.ts";
import { pollSet } from "./socket-address.ts";

const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SO_PEERCRED = 17;
/** Files that come along stay this process's own. */
const MSG_CMSG_CLOEXEC = 0x40000000;
/** Who calls has something to say, and who is called listens. */
const PATIENCE_MS = 250;
/** Callers that may wait for their turn. */
const BACKLOG = 64;

/** Listens at a path where no file is. Throws a KernelError (EADDRINUSE, ENOENT, ENAMETOOLONG). */
export function listenLocal(path: string): number {
  const operation = `listen at ${path}`;
  const made = localSocket(path, PATIENCE_MS);
  if (made === undefined) throw new KernelError(operation, undefined, ENAMETOOLONG, `at most ${LONGEST_PATH - 1} bytes`);
  const { fd, address } = made;
  if (fd < 0) throw new KernelError(operation, undefined, errno());
  if (probeCalls().bind(fd, address, address.length) === 0 && listenerCalls().listen(fd, BACKLOG) === 0) return fd;
  const number = errno();
  socketCalls().close(fd);
  throw new KernelError(operation, undefined, number);
}

/** The next caller; undefined when nobody has called within so many milliseconds, or a signal came. */
export function nextCaller(listener: number, milliseconds: number): number | undefined {
  if (pollSet([listener]).wait(milliseconds).length === 0) return undefined;
  const fd = listenerCalls().accept4(listener, null, null, SOCK_CLOEXEC);
  return fd < 0 ? undefined : fd;
}

/**
 * Number of the process at the other end: that which called, or that which began to listen. It may be another's once that has ended, and is 0
 * for one of another process namespace.
 */
export function peerOf(fd: number): number {
  // struct ucred: pid, uid, gid.
  const credentials = new Int32Array(3);
  const size = new Int32Array([credentials.byteLength]);
  if (socketKindCalls().getsockopt(fd, SOL_SOCKET, SO_PEERCRED, credentials, size) !== 0) throw new KernelError("ask who calls", undefined, errno());
  return credentials[0] ?? 0;
}

/** Number of the process that listens at the path; undefined when nobody does. */
export function listenerAt(path: string): number | undefined {
  const made = localSocket(path, PATIENCE_MS);
  if (made === undefined || made.fd < 0) return undefined;
  const { fd, address } = made;
  try {
    return probeCalls().connect(fd, address, address.length) === 0 ? peerOf(fd) : undefined;
  } finally {
    socketCalls().close(fd);
  }
}

/** A call of `callLocal`. */
export interface Call extends Disposable {
  readonly payload: Uint8Array;
  /** Takes the call, unless the caller has withdrawn it. */
  take(): boolean;
  /** Undoes `take`: nothing was done, and the caller may know. */
  putBack(): void;
  answer(payload: Uint8Array): void;
}

/** What a caller has to say; undefined when it has gone or says nothing at once. The connection is closed with the call. */
export function receiveCall(fd: number, room: Uint8Array): Call | undefined {
  const whole = emptyMessage(room, 1);
  // It was sent right after the call.
  const length = pollSet([fd]).wait(PATIENCE_MS).length === 0 ? -1 : listenerCalls().recvmsg(fd, whole.message, MSG_CMSG_CLOEXEC);
  const received = length < 0 ? [] : receivedFiles(whole);
  const [token] = received;
  const end = (): void => [...received, fd].forEach((each) => socketCalls().close(each));
  if (length <= 0 || token === undefined) {
    end();
    return undefined;
  }
  return {
    payload: room.subarray(0, length),
    take: () => fileCalls().read(token, new Uint8Array(8), 8) === 8,
    putBack: () => void fileCalls().write(token, BigUint64Array.of(1n), 8),
    answer: (payload) => void socketCalls().send(fd, payload, payload.length, MSG_NOSIGNAL),
    [Symbol.dispose]: end,
  };
}
