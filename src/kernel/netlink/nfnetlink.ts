// What the kernel's netfilter subsystems (connection tracking, nftables) have in common.
import type { MessageBuilder } from "./message-builder.ts";

/** The protocol of their sockets. */
export const NETLINK_NETFILTER = 12;

/** `struct nfgenmsg`: family, version, and a number in network byte order. */
export function writeGenericHeader(into: MessageBuilder, family: number, resource = 0): void {
  into.byte(family);
  into.byte(0);
  into.byte(resource >> 8);
  into.byte(resource & 255);
}
