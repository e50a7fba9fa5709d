// One transaction of nf_tables: all requests are carried out, or none. Other than routing's, these requests travel between a message that
// opens a batch and one that closes it, and take effect together at the end.
import { KernelError } from "../errors.ts";
import { leaveToKernel } from "../leave-to-kernel.ts";
import { errno, socketCalls } from "../libc.ts";
import { inNamespace } from "../namespaces.ts";
import { MessageBuilder } from "./message-builder.ts";
import { NETLINK_NETFILTER, writeGenericHeader } from "./nfnetlink.ts";
import { openNetlink } from "./open-netlink.ts";
import { NLMSG_ERROR, receive, type Message } from "./receive-buffer.ts";
import { NLM_F_ACK, NLM_F_REQUEST, type Request } from "./request.ts";

const NFNL_MSG_BATCH_BEGIN = 0x10;
const NFNL_MSG_BATCH_END = 0x11;
const NFNL_SUBSYS_NFTABLES = 10;

/** Requests of a transaction that is sent in one message. An element takes some 200 bytes, one of IPv6 ranges 350. */
export const mostRequests = 200;

const outgoing = new MessageBuilder(mostRequests * 512);

/** Carries out requests made by `setElement`, `mostRequests` at most. Throws a KernelError with the first that was refused. */
export function changeSets(namespace: string, requests: readonly Request[]): void {
  write(requests);
  const fd = inNamespace(namespace, () => openNetlink(namespace, NETLINK_NETFILTER));
  try {
    if (socketCalls().send(fd, outgoing.bytes, outgoing.length, 0) < 0) throw new KernelError("change nftables", namespace, errno());
    const refused = refusal(fd, namespace, requests);
    if (refused !== undefined) throw refused;
  } finally {
    // What a transaction took away the kernel frees a little later, some 10 ms, and a close waits for that.
    leaveToKernel(fd);
  }
}

/** Each with its place as sequence number, from 1. */
function write(requests: readonly Request[]): void {
  outgoing.clear();
  edge(NFNL_MSG_BATCH_BEGIN, 0);
  for (const [at, request] of requests.entries()) {
    outgoing.begin(request.type);
    request.write(outgoing);
    outgoing.end(NLM_F_REQUEST | request.flags | (at === requests.length - 1 ? NLM_F_ACK : 0), at + 1);
  }
  edge(NFNL_MSG_BATCH_END, requests.length + 1);
}

function edge(type: number, sequence: number): void {
  outgoing.begin(type);
  writeGenericHeader(outgoing, 0, NFNL_SUBSYS_NFTABLES);
  outgoing.end(NLM_F_REQUEST, sequence);
}

/**
 * The last request is answered in any case, the others when they are refused, in their order; and the opening message when the whole was
 * refused as it was about to take effect.
 */
function refusal(fd: number, namespace: string, requests: readonly Request[]): KernelError | undefined {
  let first: KernelError | undefined;
  for (;;) {
    for (const message of receive(fd, "read the kernel's answers", namespace).messages) {
      if (message.type !== NLMSG_ERROR) continue;
      if (message.errno !== 0) first ??= errorOf(namespace, requests[message.sequence - 1], message);
      if (message.sequence === requests.length || message.sequence === 0) return first;
    }
  }
}

function errorOf(namespace: string, request: Request | undefined, { errno: number, explanation }: Message): KernelError {
  const words = [explanation, request?.describe].filter((part) => part !== undefined);
  return new KernelError("change nftables", namespace, number, words.join(": "));
}
