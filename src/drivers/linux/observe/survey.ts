import { listLegacyForward } from "../../../kernel/legacy-iptables.ts";
import { dumpLinks, type LinkState } from "../../../kernel/netlink/link-state.ts";
import { dumpRoutes } from "../../../kernel/netlink/route.ts";
import { RouteSocket } from "../../../kernel/netlink/route-socket.ts";
import { readSysctl } from "../../../kernel/sysctl.ts";
import type { ForwardingWas, HostFacts, Uplink } from "../host-facts.ts";
import { mainTable } from "../numbers.ts";
import type { NftItem } from "./json.ts";
import { legacyBarriers } from "./legacy-forward.ts";
import { forwardBarriers, list } from "./ruleset.ts";
import { hostForwards, switchedUplinks } from "./switched-uplinks.ts";
import { uplinks6 } from "./uplinks6.ts";

/** Reads what the compiler must know of the host. Changes nothing. */
export function survey(): HostFacts {
  const items = list("", "list ruleset");
  using socket = RouteSocket.open();
  const links = dumpLinks(socket);
  const six = uplinks6(items, links, socket);
  return { uplinks: uplinks(items, links, socket), ...(six.length === 0 ? {} : { uplinks6: six }), barriers: [...forwardBarriers(items), ...legacyBarriers(listLegacyForward())] };
}

function uplinks(items: readonly NftItem[], links: readonly LinkState[], socket: RouteSocket): Uplink[] {
  // What an earlier gateway found stands on record; by now the setting itself may be our own doing.
  const switched = switchedUplinks(items, links);
  const leading = new Set(
    dumpRoutes(socket, { family: 2, table: mainTable }).flatMap((route) => (route.destination === "0.0.0.0/0" ? [route.link] : [])),
  );
  return links
    .filter((link) => leading.has(link.index) || switched.has(link.name))
    .map(({ name }) => switched.get(name) ?? { link: name, forwardingWas: forwardingOf(name) })
    .toSorted((a, b) => (a.link < b.link ? -1 : 1));
}

function forwardingOf(link: string): ForwardingWas {
  if (readSysctl("", `net/ipv4/conf/${link}/forwarding`) === "1") return "1";
  return hostForwards() ? "off-alone" : "0";
}
