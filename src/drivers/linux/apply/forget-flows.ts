// An address that has a new owner, or none, must be forgotten by connection tracking: else flows of the old owner would go on under it, past
// the security groups of the new one. Told by the entries that go: the router's list of who sends what, its translation, and the host's list
// of who may use a public address. Where a namespace goes, its memory goes with it.
import { KernelError } from "../../../kernel/errors.ts";
import { deleteFlow, dumpFlows, type Flow } from "../../../kernel/netlink/conntrack.ts";
import { NETLINK_NETFILTER } from "../../../kernel/netlink/nfnetlink.ts";
import { RouteSocket } from "../../../kernel/netlink/route-socket.ts";
import { natGatewaysMap } from "../compile/nat.ts";
import { publicInMap } from "../compile/public-address.ts";
import { publicsSet } from "../compile/host.ts";
import { sources6Map } from "../compile/ipv6.ts";
import { sourcesMap } from "../compile/router-lists.ts";
import { hostNamespace } from "../names.ts";
import type { SpecObject } from "../objects/object.ts";
import type { LinuxStep } from "../step.ts";

/** After the steps were taken. A kernel without ctnetlink keeps its flows until they end by themselves. */
export function forgetFlows(steps: readonly LinuxStep[]): void {
  for (const [namespace, addresses] of staleAddresses(steps)) {
    try {
      using socket = RouteSocket.open(namespace, NETLINK_NETFILTER);
      socket.transact(dumpFlows(socket).filter((flow) => isAbout(flow, addresses)).map(deleteFlow));
    } catch (error) {
      // The namespace went by other hands, or the kernel has no ctnetlink: no reason to call the whole change failed.
      if (!(error instanceof KernelError)) throw error;
    }
  }
}

/** Addresses that have lost their owner, by the namespaces that may remember it. Pure. */
export function staleAddresses(steps: readonly LinuxStep[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  const gone = new Set<string>();
  const note = (namespace: string, address: string): void => {
    const known = found.get(namespace);
    if (known === undefined) found.set(namespace, new Set([address]));
    else known.add(address);
  };
  for (const { action, object, previous } of steps) {
    if (action === "add") continue;
    if (action === "delete" && object.kind === "namespace") gone.add(object.namespace);
    // Another route table is a change, no loss; flows outlive that as they do a change of groups.
    const left = action === "delete" ? leftAddress(object) : undefined;
    if (left !== undefined && "namespace" in object) note(object.namespace, left);
    const address = lostAddress(previous ?? object);
    if (address === undefined) continue;
    note(hostNamespace, address);
    if (object.kind === "nft-element") note(object.namespace, address);
  }
  for (const namespace of gone) found.delete(namespace);
  return found;
}

/** The private address whose owner goes: interface, MAC and address are one key, so a new owner is a new entry. The host never sees it. */
function leftAddress(object: SpecObject): string | undefined {
  const isSource = object.kind === "nft-element" && object.family === "bridge" && (object.set === sourcesMap || object.set === sources6Map);
  return isSource ? object.key.split(" . ")[2] : undefined;
}

/** The public address that such an entry gave to somebody. */
function lostAddress(object: SpecObject): string | undefined {
  if (object.kind !== "nft-element" || object.family !== "inet") return undefined;
  if (object.namespace === hostNamespace) return object.set === publicsSet ? object.key.split(" . ")[1] : undefined;
  if (object.set === publicInMap) return object.key;
  return object.set === natGatewaysMap ? object.value : undefined;
}

const isAbout = ({ source, destination, answers }: Flow, addresses: ReadonlySet<string>): boolean =>
  [source, destination, answers.source, answers.destination].some((address) => addresses.has(address));
