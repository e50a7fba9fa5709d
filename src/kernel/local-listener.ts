// Listening at a path (unix(7)) for those who call there (local-caller.ts).
import { ECONNREFUSED, ENAMETOOLONG, ENOENT } from "./errno.ts";
import { KernelError } from "./errors.ts";
import { closeSync, readFileSync } from "./files.ts";
import { errno, fileCalls, listenerCalls, probeCalls, processCalls, socketCalls, socketKindCalls } from "./libc.ts";
import { HEAD, localSocket, LONGEST_PATH, MSG_NOSIGNAL } from "./local-caller.ts";
import type { OpenProcess } from "./open-process.ts";
import { emptyMessage, isCutOff, receivedFiles } from "./rights-message.ts";
import { pollSet } from "./socket-address.ts";

const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SO_PEERCRED = 17;
/** Files that come along stay this process's own. */
const MSG_CMSG_CLOEXEC = 0x40000000;
/** Who calls has something to say, and who is called listens. */
const PATIENCE_MS = 250;
/** Callers that may wait for their turn, those that have given up among them; the kernel takes no more by default. */
const BACKLOG = 4096;
/** What is taken away from everybody but the owner. */
const OWNER_ONLY = 0o177;

/** Listens at a path where no file is, for processes of the same user. Throws a KernelError (EADDRINUSE, ENOENT, ENAMETOOLONG). */
export function listenLocal(path: string): number {
  const operation = `listen at ${path}`;
  const made = localSocket(path, PATIENCE_MS);
  if (made === undefined) throw new KernelError(operation, undefined, ENAMETOOLONG, `at most ${LONGEST_PATH - 1} bytes`);
  const { fd, address } = made;
  if (fd < 0) throw new KernelError(operation, undefined, errno());
  // From the first moment: what is bound is there for all whom its mode lets in.
  const umask = processCalls().umask(OWNER_ONLY);
  const isBound = probeCalls().bind(fd, address, address.length) === 0 && listenerCalls().listen(fd, BACKLOG) === 0;
  const number = errno();
  processCalls().umask(umask);
  if (isBound) return fd;
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

/**
 * Number of the process that listens at the path; undefined when nobody does. Throws a KernelError when that cannot be told: EAGAIN while
 * more wait for their turn than may.
 */
export function listenerAt(path: string): number | undefined {
  const made = localSocket(path, PATIENCE_MS);
  if (made === undefined) return undefined;
  const { fd, address } = made;
  try {
    if (fd >= 0 && probeCalls().connect(fd, address, address.length) === 0) return peerOf(fd);
    const number = errno();
    if (number === ENOENT || number === ECONNREFUSED) return undefined;
    throw new KernelError(`call at ${path}`, undefined, number);
  } finally {
    socketCalls().close(fd);
  }
}

/** A call of `callLocal`. */
export interface Call extends Disposable {
  /** The connection. */
  readonly fd: number;
  readonly payload: Uint8Array;
  /** Has this process called? Asked after something was read about it in /proc, the answer is about that as well. */
  isOf(process: OpenProcess): boolean;
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
  if (length <= HEAD || token === undefined || isCutOff(whole)) {
    end();
    return undefined;
  }
  const [low = 0, high = 0] = room;
  return {
    fd,
    payload: room.subarray(HEAD, length),
    isOf: (process) => holds(process, low | (high << 8), token),
    take: () => fileCalls().read(token, new Uint8Array(8), 8) === 8,
    putBack: () => void fileCalls().write(token, BigUint64Array.of(1n), 8),
    answer: (payload) => void socketCalls().send(fd, payload, payload.length, MSG_NOSIGNAL),
    [Symbol.dispose]: end,
  };
}

/** Does this descriptor of the process stand for our counter? */
function holds(process: OpenProcess, theirs: number, ours: number): boolean {
  const [copy] = process.copyFiles([theirs]) ?? [];
  if (copy === undefined) return false;
  const [counter, own] = [counterOf(copy), counterOf(ours)];
  closeSync(copy);
  return own !== undefined && counter === own;
}

/** What tells one counter that exists from all others (proc_pid_fdinfo(5), Linux 5.2); undefined for what is none. */
const counterOf = (fd: number): string | undefined => /^eventfd-id:.*$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, "latin1"))?.[0];
