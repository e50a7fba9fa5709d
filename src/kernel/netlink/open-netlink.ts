import { KernelError } from "../errors.ts";
import { errno, socketCalls } from "../libc.ts";

const AF_NETLINK = 16;
const SOCK_RAW_CLOEXEC = 3 | 0o2000000;
const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const SOL_NETLINK = 270;
const NETLINK_CAP_ACK = 10;
const NETLINK_EXT_ACK = 11;
const NETLINK_GET_STRICT_CHK = 12;

/** Bytes. */
const RECEIVE_BUFFER = 1024 * 1024;

/**
 * A netlink socket in the namespace the thread is in, as a descriptor; errors come short, with the kernel's own words. `namespace` is for
 * errors.
 */
export function openNetlink(namespace: string, protocol: number): number {
  const calls = socketCalls();
  const fd = calls.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, protocol);
  if (fd < 0) throw new KernelError("open a netlink socket", namespace, errno());
  const option = new Int32Array([1]);
  calls.setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, option, 4);
  calls.setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, option, 4);
  calls.setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, option, 4);
  option[0] = RECEIVE_BUFFER;
  // Cut by the kernel to its maximum; what is sent at a time leaves room for the answers in that.
  calls.setsockopt(fd, SOL_SOCKET, SO_RCVBUF, option, 4);
  return fd;
}
