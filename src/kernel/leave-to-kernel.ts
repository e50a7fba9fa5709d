// Closing a file without waiting for what its close waits for.
//
// The close of a netfilter socket waits until the kernel has freed all that transactions of its namespace took away, and that takes until
// every CPU has been through a quiet moment (an RCU grace period): some 10 ms, twice as long as all the rest of a small change. Nobody needs
// it to have happened, and the end of the process waits just the same. So the file goes to somebody who may wait: it is sent into a socket
// that itself is sent along. Nobody can ever receive that, the kernel's collector of such leftovers finds it at once, and closes both in
// its own time. (A thread or a child that closes it would do as well, for a millisecond or two. Before Linux 6.10 the collector works
// within the close that wakes it; then this saves nothing and costs nothing.)
import { addressOf, handOverCalls, socketCalls } from "./libc.ts";

const AF_UNIX = 1;
const SOCK_DGRAM_CLOEXEC = 2 | 0o2000000;
const SOL_SOCKET = 1;
const SCM_RIGHTS = 1;

/** Bytes of `struct msghdr` and of a `struct cmsghdr` with two descriptors behind it, on 64-bit machines. */
const MESSAGE = 56;
const CONTROL = 24;

/** Closes a descriptor of this process; the file behind it goes when the kernel gets to it, which is soon. */
export function leaveToKernel(fd: number): void {
  leaveToKernelBy(fd, () => socketCalls().close(fd));
}

/** The same for a descriptor that is somebody else's to close, such as a library's: `closeIt` makes them do it. */
export function leaveToKernelBy(fd: number, closeIt: () => void): void {
  const { close } = socketCalls();
  const { socketpair, sendmsg } = handOverCalls();
  const pair = new Int32Array(2);
  if (socketpair(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0, pair) !== 0) return closeIt();
  const [from = -1, to = -1] = pair;
  const parts = partsOf([fd, to]);
  // Whether it went or not (a process may have only so many on their way): what is closed here is closed there, sooner or later.
  sendmsg(from, parts.message, 0);
  close(to);
  closeIt();
  // Last: the close of a socket is what wakes the collector, and nobody may hold the other end, or the file, then.
  close(from);
}

/** A `struct msghdr` of one byte and the right to two files, with all that it points at. */
function partsOf(files: readonly [number, number]) {
  const payload = new Uint8Array(1);
  const vector = new BigUint64Array([addressOf(payload), 1n]);
  const control = new Uint8Array(CONTROL);
  const rights = new DataView(control.buffer);
  rights.setBigUint64(0, BigInt(CONTROL), true);
  rights.setInt32(8, SOL_SOCKET, true);
  rights.setInt32(12, SCM_RIGHTS, true);
  files.forEach((file, at) => rights.setInt32(16 + 4 * at, file, true));
  const message = new BigUint64Array(MESSAGE / 8);
  message.set([addressOf(vector), 1n, addressOf(control), BigInt(CONTROL)], 2);
  return { message, payload, vector, control };
}
