// One namespace of ours, read whole.
import { namespaceExists, whileThere } from "../../../kernel/namespaces.ts";
import { dumpAddresses } from "../../../kernel/netlink/address.ts";
import { dumpFdb } from "../../../kernel/netlink/fdb.ts";
import { AF_INET6 } from "../../../kernel/netlink/link-attributes.ts";
import { dumpLinks, getLink, type LinkState } from "../../../kernel/netlink/link-state.ts";
import { dumpNeighbours } from "../../../kernel/netlink/neighbour.ts";
import { dumpRoutes, type Route } from "../../../kernel/netlink/route.ts";
import { RouteSocket } from "../../../kernel/netlink/route-socket.ts";
import { dumpRules } from "../../../kernel/netlink/rule.ts";
import { isIpv6 } from "../../../model/cidr6.ts";
import { readSysctl } from "../../../kernel/sysctl.ts";
import { attachmentLink, isAttachedMark, parseNamespaceMark, routeProtocol, routerNamespace, attachmentNamespace } from "../names.ts";
import type { Mark } from "../names.ts";
import { adoptedIndex, loopbackIndex } from "../numbers.ts";
import type { SpecObject, VethObject } from "../objects/object.ts";
import { isPeeringEnd } from "../peering-alias.ts";
import { routerSettings } from "../router-settings.ts";
import { list, ownTables } from "./ruleset.ts";
import { readShaping } from "./shaping.ts";
import { readSettings6 } from "./settings6.ts";

export interface Reading {
  readonly namespace: string;
  readonly objects: SpecObject[];
  /** By index: for joining the two ends of a pair. */
  readonly links: ReadonlyMap<number, LinkState>;
}

export interface NamespaceReading extends Reading {
  readonly mark: Mark;
}

/** The mark on a namespace; undefined when it has none, or one that belongs elsewhere, or does not exist. */
export function readMark(namespace: string): { readonly mark: Mark; readonly text: string } | undefined {
  return whileThere(namespace, () => {
    using socket = RouteSocket.open(namespace);
    return markOf(namespace, getLink(socket, { index: loopbackIndex })?.alias ?? "");
  });
}

/** False for a namespace of somebody else's that bears such a name; true when it is ours, or nothing is there. */
export const isOursOrGone = (namespace: string): boolean => readMark(namespace) !== undefined || !namespaceExists(namespace);

/** What the alias of a loopback says, when it is the mark that belongs in the namespace of this name. */
export function markOf(namespace: string, text: string): { readonly mark: Mark; readonly text: string } | undefined {
  const mark = parseNamespaceMark(text);
  if (mark === undefined) return undefined;
  const name = mark.subnet === undefined ? routerNamespace(mark.vpc) : attachmentNamespace(mark.vpc, mark.subnet);
  return name === namespace ? { mark, text } : undefined;
}

export const readNamespace = (namespace: string): NamespaceReading | undefined => whileThere(namespace, () => readThere(namespace));

function readThere(namespace: string): NamespaceReading | undefined {
  using socket = RouteSocket.open(namespace);
  const links = dumpLinks(socket);
  const loopback = links.find((link) => link.index === 1);
  const found = markOf(namespace, loopback?.alias ?? "");
  if (found === undefined) return undefined;
  const byIndex = new Map(links.map((link) => [link.index, link]));
  const { mark, text } = found;
  if (isAttachedMark(text)) return readAdopted(namespace, found, socket, links);
  const isRouter = mark.subnet === undefined;
  // A loopback that is down makes the namespace differ from the wanted one, and marking it again brings it up.
  const shown = loopback?.up === true ? text : `${text} (loopback down)`;
  const objects: SpecObject[] = [
    { kind: "namespace", namespace, mark: shown, seen: true },
    ...links.flatMap((link) => linkObject(namespace, link, byIndex, isRouter)),
    ...readAddresses(namespace, socket, byIndex),
    ...readRoutes(namespace, socket, byIndex),
    ...dumpNeighbours(socket, 0).flatMap(({ address, mac, link }): SpecObject[] => {
      const name = byIndex.get(link)?.name;
      return name === undefined ? [] : [{ kind: "neighbour", namespace, link: name, index: link, address, mac }];
    }),
  ];
  if (isRouter) objects.push(...readRouter(namespace, socket, byIndex));
  return { namespace, mark, objects, links: byIndex };
}

interface MarkFound {
  readonly mark: Mark;
  readonly text: string;
}

/** In a namespace of somebody else's only our interface is ours, and what hangs on it. */
function readAdopted(namespace: string, { mark, text }: MarkFound, socket: RouteSocket, all: readonly LinkState[]): NamespaceReading {
  const links = new Map(all.filter(({ name, index }) => name === attachmentLink && index === adoptedIndex).map((link) => [link.index, link]));
  const isOurs = (object: SpecObject): boolean => "link" in object && object.link === attachmentLink;
  const neighbours = dumpNeighbours(socket, 0).flatMap(({ address, mac, link }): SpecObject[] => {
    return links.has(link) ? [{ kind: "neighbour", namespace, link: attachmentLink, index: link, address, mac }] : [];
  });
  const objects: SpecObject[] = [
    { kind: "namespace", namespace, mark: text, seen: true },
    ...[...links.values()].flatMap((link) => linkObject(namespace, link, links, false)),
    ...[...readAddresses(namespace, socket, links), ...readRoutes(namespace, socket, links)].filter(isOurs),
    ...neighbours,
  ];
  return { namespace, mark, objects, links };
}

function linkObject(namespace: string, link: LinkState, links: ReadonlyMap<number, LinkState>, isRouter: boolean): SpecObject[] {
  const common = { namespace, link: link.name, index: link.index, mac: link.mac, up: link.up };
  if (link.kind === "bridge") return bridgeObjects(namespace, link);
  if (link.kind !== "veth") return [];
  // A router has the near end of each of its ports, and of a peering the end that its alias tells.
  const isFar = !isRouter || isPeeringEnd(link);
  return [vethObject(link, isFar ? "far" : "near", common, links)];
}

function bridgeObjects(namespace: string, { name, index, mac, up }: LinkState): SpecObject[] {
  const bridge = { namespace, link: name, index } as const;
  return [{ kind: "bridge", ...bridge, mac }, ...(up ? [{ kind: "bridge-up", ...bridge } as const] : [])];
}

type LinkPart = Pick<VethObject, "namespace" | "link" | "index" | "mac" | "up">;

/** The peer is filled in when the other namespace has been read too. A port that is not isolated counts as one on no bridge. */
export function vethObject(link: LinkState, end: VethObject["end"], common: LinkPart, links: ReadonlyMap<number, LinkState>): VethObject {
  const master = link.master === undefined ? undefined : links.get(link.master);
  const { port } = link;
  const asWanted = port?.isolated === true && !port.learning && !port.flood && !port.mcastFlood && !port.bcastFlood;
  return {
    kind: "veth",
    end,
    ...common,
    peer: { namespace: "?", link: "?", mac: "" },
    ...(master !== undefined && asWanted ? { bridge: { link: master.name, index: master.index } } : {}),
    ...(link.alias === "" ? {} : { alias: link.alias }),
  };
}

export function readAddresses(namespace: string, socket: RouteSocket, links: ReadonlyMap<number, LinkState>): SpecObject[] {
  return dumpAddresses(socket).flatMap(({ address, prefixLength, link }): SpecObject[] => {
    const name = links.get(link)?.name;
    return name === undefined || name === "lo" ? [] : [{ kind: "address", namespace, link: name, index: link, address, prefix: prefixLength }];
  });
}

export function readRoutes(namespace: string, socket: RouteSocket, links: ReadonlyMap<number, LinkState>): SpecObject[] {
  return routesOfOurs(namespace, socket).map((route): SpecObject => {
    // The kernel hangs an IPv6 blackhole on the loopback.
    const link = route.link === undefined || route.type === "blackhole" ? undefined : links.get(route.link)?.name;
    const metric = route.metric === defaultMetric6 && isIpv6(route.destination) ? undefined : route.metric;
    return {
      kind: "route",
      namespace,
      table: route.table,
      destination: route.destination,
      type: route.type === "blackhole" || route.type === "unicast" ? route.type : "other",
      ...(route.gateway === undefined ? {} : { via: route.gateway }),
      ...(link === undefined || route.link === undefined ? {} : { link, index: route.link }),
      ...(route.onLink === true ? { onlink: true } : {}),
      ...(route.source === undefined ? {} : { source: route.source }),
      ...(route.protocol === routeProtocol ? {} : { foreign: true }),
      ...(metric === undefined ? {} : { metric }),
    };
  });
}

/** On the host, routes with our protocol. In a namespace of ours every route counts that the kernel did not make by itself. */
function routesOfOurs(namespace: string, socket: RouteSocket): Route[] {
  if (namespace === "") return dumpRoutes(socket, { protocol: routeProtocol });
  return dumpRoutes(socket).filter((route) => route.protocol !== kernelProtocol);
}

/** What an IPv6 route gets that was made without one. */
const defaultMetric6 = 1024;

/** RTPROT_KERNEL: what comes with an address. */
const kernelProtocol = 2;

function readRouter(namespace: string, socket: RouteSocket, links: ReadonlyMap<number, LinkState>): SpecObject[] {
  const rules = [...dumpRules(socket), ...dumpRules(socket, AF_INET6)].flatMap((rule): SpecObject[] => {
    if (rule.protocol !== routeProtocol || rule.table === undefined) return [];
    const { priority, table, mark, suppressPrefixLength, incomingLink } = rule;
    return [{
      kind: "rule", namespace, priority, table, ...(rule.family === AF_INET6 ? { family: 6 } : {}),
      ...(mark === undefined ? {} : { mark }), ...(suppressPrefixLength === undefined ? {} : { suppressPrefixLength }),
      ...(incomingLink === "lo" ? { ownPackets: true } : {}),
    }];
  });
  const ports = dumpFdb(socket).flatMap(({ mac, port, kind }): SpecObject[] => {
    const link = links.get(port)?.name;
    return kind === "static" && link !== undefined ? [{ kind: "fdb", namespace, link, index: port, mac }] : [];
  });
  const bridges = [...links.values()].filter((link) => link.kind === "bridge").map((link) => link.name);
  const settings = routerSettings(bridges).flatMap(({ key }): SpecObject[] => {
    const value = readSysctl(namespace, key);
    return value === undefined ? [] : [{ kind: "sysctl", namespace, key, value }];
  });
  const shaping = readShaping(namespace, socket, links);
  return [...rules, ...ports, ...settings, ...shaping, ...readSettings6(namespace, links.values()), ...ownTables(namespace, list(namespace, "list ruleset"))];
}
