// Which name servers a workload asks.
//
// A host's /etc/resolv.conf often names a server on the host itself: systemd-resolved on 127.0.0.53, dnsmasq on 127.0.0.1 or on the
// machine's own address. In a subnet's namespace loopback is another loopback, and the host's addresses are closed to a VPC. Such a
// local server knows the real ones and has written them to a file of its own; we take the first file that names a usable one.
// Servers with IPv6 addresses are left out too: not every VPC has IPv6, and its resolver asks outside by IPv4.
import { readFileSync } from "../kernel/files.ts";
import { dumpAddresses } from "../kernel/netlink/address.ts";
import { RouteSocket } from "../kernel/netlink/route-socket.ts";
import { tryParseIpv4 } from "../model/cidr.ts";
import { hostServers, type NameSettings } from "../model/dhcp-options.ts";

export interface Resolvers {
  readonly servers: readonly string[];
  /** The whole text of a resolv.conf for workloads. */
  readonly text: string;
  /** What the user should know: set when no server of the host's can be used. */
  readonly note?: string;
}

/** The host's own file first, then where each kind of local server writes its upstream servers. */
const SOURCES = [
  "/etc/resolv.conf",
  "/run/systemd/resolve/resolv.conf",
  "/run/NetworkManager/no-stub-resolv.conf",
  "/run/NetworkManager/resolv.conf",
  "/run/dnsmasq/resolv.conf",
  "/run/resolvconf/resolv.conf",
] as const;

/** Google's and Cloudflare's public resolvers: reachable from wherever the internet is. */
export const publicServers = ["8.8.8.8", "1.1.1.1"] as const;

/** Reads the host's files. Throws a KernelError when the host's addresses cannot be told. */
export function upstreamResolvers(): Resolvers {
  using socket = RouteSocket.open();
  const own = new Set(dumpAddresses(socket).map(({ address }) => address));
  return chooseResolvers(readText, (address) => own.has(address));
}

/** For a workload: whom its VPC says, or what the host asks. Call it before entering a namespace. */
export function resolversFor({ nameSettings }: { readonly nameSettings?: NameSettings }, upstream: () => Resolvers = upstreamResolvers): Resolvers {
  if (nameSettings === undefined) return upstream();
  const { origin, servers: told, domains } = nameSettings;
  const host = told.includes(hostServers) ? upstream() : undefined;
  const servers = [...new Set(told.flatMap((server) => (server === hostServers ? (host?.servers ?? []) : [server])))];
  // Without a line `search`, the C library takes the domain of the host's own name.
  const search = domains.length === 0 ? "." : domains.join(" ");
  // How to ask the host's servers; DHCP says nothing of it.
  const options = host?.text.split("\n").filter((line) => /^[ \t]*options[ \t]/.test(line)) ?? [];
  const text = [`# The ${origin} of the VPC.`, ...servers.map((server) => `nameserver ${server}`), `search ${search}`, ...options, ""].join("\n");
  return { servers, text, ...(host?.note === undefined ? {} : { note: host.note }) };
}

/** The choice itself: `read` gives a file's text ("" when there is none), `isOwn` tells the host's own addresses. Pure. */
export function chooseResolvers(read: (path: string) => string, isOwn: (address: string) => boolean): Resolvers {
  const settings = read(SOURCES[0]);
  for (const source of SOURCES) {
    const servers = serversIn(read(source)).filter((server) => isUsable(server, isOwn));
    if (servers.length > 0) return { servers, text: write(servers, settings, source) };
  }
  const servers = [...publicServers];
  const note =
    "The host's name servers cannot be reached from a VPC, and no file of the host names others; " +
    `the workload asks the public servers ${servers.join(" and ")}.`;
  return { servers, text: write(servers, settings, "no file of the host"), note };
}

function serversIn(text: string): string[] {
  return [...text.matchAll(/^[ \t]*nameserver[ \t]+(\S+)/gm)].map(([, server]) => server ?? "");
}

function isUsable(server: string, isOwn: (address: string) => boolean): boolean {
  // 0.0.0.0 as a destination means this very host.
  return "value" in tryParseIpv4(server) && !server.startsWith("127.") && server !== "0.0.0.0" && !isOwn(server);
}

function write(servers: readonly string[], settings: string, source: string): string {
  const kept = settings.split("\n").filter((line) => /^[ \t]*(search|domain|options|sortlist)[ \t]/.test(line));
  // `trust-ad` trusts what a server says it has verified. That is sound for a server on the same machine only.
  const lines = source === SOURCES[0] ? kept : kept.map((line) => line.replace(/[ \t]trust-ad\b/, ""));
  return [`# Name servers for workloads, from ${source}.`, ...servers.map((server) => `nameserver ${server}`), ...lines, ""].join("\n");
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // Absent on most hosts; unreadable is as good as absent.
    return "";
  }
}
