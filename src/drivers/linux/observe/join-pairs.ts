// Which two ends make a pair? The kernel tells each end only the other's interface index and a private number for its namespace. Ours know
// where their peer must be, so they are joined when both ends there name each other's index.
import { namespaceExists } from "../../../kernel/namespaces.ts";
import { dumpLinks, type LinkState } from "../../../kernel/netlink/link-state.ts";
import { RouteSocket } from "../../../kernel/netlink/route-socket.ts";
import { parseGatewayAlias } from "../gateway-alias.ts";
import { routerNamespace } from "../names.ts";
import { parsePeeringAlias } from "../peering-alias.ts";
import type { VethObject } from "../objects/object.ts";
import type { Reading } from "./namespace.ts";

/** Fills in the peers of the far ends. An end whose peer is not where it should be keeps its unknown one. */
export function joinPairs(readings: readonly Reading[]): void {
  const linksOf = new Map(readings.map((reading) => [reading.namespace, reading.links]));
  for (const reading of readings) {
    reading.objects.forEach((object, i) => {
      if (object.kind !== "veth" || object.end !== "far") return;
      const router = routerOf(object);
      // The other router of a peering may be out of scope; of its links a look is enough.
      const links = linksOf.get(router) ?? readLinks(router);
      linksOf.set(router, links);
      const end = [...reading.links.values()].find((link) => link.name === object.link);
      const other = links.get(end?.peerIndex ?? -1);
      if (end === undefined || other === undefined || other.peerIndex !== end.index) return;
      reading.objects[i] = { ...object, peer: { namespace: router, link: other.name, mac: other.mac } };
    });
  }
}

function readLinks(namespace: string): ReadonlyMap<number, LinkState> {
  if (!namespaceExists(namespace)) return new Map();
  using socket = RouteSocket.open(namespace);
  return new Map(dumpLinks(socket).map((link) => [link.index, link]));
}

/** `vpc.company-a` for the end in `vpc.company-a.public-web`, and by the alias for an end on the host or in another router. */
function routerOf({ namespace, alias = "" }: VethObject): string {
  const requester = parsePeeringAlias(alias);
  if (requester !== undefined) return routerNamespace(requester);
  if (namespace !== "") return namespace.split(".", 2).join(".");
  return routerNamespace(parseGatewayAlias(alias)?.vpc ?? "");
}
