// Closing a file without waiting for what its close waits for.
//
// The close of a netfilter socket waits until the kernel has freed all that transactions of its namespace took away, and that takes until
// every CPU has been through a quiet moment (an RCU grace period): some 10 ms, twice as long as all the rest of a small change. Nobody needs
// it to have happened, and the end of the process waits just the same. So the file goes to somebody who may wait: it is sent into a socket
// that itself is sent along. Nobody can ever receive that, the kernel's collector of such leftovers finds it at once, and closes both in
// its own time. (A thread or a child that closes it would do as well, for a millisecond or two. Before Linux 6.10 the collector works
// within the close that wakes it; then this saves nothing and costs nothing.)
import { keepOpen, takeKept } from "./keep-open.ts";
import { handOverCalls, socketCalls } from "./libc.ts";
import { rightsMessage } from "./rights-message.ts";

const AF_UNIX = 1;
const SOCK_DGRAM_CLOEXEC = 2 | 0o2000000;

/** Closes a descriptor of this process; the file behind it goes when the kernel gets to it, which is soon. */
export function leaveToKernel(fd: number): void {
  leaveToKernelBy(fd, () => socketCalls().close(fd));
}

/** The same for a descriptor that is somebody else's to close, such as a library's: `closeIt` makes them do it. */
export function leaveToKernelBy(fd: number, closeIt: () => void): void {
  if (keepOpen(fd)) return closeIt();
  // Of those that keep files, one command in many gets here: all that were kept go with this one.
  letKeptFilesGo();
  handOver(fd, closeIt);
}

/** Lets go of the files that a process which lives on has kept open, before a namespace is deleted that they would hold, or when all is quiet. */
export function letKeptFilesGo(): void {
  for (const fd of takeKept()) handOver(fd, () => socketCalls().close(fd));
}

function handOver(fd: number, closeIt: () => void): void {
  const { close } = socketCalls();
  const { socketpair, sendmsg } = handOverCalls();
  const pair = new Int32Array(2);
  if (socketpair(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0, pair) !== 0) return closeIt();
  const [from = -1, to = -1] = pair;
  const parts = rightsMessage(new Uint8Array(1), [fd, to]);
  // Whether it went or not (a process may have only so many on their way): what is closed here is closed there, sooner or later.
  sendmsg(from, parts.message, 0);
  close(to);
  closeIt();
  // Last: the close of a socket is what wakes the collector, and nobody may hold the other end, or the file, then.
  close(from);
}
