// The message that neighbours and forwarding entries share. From linux/neighbour.h.
import type { MessageBuilder } from "./message-builder.ts";

export const RTM_NEWNEIGH = 28;
export const RTM_DELNEIGH = 29;
export const RTM_GETNEIGH = 30;

export const AF_BRIDGE = 7;

export const NDA_DST = 1;
export const NDA_LLADDR = 2;
export const NDA_MASTER = 9;
export const NDA_PROTOCOL = 12;

export const NUD_REACHABLE = 0x02;
export const NUD_NOARP = 0x40;
export const NUD_PERMANENT = 0x80;
export const NTF_MASTER = 0x04;

interface NeighbourHeader {
  readonly family: number;
  readonly link: number;
  readonly state?: number;
  readonly flags?: number;
}

/** struct ndmsg: family, padding, link, state, flags, type. */
export function neighbourHeader(into: MessageBuilder, { family, link, state = 0, flags = 0 }: NeighbourHeader): void {
  into.word(family);
  into.word(link);
  into.short(state);
  into.byte(flags);
  into.byte(0);
}
