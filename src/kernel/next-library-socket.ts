// A netlink socket that a library opens and closes by itself, and whose number it tells nobody. It can be told beforehand: a file that is
// opened gets the lowest number that is free. Another thread may open one in between; then what has the number is looked at, is no such
// socket, and the library's close waits for what it waits for (leave-to-kernel.ts), which is slow and nothing worse.
import { leaveToKernelBy } from "./leave-to-kernel.ts";
import { socketCalls, socketKindCalls } from "./libc.ts";

const AF_UNIX = 1;
const AF_NETLINK = 16;
const SOCK_DGRAM_CLOEXEC = 2 | 0o2000000;
const SOL_SOCKET = 1;
const SO_PROTOCOL = 38;
const SO_DOMAIN = 39;

/**
 * Ask before the library opens its socket, of this protocol. The answer is called with what makes the library close it, and the file
 * behind it is left to the kernel.
 */
export function nextLibrarySocket(protocol: number): (closeIt: () => void) => void {
  const fd = nextDescriptor();
  return (closeIt) => (isNetlinkSocket(fd, protocol) ? leaveToKernelBy(fd, closeIt) : closeIt());
}

function nextDescriptor(): number {
  const { socket, close } = socketCalls();
  const fd = socket(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
  close(fd);
  return fd;
}

function isNetlinkSocket(fd: number, protocol: number): boolean {
  const { getsockopt } = socketKindCalls();
  const value = new Int32Array(1);
  const size = new Int32Array([4]);
  const has = (option: number, wanted: number): boolean => getsockopt(fd, SOL_SOCKET, option, value, size) === 0 && value[0] === wanted;
  return has(SO_DOMAIN, AF_NETLINK) && has(SO_PROTOCOL, protocol);
}
