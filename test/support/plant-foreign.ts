// What a machine looks like that somebody else uses too: Docker, a home-made bridge, a firewall, routes of a VPN. Nothing here belongs
// to vpcctl, and much of it looks as if it might: names that a careless pattern would match are chosen on purpose.
import type { FakeHost } from "./fake-host.ts";
import { linksSettle } from "./links-settle.ts";
import { untilItSleeps } from "./until-it-sleeps.ts";

export interface ForeignOptions {
  /** Another firewall rejects whatever it does not know, as firewalld does, and with it what vpcctl forwards. False when absent. */
  readonly rejecting?: boolean;
}

/** Puts foreign things on a fake host with internet. All forwarding that Docker does not know is dropped (`FORWARD` policy DROP). */
export async function plantForeign(host: FakeHost, options: ForeignOptions = {}): Promise<void> {
  for (const part of [settings, docker, bridges, namespaces, routing, names]) await host.sh(`set -eu\n${newNamespace}${part}`);
  await host.sh(["nft", dockerTables + otherTables(options.rejecting ?? false)]);
  await host.sh(legacyRules);
  await linksSettle(host);
}

// IPv6 addresses are usable at once, here and below: they must not change state between two snapshots.
const newNamespace = `
new_namespace() {
  ip netns add "$1"
  ip netns exec "$1" sysctl -qw net.ipv6.conf.default.accept_dad=0
  ip -n "$1" link set lo up
}
`;

// Docker turns forwarding on and never off.
const settings = `
sysctl -qw net.ipv4.ip_forward=1 net.ipv4.ip_local_port_range='20000 50000' net.ipv4.neigh.uplink0.gc_stale_time=120
sysctl -qw net.ipv4.conf.all.rp_filter=2 net.ipv4.conf.default.rp_filter=2 net.ipv6.conf.default.accept_dad=0
`;

// A container is a namespace whose eth0 is the far end of a vethNNNN on docker0. Numbers of the two ends differ, or the kernel tells of
// their carriers a second late.
const docker = `
ip link add docker0 type bridge
ip address add 172.17.0.1/16 brd 172.17.255.255 dev docker0
ip link set docker0 up
for container in 1234 5678; do
  new_namespace "container-$container"
  ip link add "veth$container" index "$container" type veth peer name eth0 index 2 netns "container-$container"
  ip link set "veth$container" master docker0
  ip link set "veth$container" up
  ip -n "container-$container" address add "172.17.0.$((container / 1234 + 1))/16" dev eth0
  ip -n "container-$container" link set eth0 up
  ip -n "container-$container" route add default via 172.17.0.1
done
sysctl -qw net.ipv4.conf.docker0.route_localnet=1
`;

// A veth between two bridges of somebody else, and bridges named as ours are (ours live in other namespaces).
const bridges = `
for bridge in br-lan br-company-a br-0123456789ab; do ip link add "$bridge" type bridge; done
ip address add 192.168.77.1/24 dev br-lan
ip link add veth0 index 900 type veth peer name veth1 index 901
ip link set veth0 master br-lan
ip link set veth1 master br-company-a
ip link set veth0 alias 'link of the lab'
for link in br-lan br-company-a veth0 veth1; do ip link set "$link" up; done
`;

// Named like a router of ours, like a subnet somebody may ask for, and like a VPC; in the first a process of somebody else.
const namespaces = `
for namespace in vpc.not-ours internal company-a; do new_namespace "$namespace"; done
ip link add v-public index 902 type veth peer name eth0 index 2 netns vpc.not-ours
ip address add 10.0.0.1/30 dev v-public
ip -n vpc.not-ours address add 10.0.0.2/30 dev eth0
ip link set v-public up
ip -n vpc.not-ours link set eth0 up
ip netns exec vpc.not-ours sleep infinity </dev/null >/dev/null 2>&1 &
${untilItSleeps}
`;

// Tables and priorities of somebody else's policy routing, a neighbour set by hand and a proxy.
const routing = `
ip route add 100.64.0.0/10 via 203.0.113.1 metric 50
ip route add default via 203.0.113.1 table 100
ip route add blackhole 192.0.2.0/24 table 1001
ip -6 route add 2001:db8:77::/48 dev br-lan
ip rule add from 192.168.77.0/24 lookup 100 priority 100
ip rule add fwmark 0x1 lookup 1001 priority 1001
ip -6 rule add from 2001:db8:77::/48 lookup 100 priority 100
ip neighbour add 192.168.77.9 lladdr 02:00:00:00:00:09 dev br-lan nud permanent
ip neighbour add proxy 192.168.77.10 dev uplink0
`;

const names = `
mkdir -p /etc/netns/internal
echo 'nameserver 192.168.77.1' >/etc/netns/internal/resolv.conf
`;

// As iptables-nft writes them for Docker 28.
const dockerTables = `
table ip nat {
  chain DOCKER { iifname "docker0" counter return; }
  chain PREROUTING { type nat hook prerouting priority dstnat; policy accept; fib daddr type local counter jump DOCKER; }
  chain OUTPUT { type nat hook output priority -100; policy accept; ip daddr != 127.0.0.0/8 fib daddr type local counter jump DOCKER; }
  chain POSTROUTING { type nat hook postrouting priority srcnat; policy accept; oifname != "docker0" ip saddr 172.17.0.0/16 counter masquerade; }
}
table ip filter {
  chain DOCKER { iifname != "docker0" oifname "docker0" counter drop; }
  chain DOCKER-USER { counter return; }
  chain DOCKER-FORWARD { oifname "docker0" ct state related,established counter accept; oifname "docker0" counter jump DOCKER; iifname "docker0" counter accept; }
  chain FORWARD { type filter hook forward priority filter; policy drop; counter jump DOCKER-USER; counter jump DOCKER-FORWARD; }
}
table ip6 filter {
  chain FORWARD { type filter hook forward priority filter; policy drop; }
}
`;

/** A firewall of the host, with a set and a named counter; a table with our name in a family that we do not use; one without chains. */
function otherTables(rejecting: boolean): string {
  return `
table inet firewall {
  counter dropped { }
  set trusted { type ipv4_addr; flags interval; elements = { 192.168.77.0/24, 203.0.113.0/24 }; }
  chain input {
    type filter hook input priority 10; policy accept;
    ct state established,related accept; ip saddr @trusted accept; tcp dport 23 counter name dropped drop;
  }
  chain forward {
    type filter hook forward priority 10; policy accept;
    ct state established,related accept; ip saddr @trusted accept; iifname "docker0" accept; ${rejecting ? "reject with icmpx admin-prohibited;" : "counter;"}
  }
}
table arp vpcctl {
  chain kept { type filter hook input priority 0; policy accept; }
}
table inet empty { }
`;
}

// Only where the old program is installed: its rules are invisible to nft.
const legacyRules = `
if command -v iptables-legacy >/dev/null; then
  iptables-legacy -N KEPT
  iptables-legacy -A KEPT -s 192.168.77.0/24 -j RETURN
  iptables-legacy -A FORWARD -j KEPT
fi
`;
