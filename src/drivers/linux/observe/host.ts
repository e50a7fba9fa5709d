// Our share of the host: gateway links with what hangs on them, the one table, the uplinks' switches, our rules in others' chains.
import { listLegacyForward } from "../../../kernel/legacy-iptables.ts";
import { dumpLinks } from "../../../kernel/netlink/link-state.ts";
import type { LinkState } from "../../../kernel/netlink/link-state.ts";
import { dumpNeighbours } from "../../../kernel/netlink/neighbour.ts";
import { RouteSocket } from "../../../kernel/netlink/route-socket.ts";
import { readSysctl } from "../../../kernel/sysctl.ts";
import type { Scope } from "../../driver.ts";
import { nftText } from "../../../kernel/libnftables.ts";
import { parseGatewayAlias } from "../gateway-alias.ts";
import type { Uplink } from "../host-facts.ts";
import { hostNamespace, ownershipWord, tableName } from "../names.ts";
import type { SpecObject } from "../objects/object.ts";
import { inScope } from "./in-scope.ts";
import type { NftItem } from "./json.ts";
import { readAddresses, readRoutes, vethObject } from "./namespace.ts";
import type { Reading } from "./namespace.ts";
import { legacyRules } from "./legacy-forward.ts";
import { foreignRules, list, ownTables } from "./ruleset.ts";
import { switchedUplinks } from "./switched-uplinks.ts";
import { forcedSwitches6, forcedUplinks6, gatewaySwitches6 } from "./uplinks6.ts";

export function observeHost(scope: Scope): Reading {
  using socket = RouteSocket.open();
  const links = new Map(dumpLinks(socket).map((link) => [link.index, link]));
  const all = [...links.values()].filter((link) => parseGatewayAlias(link.alias) !== undefined);
  const ours = all.filter((link) => inScope(scope, { vpc: parseGatewayAlias(link.alias)?.vpc ?? "" }));
  const names = new Set(ours.map((link) => link.name));
  const onOurs = (o: SpecObject): boolean => "link" in o && o.link !== undefined && names.has(o.link);
  const items = list(hostNamespace, "list ruleset");
  const routes = readRoutes(hostNamespace, socket, links);
  const elsewhere = new Set(all.filter((link) => !ours.includes(link)).map((link) => link.name));
  const tables = hasOurTable(items) ? ownTables(hostNamespace, items.filter(isInet)).filter((o) => o.kind !== "nft-element" || !elsewhere.has(gatewayOf(o.key))) : [];
  const objects: SpecObject[] = [
    ...tables,
    ...switchesOf(switchedUplinks(items, all)),
    ...forcedSwitches6(forcedUplinks6(items, all)),
    ...ours.map((link) => gatewayEnd(link, links)),
    ...readAddresses(hostNamespace, socket, links).filter(onOurs),
    ...routes.filter(onOurs),
    ...dumpNeighbours(socket, 0).flatMap(({ address, mac, link }): SpecObject[] => {
      const name = links.get(link)?.name ?? "";
      return names.has(name) ? [{ kind: "neighbour", namespace: hostNamespace, link: name, address, mac }] : [];
    }),
    ...[...names].flatMap((name) => [...forwardingOf(name), ...gatewaySwitches6(name)]),
    ...[...foreignRules(items).map((found) => found.rule), ...legacyRules(listLegacyForward())].filter((rule) => inScope(scope, { vpc: rule.comment.slice("vpcctl ".length) })),
  ];
  return { namespace: hostNamespace, objects, links };
}

const gatewayEnd = ({ name, mac, up, ...rest }: LinkState, links: ReadonlyMap<number, LinkState>): SpecObject =>
  vethObject({ name, mac, up, ...rest }, "far", { namespace: hostNamespace, link: name, mac, up }, links);

/** The gateway's link is the key of an entry in the host's lists, or its first part. */
const gatewayOf = (key: string): string => key.split(" . ", 1)[0] ?? "";

/** A table of our name may be somebody else's; ours says so in its comment, which nft's JSON leaves out. */
function hasOurTable(items: readonly NftItem[]): boolean {
  if (!items.some(({ table }) => table?.name === tableName && table.family === "inet")) return false;
  return nftText(hostNamespace, `list table inet ${tableName}`).includes(`\n\tcomment "${ownershipWord}"\n`);
}

/** Our table on the host is of this family; one of our name in another family is not ours. */
const isInet = ({ table, chain, set, map, rule }: NftItem): boolean => (table ?? chain ?? set ?? map ?? rule)?.family === "inet";

/** Switches that we may have turned. They serve all gateways, so they are in view whatever the scope. */
function switchesOf(switched: ReadonlyMap<string, Uplink>): SpecObject[] {
  return [...switched.keys()].flatMap((link): SpecObject[] => {
    const key = `net/ipv4/conf/${link}/forwarding`;
    const value = readSysctl(hostNamespace, key);
    return value === undefined ? [] : [{ kind: "sysctl", namespace: hostNamespace, key, value, was: "0" }];
  });
}

function forwardingOf(link: string): SpecObject[] {
  const key = `net/ipv4/conf/${link}/forwarding`;
  const value = readSysctl(hostNamespace, key);
  return value === undefined ? [] : [{ kind: "sysctl", namespace: hostNamespace, key, value }];
}
