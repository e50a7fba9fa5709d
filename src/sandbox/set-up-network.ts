// The host's network as on a fresh machine: loopback, an uplink with a default route, and behind it the internet. Nothing is
// forwarded and there is no firewall: that is the product's work.
import { mkdirSync } from "../kernel/files.ts";
import { isKernelError } from "../kernel/errors.ts";
import { bindMount, shareMount } from "../kernel/mounts.ts";
import { NAMESPACE_DIRECTORY } from "../kernel/namespace-directory.ts";
import { NamespaceHandle } from "../kernel/namespaces.ts";
import { newAddress } from "../kernel/netlink/address.ts";
import { newVeth, setLink } from "../kernel/netlink/link.ts";
import { newRoute } from "../kernel/netlink/route.ts";
import { createNamespaceWithSocket, RouteSocket } from "../kernel/netlink/route-socket.ts";
import { readSysctl, writeSysctl } from "../kernel/sysctl.ts";
import { internetAddresses, internetAddresses6, internetNamespace, uplink } from "./make-believe.ts";

/** The kernel gives every namespace its loopback first. */
const LOOPBACK = 1;

// Two numbers that differ: the kernel takes a link whose peer has the same number for one without a peer, and tells of its carrier up
// to a second late (linkwatch_urgent_event).
const UPLINK = 2;
const FAR_LINK = 3;

/** Throws KernelError. Without the internet the host has its loopback only, and no named namespaces. */
export function setUpNetwork(withInternet: boolean): void {
  using host = RouteSocket.open();
  host.demand([setLink({ index: LOOPBACK, up: true })]);
  if (!withInternet) return;
  makeNamespaceDirectory();
  using internet = createNamespaceWithSocket(internetNamespace);
  using handle = new NamespaceHandle(internetNamespace);
  host.demand([newVeth({ name: uplink.link, index: UPLINK, peer: { name: uplink.farLink, index: FAR_LINK, namespaceFd: handle.fd } })]);
  setUpInternet(internet);
  setUpUplink(host);
}

function setUpInternet(internet: RouteSocket): void {
  skipDuplicateDetection(internetNamespace, uplink.farLink);
  internet.demand([
    setLink({ index: LOOPBACK, up: true }),
    ...internetAddresses.map((address) => newAddress({ address, prefixLength: 32, link: LOOPBACK })),
    newAddress({ address: uplink.gateway, prefixLength: uplink.prefixLength, broadcast: uplink.broadcast, link: FAR_LINK }),
    setLink({ index: FAR_LINK, up: true }),
  ]);
  if (!hasIpv6()) return;
  internet.demand([
    ...internetAddresses6.map((address) => newAddress({ address, prefixLength: 128, link: LOOPBACK, noDuplicateDetection: true })),
    newAddress({ address: uplink.gateway6, prefixLength: uplink.prefixLength6, link: FAR_LINK, noDuplicateDetection: true }),
  ]);
}

function setUpUplink(host: RouteSocket): void {
  skipDuplicateDetection("", uplink.link);
  host.demand([
    newAddress({ address: uplink.address, prefixLength: uplink.prefixLength, broadcast: uplink.broadcast, link: UPLINK }),
    setLink({ index: UPLINK, up: true }),
    newRoute({ destination: "0.0.0.0/0", gateway: uplink.gateway, link: UPLINK }),
  ]);
  if (!hasIpv6()) return;
  host.demand([
    newAddress({ address: uplink.address6, prefixLength: uplink.prefixLength6, link: UPLINK, noDuplicateDetection: true }),
    newRoute({ destination: "::/0", gateway: uplink.gateway6, link: UPLINK }),
  ]);
}

/** Has this kernel IPv6, and is it not switched off for new namespaces? */
export const hasIpv6 = (): boolean => readSysctl("", "net/ipv6/conf/default/disable_ipv6") === "0";

/**
 * A link-local IPv6 address is tentative for a second or two while the link is asked whether it is taken. Here nobody can have it, and
 * a host that changes by itself after its start could not be compared with what it was.
 */
function skipDuplicateDetection(namespace: string, link: string): void {
  try {
    writeSysctl(namespace, `net/ipv6/conf/${link}/accept_dad`, 0);
  } catch (error) {
    // A kernel without IPv6.
    if (!isKernelError(error, "ENOENT")) throw error;
  }
}

/** As `ip netns add` leaves it on a host: so that vpcctl finds a directory that is not its own and leaves it alone. */
function makeNamespaceDirectory(): void {
  mkdirSync(NAMESPACE_DIRECTORY, { mode: 0o755 });
  bindMount(NAMESPACE_DIRECTORY, NAMESPACE_DIRECTORY);
  shareMount(NAMESPACE_DIRECTORY);
}
