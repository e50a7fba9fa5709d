#!/bin/bash
# The usual way to build a VPC: one command per step, as a tutorial or a first script does it.
#
# Same objects as c-limit.c makes, in the network namespace it is started in. `ip -n` and `bridge -n` are used wherever they save the
# second process of `ip netns exec`, so the script is as quick as this style can be.
#
#   shell-way.sh build N          VPC "bench" (10.0.0.0/16) with N subnets s0 .. s<N-1>, each a /26
#   shell-way.sh add-one N        one more subnet, number N
#   shell-way.sh delete           everything, namespace by namespace
set -euo pipefail

readonly router=vpc.bench bridge=br-bench router_mac=02:76:00:00:00:01

octets() { # address of subnet $1 with offset $2
  local n=$(($1 * 64 + $2))
  echo "10.0.$((n >> 8)).$((n & 255))"
}

mac() { # MAC of subnet $1 with first byte $2
  local n=$(($1 * 64 + 4))
  printf '%s:76:0a:00:%02x:%02x' "$2" $((n >> 8)) $((n & 255))
}

in_router() { ip netns exec "$router" "$@"; }

build_router() {
  ip netns add "$router"
  ip -n "$router" link set lo alias "vpcctl vpc bench"
  ip -n "$router" link set lo up
  # -e: a kernel without the feature has no such setting, and then needs none.
  in_router sysctl -qew net.ipv6.conf.default.disable_ipv6=1
  in_router sysctl -qew net.ipv6.conf.all.disable_ipv6=1
  in_router sysctl -qew net.bridge.bridge-nf-call-arptables=0
  in_router sysctl -qew net.bridge.bridge-nf-call-ip6tables=0
  in_router sysctl -qew net.bridge.bridge-nf-call-iptables=0
  in_router sysctl -qw net.ipv4.conf.all.rp_filter=0
  in_router sysctl -qw net.ipv4.conf.default.rp_filter=0
  in_router sysctl -qw net.ipv4.conf.all.send_redirects=0
  in_router sysctl -qw net.ipv4.conf.default.send_redirects=0
  in_router sysctl -qw net.ipv4.ip_forward=1
  ip -n "$router" link add "$bridge" address "$router_mac" type bridge mcast_snooping 0
  in_router sysctl -qw "net.ipv4.conf.$bridge.proxy_arp_pvlan=1"
  in_router sysctl -qw "net.ipv4.neigh.$bridge.proxy_delay=0"
  in_router sysctl -qw "net.ipv4.conf.$bridge.accept_local=1"
  ip -n "$router" link set "$bridge" up
  ip -n "$router" rule add priority 100 lookup main suppress_prefixlength 0 protocol 118
  ip -n "$router" route add blackhole 10.0.0.0/16 metric 1 protocol 118
  ip -n "$router" route add blackhole default table 1001 protocol 118
  ip -n "$router" rule add priority 1001 fwmark 1 lookup 1001 protocol 118
  build_firewall
}

build_firewall() {
  in_router nft add table bridge vpcctl
  in_router nft add map bridge vpcctl sources '{ typeof iifname . ether saddr . ip saddr : meta mark; }'
  in_router nft add chain bridge vpcctl prerouting '{ type filter hook prerouting priority -300; policy drop; }'
  in_router nft add rule bridge vpcctl prerouting meta mark set iifname . ether saddr . ip saddr map @sources accept
  in_router nft add rule bridge vpcctl prerouting meta mark set iifname . ether saddr . arp saddr ip map @sources \
    meta mark set iifname . arp saddr ether . arp saddr ip map @sources accept
  in_router nft add table inet vpcctl
  in_router nft add set inet vpcctl attached '{ type ipv4_addr; }'
  in_router nft add chain inet vpcctl input '{ type filter hook input priority 0; policy drop; }'
  in_router nft add rule inet vpcctl input ct state '{ established, related }' accept
  in_router nft add rule inet vpcctl input iifname "$bridge" icmp type echo-request accept
  in_router nft add chain inet vpcctl forward '{ type filter hook forward priority 0; policy drop; }'
  in_router nft add rule inet vpcctl forward ct state vmap '{ invalid : drop, established : accept, related : accept }'
  in_router nft add rule inet vpcctl forward iifname "$bridge" oifname "$bridge" ip daddr @attached accept
}

build_subnet() {
  local subnet="$router.s$1" port="v-s$1" gateway address mac
  gateway=$(octets "$1" 1) address=$(octets "$1" 4) mac=$(mac "$1" 02)
  ip netns add "$subnet"
  ip -n "$subnet" link set lo alias "vpcctl subnet bench/s$1"
  ip -n "$subnet" link set lo up
  ip -n "$router" link add "$port" address "$(mac "$1" 06)" type veth peer name eth0 address "$mac" netns "$subnet"
  ip -n "$router" link set "$port" master "$bridge"
  bridge -n "$router" link set dev "$port" isolated on learning off flood off mcast_flood off bcast_flood off
  ip -n "$router" link set "$port" up
  ip -n "$subnet" link set eth0 addrgenmode none
  ip -n "$subnet" link set eth0 up
  ip -n "$subnet" address add "$address/26" dev eth0
  ip -n "$subnet" neighbour add "$gateway" lladdr "$router_mac" dev eth0 nud permanent
  ip -n "$subnet" route add default via "$gateway" protocol 118
  ip -n "$router" address add "$gateway/26" dev "$bridge"
  ip -n "$router" neighbour add "$address" lladdr "$mac" dev "$bridge" nud permanent
  bridge -n "$router" fdb add "$mac" dev "$port" master static
  in_router nft add element bridge vpcctl sources "{ $port . $mac . $address : 0x1 }"
  in_router nft add element inet vpcctl attached "{ $address }"
}

delete_all() {
  local name
  for name in $(ip netns list | cut -d' ' -f1); do
    ip netns delete "$name"
  done
}

case "${1:-}" in
  build)
    build_router
    for ((i = 0; i < $2; i++)); do build_subnet "$i"; done
    ;;
  add-one) build_subnet "$2" ;;
  delete) delete_all ;;
  *)
    sed -n '2,9p' "$0" >&2
    exit 2
    ;;
esac
