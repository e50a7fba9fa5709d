// The kernel takes an IPv6 address up in a worker of its own, even one that it need not ask the neighbours about (nodad): the request has
// succeeded, the address is listed, and for a moment packets to it are none of the machine's. On a busy machine the first packet to one new
// subnet in thirty was lost that way. So whoever has given an address to an attachment waits until it counts, which is no time at all else.
import { isKernelError } from "../../../kernel/errors.ts";
import { AF_INET6 } from "../../../kernel/netlink/link-attributes.ts";
import { dumpRoutes } from "../../../kernel/netlink/route.ts";
import type { RouteSocket } from "../../../kernel/netlink/route-socket.ts";
import { isIpv6 } from "../../../model/cidr6.ts";
import { attachmentLink } from "../names.ts";
import type { LinuxStep } from "../step.ts";
import type { Sockets } from "./sockets.ts";

/** The table of the machine's own addresses. */
const RT_TABLE_LOCAL = 255;
/** The worker never needed a tenth of it; who waits longer waits for something else. */
const LONGEST_MS = 200;

/** Only in namespaces that were visited last: for those before them the kernel has had its time. */
export function awaitAddresses(sockets: Sockets, steps: readonly LinuxStep[]): void {
  for (const { action, object } of steps) {
    if (action !== "add" || object.kind !== "address" || object.link !== attachmentLink || !isIpv6(object.address)) continue;
    const socket = sockets.ifOpen(object.namespace);
    if (socket === undefined) continue;
    for (let ms = 0; ms < LONGEST_MS && !isTakenUp(socket, object.address); ms++) Bun.sleepSync(1);
  }
}

function isTakenUp(socket: RouteSocket, address: string): boolean {
  try {
    return dumpRoutes(socket, { family: AF_INET6, table: RT_TABLE_LOCAL }).some(({ destination }) => destination === `${address}/128`);
  } catch (error) {
    // Nothing is asked for here that does not come by itself.
    if (isKernelError(error)) return true;
    throw error;
  }
}
