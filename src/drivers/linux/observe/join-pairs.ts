// Which two ends make a pair? The kernel tells each end only the other's interface index and a private number for its namespace. Ours know
// where their peer must be, so they are joined when both ends there name each other's index.
import { parseGatewayAlias } from "../gateway-alias.ts";
import { routerNamespace } from "../names.ts";
import type { VethObject } from "../objects/object.ts";
import type { Reading } from "./namespace.ts";

/** Fills in the peers of the far ends. An end whose peer is not where it should be keeps its unknown one. */
export function joinPairs(readings: readonly Reading[]): void {
  const byNamespace = new Map(readings.map((reading) => [reading.namespace, reading]));
  for (const reading of readings) {
    reading.objects.forEach((object, i) => {
      if (object.kind !== "veth" || object.end !== "far") return;
      const router = byNamespace.get(routerOf(object));
      const end = [...reading.links.values()].find((link) => link.name === object.link);
      const other = router?.links.get(end?.peerIndex ?? -1);
      if (router === undefined || end === undefined || other === undefined || other.peerIndex !== end.index) return;
      reading.objects[i] = { ...object, peer: { namespace: router.namespace, link: other.name, mac: other.mac } };
    });
  }
}

/** `vpc.company-a` for the end in `vpc.company-a.public-web`, and by the alias for an end on the host. */
function routerOf({ namespace, alias }: VethObject): string {
  if (namespace !== "") return namespace.split(".", 2).join(".");
  return routerNamespace(parseGatewayAlias(alias ?? "")?.vpc ?? "");
}
