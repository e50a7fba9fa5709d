import { EINTR } from "./errno.ts";
import { KernelError } from "./errors.ts";
import { errno, probeCalls } from "./libc.ts";
import { familyOf, writeAddress } from "./netlink/address-text.ts";

/** struct sockaddr_in (16 bytes) or sockaddr_in6 (28) of an address; a TypeError for anything else. */
export function socketAddress(address: string, port: number): Uint8Array {
  const family = familyOf(address);
  const isIpv6 = family !== AF_INET;
  const bytes = new Uint8Array(isIpv6 ? 28 : 16);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, family, true);
  view.setUint16(2, port);
  writeAddress(address, bytes, isIpv6 ? 8 : 4);
  return bytes;
}

const AF_INET = 2;

const POLLIN = 1;
const POLLOUT = 4;

export interface PollSet {
  /** Waits at most so many milliseconds; returns the descriptors with something to read (or write, or an error). */
  wait(milliseconds: number): number[];
}

/** Descriptors to watch together, for reading unless said otherwise. */
export function pollSet(fds: readonly number[], direction: "in" | "out" = "in"): PollSet {
  // struct pollfd: descriptor, wanted events, events that happened.
  const entries = new DataView(new ArrayBuffer(8 * Math.max(fds.length, 1)));
  const bytes = new Uint8Array(entries.buffer);
  fds.forEach((fd, index) => {
    entries.setInt32(8 * index, fd, true);
    entries.setInt16(8 * index + 4, direction === "in" ? POLLIN : POLLOUT, true);
  });
  return {
    wait(milliseconds) {
      const ready = probeCalls().poll(bytes, fds.length, milliseconds);
      if (ready < 0) {
        const number = errno();
        if (number !== EINTR) throw new KernelError("wait for answers", undefined, number);
      }
      return ready > 0 ? fds.filter((_, index) => entries.getInt16(8 * index + 6, true) !== 0) : [];
    },
  };
}
