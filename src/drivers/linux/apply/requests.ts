// Object -> netlink requests. Everything that rtnetlink can do, and nothing that needs a look at the kernel first.
import { AF_INET6 } from "../../../kernel/netlink/link-attributes.ts";
import type { Request } from "../../../kernel/netlink/request.ts";
import { deleteAddress, newAddress } from "../../../kernel/netlink/address.ts";
import { deleteFdbEntry, newFdbEntry } from "../../../kernel/netlink/fdb.ts";
import { deleteLink, newBridge, newVeth, setLink } from "../../../kernel/netlink/link.ts";
import { deleteNeighbour, newNeighbour } from "../../../kernel/netlink/neighbour.ts";
import { deleteRoute, newRoute } from "../../../kernel/netlink/route.ts";
import { deleteRule, newRule } from "../../../kernel/netlink/rule.ts";
import { isIpv6 } from "../../../model/cidr6.ts";
import { routeProtocol } from "../names.ts";
import { isPeeringEnd } from "../peering-alias.ts";
import type {
  AddressObject, BridgeObject, BridgeUpObject, FdbObject, NamespaceObject, NeighbourObject, RouteObject, RuleObject, VethObject,
} from "../objects/object.ts";
import { addShaping, changeShaping, deleteShaping, type ShapingObject } from "./shaping-requests.ts";

/** What requests need to know that the object does not say. */
export interface Kernel {
  /** Index of a link whose number the kernel chose. */
  indexOf(namespace: string, link: string): number;
  /** An open file of the namespace, valid until the batch is sent. */
  namespaceFd(namespace: string): number;
}

export type NetlinkObject = NamespaceObject | BridgeObject | BridgeUpObject | VethObject | AddressObject | RouteObject | RuleObject | NeighbourObject | FdbObject | ShapingObject;

export function addRequests(o: NetlinkObject, kernel: Kernel): Request[] {
  switch (o.kind) {
    case "namespace":
      return [markNamespace(o)];
    case "bridge":
      return [newBridge({ name: o.link, index: o.index, mac: o.mac, multicastSnooping: false })];
    case "bridge-up":
      return [setLink({ index: o.index, up: true })];
    case "veth":
      return o.end === "near" ? nearEnd(o, kernel) : farEnd(o);
    case "address":
      return [newAddress(kernelAddress(o, kernel))];
    case "route":
      return [newRoute(kernelRoute(o, kernel))];
    case "rule":
      return [newRule(kernelRule(o))];
    case "neighbour":
      return [newNeighbour({ address: o.address, mac: o.mac, link: o.index ?? kernel.indexOf(o.namespace, o.link) })];
    case "fdb":
      return [newFdbEntry({ mac: o.mac, port: o.index })];
    case "ifb":
    case "htb":
    case "shape-class":
      return addShaping(o);
  }
}

export function deleteRequests(o: Exclude<NetlinkObject, NamespaceObject>, kernel: Kernel): Request[] {
  switch (o.kind) {
    case "bridge":
    case "veth":
      return [deleteLink({ name: o.link })];
    case "bridge-up":
      return [setLink({ index: o.index, up: false })];
    case "address":
      return [deleteAddress(kernelAddress(o, kernel))];
    case "route":
      return [deleteRoute(o.foreign === true ? foreignRoute(o) : kernelRoute(o, kernel))];
    case "rule":
      return [deleteRule(kernelRule(o))];
    case "neighbour":
      return [deleteNeighbour({ address: o.address, link: o.index ?? kernel.indexOf(o.namespace, o.link) })];
    case "fdb":
      return [deleteFdbEntry({ mac: o.mac, port: o.index })];
    case "ifb":
    case "htb":
    case "shape-class":
      return deleteShaping(o);
  }
}

export function changeRequests(o: NetlinkObject, previous: NetlinkObject, kernel: Kernel): Request[] {
  if (o.kind === "namespace") return [markNamespace(o)];
  // A link that needs more than this was made anew by the diff.
  if ((o.kind === "ifb" || o.kind === "htb" || o.kind === "shape-class") && o.kind === previous.kind) return changeShaping(o, previous);
  if (o.kind === "veth") return o.end === "far" ? farEnd(o) : portRequests(o);
  return [...(previous.kind === "namespace" ? [] : deleteRequests(previous, kernel)), ...addRequests(o, kernel)];
}

/** Also brings the loopback up: an interface that is down answers nobody, not even a program talking to itself. */
export const markNamespace = (o: NamespaceObject): Request => setLink({ name: "lo", up: true, alias: o.mark });

function nearEnd(o: VethObject, kernel: Kernel): Request[] {
  const { peer } = o;
  const wanted = {
    name: o.link,
    mac: o.mac,
    ...(o.index === undefined ? {} : { index: o.index }),
    ...(o.bridge === undefined ? {} : { master: o.bridge.index }),
    peer: { name: peer.link, mac: peer.mac, namespaceFd: kernel.namespaceFd(peer.namespace), ...(peer.index === undefined ? {} : { index: peer.index }) },
  };
  return [newVeth(wanted), ...portRequests(o)];
}

/** An isolated port that neither learns nor floods: a new port then costs the same however many there are. One that is off stays all that. */
function portRequests(o: VethObject): Request[] {
  if (o.bridge === undefined) return [setLink({ name: o.link, up: o.up })];
  const port = { isolated: true, learning: false, flood: false, mcastFlood: false, bcastFlood: false };
  return [setLink({ name: o.link, up: o.up, port })];
}

/**
 * No IPv6 address of its own making: the link would otherwise chatter as soon as it is up, so this comes in a request before. In a router,
 * where the far end of a peering is, links are born without IPv6.
 */
function farEnd(o: VethObject): Request[] {
  const quiet = isPeeringEnd(o) ? [] : [setLink({ name: o.link, ipv6AddressGeneration: "none" })];
  return [...quiet, setLink({ name: o.link, up: true, ...(o.alias === undefined ? {} : { alias: o.alias }) })];
}

function kernelAddress(o: AddressObject, kernel: Kernel) {
  // Nobody else can have it: the kernel need not ask around first.
  return { address: o.address, prefixLength: o.prefix, link: o.index ?? kernel.indexOf(o.namespace, o.link), noDuplicateDetection: isIpv6(o.address) };
}

function kernelRoute(o: RouteObject, kernel: Kernel) {
  const link = o.link === undefined ? undefined : (o.index ?? kernel.indexOf(o.namespace, o.link));
  return {
    destination: o.destination,
    type: o.type === "other" ? "unicast" : o.type,
    table: o.table,
    protocol: routeProtocol,
    ...(o.via === undefined ? {} : { gateway: o.via }),
    ...(link === undefined ? {} : { link }),
    ...(o.metric === undefined ? {} : { metric: o.metric }),
    ...(o.onlink === true ? { onLink: true } : {}),
    ...(o.source === undefined ? {} : { source: o.source }),
  };
}

/** Whatever its kind and whoever made it. */
const foreignRoute = ({ destination, table, metric }: RouteObject) => ({ destination, table, ...(metric === undefined ? {} : { metric }) });

function kernelRule(o: RuleObject) {
  return {
    ...(o.family === 6 ? { family: AF_INET6 } : {}),
    priority: o.priority,
    table: o.table,
    protocol: routeProtocol,
    ...(o.mark === undefined ? {} : { mark: o.mark }),
    ...(o.suppressPrefixLength === undefined ? {} : { suppressPrefixLength: o.suppressPrefixLength }),
    // To the kernel, what starts here has come in by the loopback.
    ...(o.ownPackets === true ? { incomingLink: "lo" } : {}),
  };
}
