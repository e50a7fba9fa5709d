import { listLegacyForward } from "../../../kernel/legacy-iptables.ts";
import { dumpLinks } from "../../../kernel/netlink/link-state.ts";
import { dumpRoutes } from "../../../kernel/netlink/route.ts";
import { RouteSocket } from "../../../kernel/netlink/route-socket.ts";
import { readSysctl } from "../../../kernel/sysctl.ts";
import { parseGatewayAlias } from "../gateway-alias.ts";
import type { HostFacts, Uplink } from "../host-facts.ts";
import { mainTable } from "../numbers.ts";
import { guardedUplinks } from "../uplink-guard.ts";
import { legacyBarriers } from "./legacy-forward.ts";
import { forwardBarriers, list } from "./ruleset.ts";

/** Reads what the compiler must know of the host. Changes nothing. */
export function survey(): HostFacts {
  const items = list("", "list ruleset");
  return { uplinks: uplinks(guardedUplinks(items)), barriers: [...forwardBarriers(items), ...legacyBarriers(listLegacyForward())] };
}

function uplinks(guarded: readonly Uplink[]): Uplink[] {
  using socket = RouteSocket.open();
  const links = dumpLinks(socket);
  // What an earlier gateway found stands in its alias; by now the setting itself may be our own doing.
  const written = [...guarded, ...links.flatMap(({ alias }) => parseGatewayAlias(alias)?.uplinks ?? [])];
  const recorded = new Map(written.map((uplink) => [uplink.link, uplink]));
  const leading = new Set(
    dumpRoutes(socket, { family: 2, table: mainTable }).flatMap((route) => (route.destination === "0.0.0.0/0" ? [route.link] : [])),
  );
  return links
    .filter((link) => leading.has(link.index) || recorded.has(link.name))
    .map(({ name }) => recorded.get(name) ?? { link: name, forwardingWas: readSysctl("", `net/ipv4/conf/${name}/forwarding`) ?? "0" })
    .toSorted((a, b) => (a.link < b.link ? -1 : 1));
}
