import {
  AF_BRIDGE,
  NDA_LLADDR,
  NDA_MASTER,
  neighbourHeader,
  NTF_MASTER,
  NUD_NOARP,
  NUD_PERMANENT,
  NUD_REACHABLE,
  RTM_DELNEIGH,
  RTM_GETNEIGH,
  RTM_NEWNEIGH,
} from "./neighbour-message.ts";
import { optional } from "./optional.ts";
import type { Message } from "./receive-buffer.ts";
import { NLM_F_CREATE, NLM_F_EXCL, type Request } from "./request.ts";
import type { RouteSocket } from "./route-socket.ts";

/** Behind which port of a bridge a MAC address is. */
export interface FdbEntry {
  readonly mac: string;
  /** Index of the port. */
  readonly port: number;
}

export interface FdbState extends FdbEntry {
  /** Index of the bridge. */
  readonly bridge?: number;
  /** `static`: set by hand. `local`: an address of the bridge or port itself. `learned`: seen on the wire. */
  readonly kind: "static" | "local" | "learned";
}

/** As `bridge fdb add <mac> dev <port> master static`. Fails with EEXIST when the bridge has this address at any port. */
export function newFdbEntry(entry: FdbEntry): Request {
  return {
    type: RTM_NEWNEIGH,
    flags: NLM_F_CREATE | NLM_F_EXCL,
    describe: `add forwarding entry ${entry.mac}`,
    write(into) {
      neighbourHeader(into, { family: AF_BRIDGE, link: entry.port, state: NUD_NOARP | NUD_REACHABLE, flags: NTF_MASTER });
      into.mac(NDA_LLADDR, entry.mac);
    },
  };
}

export function deleteFdbEntry(entry: FdbEntry): Request {
  return {
    type: RTM_DELNEIGH,
    flags: 0,
    describe: `delete forwarding entry ${entry.mac}`,
    write(into) {
      neighbourHeader(into, { family: AF_BRIDGE, link: entry.port, flags: NTF_MASTER });
      into.mac(NDA_LLADDR, entry.mac);
    },
  };
}

/** The forwarding entries of all bridges of the socket's namespace, or of one; without VLANs. */
export function dumpFdb(socket: RouteSocket, bridge?: number): FdbState[] {
  const list: Request = {
    type: RTM_GETNEIGH,
    flags: 0,
    describe: "list forwarding entries",
    write(into) {
      neighbourHeader(into, { family: AF_BRIDGE, link: 0 });
      if (bridge !== undefined) into.u32(NDA_MASTER, bridge);
    },
  };
  return socket.dump(list, parseEntry);
}

function parseEntry(message: Message): FdbState | undefined {
  const { type, view, start } = message;
  const all = message.attributes(12);
  const bridge = all.u32(NDA_MASTER);
  const mac = all.mac(NDA_LLADDR);
  // Links also list their own multicast filters here; those have no bridge.
  if (type !== RTM_NEWNEIGH || mac === undefined || bridge === undefined) return undefined;
  const state = view.getUint16(start + 8, true);
  const kind = (state & NUD_PERMANENT) !== 0 ? "local" : (state & NUD_NOARP) !== 0 ? "static" : "learned";
  return { mac, port: view.getInt32(start + 4, true), ...optional("bridge", bridge), kind };
}
