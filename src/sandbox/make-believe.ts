// The make-believe world around the sandbox's host. All addresses but the three that everybody pings are reserved for documentation
// (RFC 5737, RFC 3849), so nobody can take them for his own.

/** The namespace that stands for the internet; foreign to vpcctl, like any other namespace on a host. */
export const internetNamespace = "internet";

/** The host's only way out. `gateway` is the internet's end of it. */
export const uplink = {
  link: "uplink0",
  address: "203.0.113.2",
  gateway: "203.0.113.1",
  prefixLength: 24,
  broadcast: "203.0.113.255",
  address6: "2001:db8:203:113::2",
  gateway6: "2001:db8:203:113::1",
  prefixLength6: 64,
  /** The link's other end, in the internet. */
  farLink: "host0",
} as const;

/** The name server that the host's /etc/resolv.conf names. */
export const nameServer = "8.8.8.8";

/** Every address that answers questions about names. */
export const nameServers = [nameServer, "1.1.1.1"] as const;

/** Where every name that exists leads to: the web server. */
export const webServer = "198.51.100.80";

/** The name server, by IPv6. */
export const nameServer6 = "2001:4860:4860::8888";

/** The web server, by IPv6; no name leads to it. */
export const webServer6 = "2001:db8:198:51::80";

/** What the internet answers to, besides the gateway. */
export const internetAddresses = [...nameServers, webServer] as const;
export const internetAddresses6 = [nameServer6, webServer6] as const;

/** The address of a name; undefined when the name does not exist. `.example` is reserved for examples (RFC 2606). */
export function lookUp(name: string): string | undefined {
  const plain = name.toLowerCase().replace(/\.$/, "");
  return plain === "www.google.com" || plain === "google.com" || plain.endsWith(".example") ? webServer : undefined;
}

/** Everything of the sandbox's own; on its private /run. */
export const sandboxDirectory = "/run/sandbox";

/** Found first in PATH inside, so that `vpcctl` is this very program. */
export const programDirectory = `${sandboxDirectory}/bin`;

/** Read by the interactive shell. */
export const shellProfile = `${sandboxDirectory}/profile`;

/** The World of the sandbox; never the host's. */
export const stateDirectory = "/run/vpcctl-state";
