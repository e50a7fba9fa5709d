// Listening at a path (unix(7)) for those who call there (local-caller.ts).
import { ENAMETOOLONG } from "./errno.ts";
import { KernelError } from "./errors.ts";
import { errno, listenerCalls, probeCalls, socketCalls, socketKindCalls } from "./libc.ts";
import { localSocket, LONGEST_PATH, MSG_NOSIGNAL } from "./local-caller.ts";
import { emptyMessage, receivedFiles } from "./rights-message.ts";
import { pollSet } from "./socket-address.ts";

const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SO_PEERCRED = 17;
/** Files that come along stay this process's own. */
const MSG_CMSG_CLOEXEC = 0x40000000;
/** Callers that may wait for their turn. */
const BACKLOG = 64;

/** Listens at a path where no file is. Throws a KernelError (EADDRINUSE, ENOENT, ENAMETOOLONG). */
export function listenLocal(path: string): number {
  const operation = `listen at ${path}`;
  const made = localSocket(path);
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

export interface Peer {
  /** 0 for a process of another process namespace. */
  readonly pid: number;
  readonly uid: number;
}

/** Who is at the other end: the process that called, or the one that began to listen. Its number may be another's once it has ended. */
export function peerOf(fd: number): Peer {
  // struct ucred: pid, uid, gid.
  const credentials = new Int32Array(3);
  const size = new Int32Array([credentials.byteLength]);
  if (socketKindCalls().getsockopt(fd, SOL_SOCKET, SO_PEERCRED, credentials, size) !== 0) throw new KernelError("ask who calls", undefined, errno());
  const [pid = 0, uid = -1] = credentials;
  return { pid, uid };
}

/** Sends a message. False when the other end has gone. */
export function sendLocal(fd: number, payload: Uint8Array): boolean {
  return socketCalls().send(fd, payload, payload.length, MSG_NOSIGNAL) === payload.length;
}

/** The next message, and the files that came along: open here now, and the caller's to close. Undefined when the other end has gone. */
export function receiveWithFiles(fd: number, room: Uint8Array, files: number): { readonly payload: Uint8Array; readonly files: readonly number[] } | undefined {
  const whole = emptyMessage(room, files);
  const length = listenerCalls().recvmsg(fd, whole.message, MSG_CMSG_CLOEXEC);
  return length <= 0 ? undefined : { payload: room.subarray(0, length), files: receivedFiles(whole) };
}
