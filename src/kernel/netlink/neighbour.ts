import { familyOf } from "./address-text.ts";
import {
  AF_BRIDGE,
  NDA_DST,
  NDA_LLADDR,
  NDA_PROTOCOL,
  NUD_PERMANENT,
  neighbourHeader,
  RTM_DELNEIGH,
  RTM_GETNEIGH,
  RTM_NEWNEIGH,
} from "./neighbour-message.ts";
import { optional } from "./optional.ts";
import type { Message } from "./receive-buffer.ts";
import { NLM_F_CREATE, NLM_F_REPLACE, type Request } from "./request.ts";
import type { RouteSocket } from "./route-socket.ts";

/** An address on a link whose MAC address is known for good: no ARP (or neighbour discovery) is needed to reach it. */
export interface Neighbour {
  readonly address: string;
  readonly mac: string;
  readonly link: number;
  /** Who made it. */
  readonly protocol?: number;
}

/** Takes the place of what the kernel has learnt by itself, or of another entry for the address. */
export function newNeighbour(neighbour: Neighbour): Request {
  return {
    type: RTM_NEWNEIGH,
    flags: NLM_F_CREATE | NLM_F_REPLACE,
    describe: `add neighbour ${neighbour.address}`,
    write(into) {
      neighbourHeader(into, { family: familyOf(neighbour.address), link: neighbour.link, state: NUD_PERMANENT });
      into.address(NDA_DST, neighbour.address);
      into.mac(NDA_LLADDR, neighbour.mac);
      if (neighbour.protocol !== undefined) into.u8(NDA_PROTOCOL, neighbour.protocol);
    },
  };
}

export function deleteNeighbour(neighbour: Pick<Neighbour, "address" | "link">): Request {
  return {
    type: RTM_DELNEIGH,
    flags: 0,
    describe: `delete neighbour ${neighbour.address}`,
    write(into) {
      neighbourHeader(into, { family: familyOf(neighbour.address), link: neighbour.link });
      into.address(NDA_DST, neighbour.address);
    },
  };
}

/** The permanent neighbours of the socket's namespace; what the kernel learnt or keeps for itself (multicast) is left out. */
export function dumpNeighbours(socket: RouteSocket, family = 2): Neighbour[] {
  const list: Request = {
    type: RTM_GETNEIGH,
    flags: 0,
    describe: "list neighbours",
    write: (into) => neighbourHeader(into, { family, link: 0 }),
  };
  return socket.dump(list, parseNeighbour);
}

function parseNeighbour(message: Message): Neighbour | undefined {
  const { type, view, start } = message;
  const isPermanent = (view.getUint16(start + 8, true) & NUD_PERMANENT) !== 0;
  if (type !== RTM_NEWNEIGH || view.getUint8(start) === AF_BRIDGE || !isPermanent) return undefined;
  const all = message.attributes(12);
  return {
    address: all.address(NDA_DST) ?? "",
    mac: all.mac(NDA_LLADDR) ?? "",
    link: view.getInt32(start + 4, true),
    ...optional("protocol", all.u8(NDA_PROTOCOL)),
  };
}
