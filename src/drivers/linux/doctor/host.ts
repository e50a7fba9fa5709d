// What else on the host has a say in the network: settings, other firewalls, and things that bear our names but are not ours.
import { readFileSync } from "../../../kernel/files.ts";
import { isKernelError } from "../../../kernel/errors.ts";
import { legacyFilterInUse, listLegacyForward } from "../../../kernel/legacy-iptables.ts";
import { requireNftables } from "../../../kernel/libnftables.ts";
import { listNamespaces } from "../../../kernel/namespaces.ts";
import { dumpLinks, getLink } from "../../../kernel/netlink/link-state.ts";
import { dumpRoutes } from "../../../kernel/netlink/route.ts";
import { RouteSocket } from "../../../kernel/netlink/route-socket.ts";
import { readSysctl } from "../../../kernel/sysctl.ts";
import type { Finding } from "../../doctor.ts";
import { ownershipWord, parseNamespaceMark, tableName } from "../names.ts";
import type { NftItem } from "../observe/json.ts";
import { legacyBarriers } from "../observe/legacy-forward.ts";
import { list } from "../observe/ruleset.ts";
import { findForwardChains } from "./forward-chains.ts";
import { ipv6Forwarding } from "./ipv6.ts";

/** Every look at the host, in the order they are shown. A look that finds nothing worth a line returns nothing. */
export const hostChecks: readonly ((privileged: boolean) => readonly Finding[])[] = [
  uplink,
  forwarding,
  ipv6Forwarding,
  connectionTracking,
  bridgeNetfilter,
  otherFirewalls,
  legacyIptables,
  foreignNames,
];

/** Is the library behind nft there, and which? */
export function examineLibrary(): Finding {
  const finding = { subject: "libnftables", why: "Rules are written through it, many at once and all or nothing." };
  try {
    requireNftables();
  } catch (error) {
    if (!isKernelError(error)) throw error;
    return { ...finding, status: "fail", found: "not found", fix: "apt-get install nftables" };
  }
  return { ...finding, status: "ok", found: loadedLibrary("libnftables") };
}

/** File name of a library this process has loaded; its number is the version. */
function loadedLibrary(name: string): string {
  return new RegExp(`/(${name}\\.so[.0-9]*)$`, "m").exec(readFileSync("/proc/self/maps", "utf8"))?.[1] ?? "loaded";
}

function uplink(): Finding[] {
  const finding = { subject: "uplink", why: "Packets to the internet leave through the link of the default route." };
  using socket = RouteSocket.open();
  const route = dumpRoutes(socket, { family: 2 }).find((candidate) => candidate.destination === "0.0.0.0/0" && candidate.type === "unicast");
  if (route?.link === undefined) {
    const fix = "VPCs work, but without internet. Give the host a default route, or use: vpcctl sandbox";
    return [{ ...finding, status: "warn", found: "no default route", fix }];
  }
  const link = getLink(socket, { index: route.link })?.name ?? String(route.link);
  return [{ ...finding, status: "ok", found: route.gateway === undefined ? link : `${link} via ${route.gateway}` }];
}

function forwarding(): Finding[] {
  const on = readSysctl("", "net/ipv4/ip_forward") === "1";
  const why = on
    ? "The host passes packets on, as an internet gateway needs."
    : "vpcctl leaves it off: a VPC with internet needs forwarding on its own link and on the uplink alone, and only these are switched.";
  return [{ subject: "ip_forward", status: "ok", found: on ? "on" : "off", why }];
}

/** Full to this share, new connections are near to being refused. */
const nearlyFull = 0.9;

function connectionTracking(): Finding[] {
  const finding = { subject: "connection tracking", why: "Replies find their way back through the address translation by it." };
  const read = (key: string) => Number(readSysctl("", `net/netfilter/${key}`) ?? Number.NaN);
  const [count, max] = [read("nf_conntrack_count"), read("nf_conntrack_max")];
  // Absent until somebody uses it; the trial of nftables says whether it can be.
  if (Number.isNaN(max)) return [{ ...finding, status: "ok", found: "not in use yet" }];
  // A namespace other than the first sees the limit but may not raise it.
  const found = Number.isNaN(count) ? `at most ${max} connections` : `${count} of ${max} connections`;
  if (count < nearlyFull * max || Number.isNaN(count)) return [{ ...finding, status: "ok", found }];
  return [{ ...finding, status: "warn", found, fix: `sysctl net.netfilter.nf_conntrack_max=${2 * max}` }];
}

function bridgeNetfilter(): Finding[] {
  if (readSysctl("", "net/bridge/bridge-nf-call-iptables") !== "1") return [];
  return [
    {
      subject: "br_netfilter",
      status: "ok",
      found: "on for the host",
      why: "With it, frames on a bridge pass the rules for routed packets too. Docker and Kubernetes want that; vpcctl switches it off in its own routers.",
    },
  ];
}

function otherFirewalls(privileged: boolean): Finding[] {
  if (!privileged) return [];
  let ruleset: readonly NftItem[];
  try {
    ruleset = list("", "list ruleset");
  } catch (error) {
    // Without the library there is nothing to ask, and another line says what is missing.
    if (isKernelError(error)) return [];
    throw error;
  }
  const chains = findForwardChains(ruleset).filter((chain) => chain.table !== tableName);
  return chains.map(({ family, table, name, closes, owner }) => ({
    subject: `firewall: ${owner}`,
    status: "ok",
    found: `${family} ${table} ${name}${closes ? " drops what it does not know" : ""}`,
    why: closes
      ? "An accept elsewhere cannot overrule it, so vpcctl puts rules with its tag into this chain while a VPC has internet, and takes them out again."
      : "It lets packets of VPCs pass as long as none of its rules says otherwise.",
  }));
}

function legacyIptables(privileged: boolean): Finding[] {
  if (!privileged || !legacyFilterInUse()) return [];
  const finding = { subject: "firewall: iptables of the old kind", why: "nftables cannot see it, so vpcctl asks its own program whether it drops what is forwarded." };
  try {
    const closes = legacyBarriers(listLegacyForward()).length > 0;
    const found = closes ? "its FORWARD chain drops; vpcctl puts rules with its tag there while a VPC has internet" : "its FORWARD chain lets packets pass";
    return [{ ...finding, status: "ok", found }];
  } catch (error) {
    if (!isKernelError(error)) throw error;
    return [{ ...finding, status: "fail", found: error.message, fix: "Install its program: apt install iptables" }];
  }
}

function foreignNames(privileged: boolean): Finding[] {
  const why = "vpcctl never touches what lacks its mark, so a VPC whose names these are cannot be made.";
  using host = RouteSocket.open();
  const links = dumpLinks(host).filter((link) => link.name.startsWith("igw-") && !link.alias.startsWith(ownershipWord));
  const namespaces = privileged ? listNamespaces().filter((name) => name.startsWith("vpc.") && !isOurs(name)) : [];
  const foreign = (kind: string, name: string, remove: string): Finding => {
    return { subject: `foreign ${kind} ${name}`, status: "warn", found: "not made by vpcctl", why, fix: `If nobody needs it: ${remove} ${name}` };
  };
  return [
    ...links.map(({ name }) => foreign("link", name, "ip link delete")),
    ...namespaces.map((name) => foreign("namespace", name, "ip netns delete")),
  ];
}

function isOurs(namespace: string): boolean {
  try {
    using socket = RouteSocket.open(namespace);
    return parseNamespaceMark(getLink(socket, { name: "lo" })?.alias) !== undefined;
  } catch (error) {
    // A file that is no namespace (any more), or one that may not be entered: at least not provably ours.
    if (isKernelError(error)) return false;
    throw error;
  }
}
