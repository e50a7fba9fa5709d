import { familyOf } from "./address-text.ts";
import { optional } from "./optional.ts";
import type { Message } from "./receive-buffer.ts";
import { NLM_F_CREATE, NLM_F_EXCL, type Request } from "./request.ts";
import type { RouteSocket } from "./route-socket.ts";

export interface Address {
  /** IPv4 or IPv6. */
  readonly address: string;
  readonly prefixLength: number;
  /** Index of the link that carries it. */
  readonly link: number;
}

export interface NewAddress extends Address {
  /** The other end's address on a point-to-point link; then `prefixLength` is that of the peer. */
  readonly peer?: string;
  readonly broadcast?: string;
  /** No route to the prefix is made along with the address. */
  readonly noPrefixRoute?: boolean;
  /** IPv6: usable at once, without asking the link whether it is taken. */
  readonly noDuplicateDetection?: boolean;
}

export interface AddressState extends Address {
  readonly peer?: string;
  readonly broadcast?: string;
  readonly noPrefixRoute: boolean;
  /** True for an address given by hand, false for one that times out or the kernel made. */
  readonly permanent: boolean;
  /** As the kernel numbers it: 0 global, 253 link, 254 host. */
  readonly scope: number;
}

const RTM_NEWADDR = 20;
const RTM_DELADDR = 21;
const RTM_GETADDR = 22;
const IFA_ADDRESS = 1;
const IFA_LOCAL = 2;
const IFA_BROADCAST = 4;
const IFA_FLAGS = 8;
const IFA_F_NODAD = 0x02;
const IFA_F_PERMANENT = 0x80;
const IFA_F_NOPREFIXROUTE = 0x200;

export function newAddress(address: NewAddress): Request {
  return request(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, "add", address);
}

/** Matches address, prefix length and link. */
export function deleteAddress(address: Address & { readonly peer?: string }): Request {
  return request(RTM_DELADDR, 0, "delete", address);
}

function request(type: number, flags: number, verb: string, address: NewAddress): Request {
  return {
    type,
    flags,
    describe: `${verb} address ${address.address}/${address.prefixLength}`,
    write(into) {
      // struct ifaddrmsg: family, prefix length, flags, scope, index.
      into.byte(familyOf(address.address));
      into.byte(address.prefixLength);
      into.byte(0);
      into.byte(0);
      into.word(address.link);
      into.address(IFA_LOCAL, address.address);
      into.address(IFA_ADDRESS, address.peer ?? address.address);
      if (address.broadcast !== undefined) into.address(IFA_BROADCAST, address.broadcast);
      const wanted = (address.noPrefixRoute === true ? IFA_F_NOPREFIXROUTE : 0) | (address.noDuplicateDetection === true ? IFA_F_NODAD : 0);
      if (wanted !== 0) into.u32(IFA_FLAGS, wanted);
    },
  };
}

/** Every address of the socket's namespace, or of one link. */
export function dumpAddresses(socket: RouteSocket, filter: { readonly link?: number; readonly family?: number } = {}): AddressState[] {
  const list: Request = {
    type: RTM_GETADDR,
    flags: 0,
    describe: "list addresses",
    write(into) {
      into.byte(filter.family ?? 0);
      into.byte(0);
      into.byte(0);
      into.byte(0);
      into.word(filter.link ?? 0);
    },
  };
  return socket.dump(list, parseAddress);
}

function parseAddress(message: Message): AddressState | undefined {
  const { type, view, start } = message;
  if (type !== RTM_NEWADDR) return undefined;
  const all = message.attributes(8);
  const far = all.address(IFA_ADDRESS) ?? "";
  // IPv6 reports the address alone unless there is a peer; IPv4 always reports both.
  const local = all.address(IFA_LOCAL) ?? far;
  const broadcast = all.address(IFA_BROADCAST);
  const flags = all.u32(IFA_FLAGS) ?? 0;
  return {
    address: local,
    prefixLength: view.getUint8(start + 1),
    link: view.getUint32(start + 4, true),
    ...optional("peer", far === local ? undefined : far),
    ...optional("broadcast", broadcast),
    noPrefixRoute: (flags & IFA_F_NOPREFIXROUTE) !== 0,
    permanent: (flags & IFA_F_PERMANENT) !== 0,
    scope: view.getUint8(start + 3),
  };
}
