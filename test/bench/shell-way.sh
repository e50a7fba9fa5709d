#!/bin/bash
# The usual way to build a VPC: one command per step, as a tutorial or a first script does it.
#
# Same objects as c-limit.c makes, in the network namespace it is started in. `ip -n` and `bridge -n` are used wherever they save the
# second process of `ip netns exec`, so the script is as quick as this style can be. nftables commands are read, one by one, from
# /run/bench-nft (see plans.ts).
#
#   shell-way.sh build N          plan `subnets`: VPC "bench" (10.0.0.0/16) with N subnets s0 .. s<N-1>, each a /26
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
  in_router sysctl -qw "net.ipv4.conf.$bridge.proxy_arp=0"
  in_router sysctl -qw "net.ipv4.neigh.$bridge.proxy_delay=0"
  in_router sysctl -qw "net.ipv4.conf.$bridge.accept_local=1"
  ip -n "$router" link set "$bridge" up
  ip -n "$router" rule add priority 500 lookup main suppress_prefixlength 0 protocol 118
  ip -n "$router" route add blackhole 10.0.0.0/16 metric 1 protocol 118
  ip -n "$router" route add blackhole default table default protocol 118
  ip -n "$router" route add blackhole default table 1001 protocol 118
  ip -n "$router" rule add priority 1001 fwmark 1 lookup 1001 protocol 118
}

nftables() { # commands of file $1
  local command
  while IFS= read -r command || [[ -n $command ]]; do in_router nft "$command"; done < "/run/bench-nft/$1"
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
    nftables bench.lines
    ;;
  add-one)
    build_subnet "$2"
    nftables "bench.$2"
    ;;
  delete) delete_all ;;
  *)
    sed -n '2,10p' "$0" >&2
    exit 2
    ;;
esac
