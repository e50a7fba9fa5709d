// Every kind of object: made by us and read by iproute2, made by iproute2 and read by us.
import { expect } from "bun:test";
import { inSandbox, ip, shell } from "../in-sandbox.ts";
import { createNamespace, NamespaceHandle } from "../namespaces.ts";
import { deleteAddress, dumpAddresses, newAddress } from "./address.ts";
import { deleteFdbEntry, dumpFdb, newFdbEntry } from "./fdb.ts";
import { deleteLink, newBridge, newVeth, setBridgePort, setLink } from "./link.ts";
import { dumpLinks, getLink, linkIndex } from "./link-state.ts";
import { deleteNeighbour, dumpNeighbours, newNeighbour } from "./neighbour.ts";
import { RouteSocket } from "./route-socket.ts";
import { deleteRoute, dumpRoutes, newRoute, type Route } from "./route.ts";
import { deleteRule, dumpRules, newRule } from "./rule.ts";

const FILE = import.meta.path;
const MAC = "02:76:0a:00:01:04";
const PORT = { isolated: true, learning: false, flood: false, mcastFlood: false, bcastFlood: false };

function byKey(list: readonly Readonly<Record<string, unknown>>[], key: string): Record<string, unknown> {
  return Object.fromEntries(list.map((entry) => [String(entry[key]), entry]));
}

/** A link with number 5 to hang things on. */
const duck = [
  newVeth({ name: "duck", index: 5, peer: { name: "other" } }),
  setLink({ name: "duck", ipv6AddressGeneration: "none" }),
  setLink({ name: "duck", up: true }),
  setLink({ name: "other", up: true }),
];

/** A bridge with number 2 and a veth with number 10 as its port, whose peer is eth0, number 2, in namespace a. */
function attach(socket: RouteSocket): void {
  createNamespace("a");
  using peer = new NamespaceHandle("a");
  socket.demand([
    newBridge({ name: "br", mac: "02:76:00:00:00:01", index: 2, multicastSnooping: false, ageingTime: 1000 }),
    newVeth({ name: "v", mac: "02:76:ff:00:00:01", mtu: 1400, index: 10, peer: { name: "eth0", mac: MAC, mtu: 1400, index: 2, namespaceFd: peer.fd } }),
    setLink({ name: "v", master: 2, alias: "vpcctl it's", ipv6AddressGeneration: "none" }),
    setLink({ index: 10, up: true, port: PORT }),
    setLink({ index: 2, up: true, ipv4Conf: { forwarding: true, proxyArpPvlan: true, sendRedirects: false, rpFilter: 2 } }),
  ]);
}

inSandbox(FILE, "iproute2 sees the links we make as we meant them", () => {
  using socket = RouteSocket.open();
  attach(socket);
  const [bridge] = ip("", "link show dev br");
  expect(bridge).toMatchObject({ ifindex: 2, address: "02:76:00:00:00:01", linkinfo: { info_kind: "bridge", info_data: { mcast_snooping: 0, ageing_time: 1000 } } });
  const [port] = ip("", "link show dev v");
  expect(port).toMatchObject({ ifindex: 10, mtu: 1400, master: "br", ifalias: "vpcctl it's", inet6_addr_gen_mode: "none", address: "02:76:ff:00:00:01" });
  expect(port?.["flags"]).toContain("UP");
  const slave = { info_slave_kind: "bridge", info_slave_data: { isolated: true, learning: false, flood: false, mcast_flood: false, bcast_flood: false } };
  expect(port).toMatchObject({ linkinfo: { info_kind: "veth", ...slave } });
  const [peer] = ip("a", "link show dev eth0");
  expect(peer).toMatchObject({ ifindex: 2, address: MAC, mtu: 1400, link_index: 10, operstate: "DOWN" });
  const conf = (key: string): string => shell(`cat /proc/sys/net/ipv4/conf/br/${key}`).trim();
  expect([conf("forwarding"), conf("proxy_arp_pvlan"), conf("send_redirects"), conf("rp_filter")]).toEqual(["1", "1", "0", "2"]);
});

inSandbox(FILE, "we see the links that iproute2 makes as it means them", () => {
  shell(`ip netns add a
    ip link add name br index 2 type bridge mcast_snooping 0 stp_state 1 ageing_time 1000 forward_delay 200
    ip link add name v index 10 mtu 1400 address 02:76:ff:00:00:01 type veth peer name eth0 index 3 netns a
    ip link set dev v master br alias "vpcctl it's" addrgenmode none up
    ip link set dev v type bridge_slave isolated on learning off flood off mcast_flood off bcast_flood off hairpin on neigh_suppress on
    echo 1 > /proc/sys/net/ipv4/conf/v/proxy_arp; echo 2 > /proc/sys/net/ipv4/conf/v/rp_filter; echo 1 > /proc/sys/net/ipv4/conf/v/arp_ignore`);
  using socket = RouteSocket.open();
  const links = dumpLinks(socket);
  expect(links.map(({ name }) => name).toSorted()).toEqual(["br", "lo", "v"]);
  expect(links.find(({ name }) => name === "br")).toMatchObject({
    index: 2, kind: "bridge", up: false, alias: "",
    bridge: { multicastSnooping: false, stp: true, vlanFiltering: false, ageingTime: 1000, forwardDelay: 200 },
  });
  const v = links.find(({ name }) => name === "v");
  expect(v).toMatchObject({ index: 10, kind: "veth", mac: "02:76:ff:00:00:01", up: true, mtu: 1400, alias: "vpcctl it's", master: 2, peerIndex: 3 });
  expect(v).toMatchObject({ peerNamespaceId: 0, ipv6AddressGeneration: "none", port: { ...PORT, hairpin: true, neighSuppress: true } });
  expect(v?.ipv4Conf).toMatchObject({ forwarding: false, proxyArp: true, rpFilter: 2, arpIgnore: 1, arpAnnounce: 0, sendRedirects: true });
  expect(getLink(socket, { name: "v" })).toEqual(v);
  expect(getLink(socket, { index: 10 })).toEqual(v);
  expect(linkIndex(socket, "v")).toBe(10);
  expect(linkIndex(socket, "w")).toBeUndefined();
});

inSandbox(FILE, "a link can be taken back piece by piece", () => {
  using socket = RouteSocket.open();
  attach(socket);
  socket.demand([setBridgePort({ name: "v", isolated: false }), setLink({ name: "v", up: false, alias: "", mac: MAC, mtu: 1300 })]);
  expect(getLink(socket, { name: "v" })).toMatchObject({ up: false, alias: "", mac: MAC, mtu: 1300, port: { isolated: false, learning: false } });
  socket.demand([setLink({ name: "v", master: 0 })]);
  expect(getLink(socket, { name: "v" })?.master).toBeUndefined();
  socket.demand([deleteLink({ name: "v" }), deleteLink({ index: 2 })]);
  expect(dumpLinks(socket).map(({ name }) => name)).toEqual(["lo"]);
  expect(ip("a", "link").map((link) => link["ifname"])).toEqual(["lo"]);
});

inSandbox(FILE, "addresses of both families are the same in our words and in iproute2's", () => {
  using socket = RouteSocket.open();
  socket.demand([...duck]);
  socket.demand([
    newAddress({ address: "10.0.1.4", prefixLength: 24, link: 5, broadcast: "10.0.1.255" }),
    newAddress({ address: "169.254.64.0", prefixLength: 32, link: 5, peer: "169.254.64.1", noPrefixRoute: true }),
    newAddress({ address: "fd00:0:0:1::4", prefixLength: 64, link: 5, noDuplicateDetection: true }),
  ]);
  const seen = ip("", "addr show dev duck")[0]?.["addr_info"];
  expect(seen).toMatchObject([
    { local: "10.0.1.4", prefixlen: 24, broadcast: "10.0.1.255", scope: "global" },
    { local: "169.254.64.0", address: "169.254.64.1", prefixlen: 32, noprefixroute: true },
    { local: "fd00:0:0:1::4", prefixlen: 64, nodad: true },
  ]);
  const ours = dumpAddresses(socket, { link: 5 });
  expect(ours).toMatchObject([
    { address: "10.0.1.4", prefixLength: 24, link: 5, broadcast: "10.0.1.255", permanent: true, scope: 0 },
    { address: "169.254.64.0", peer: "169.254.64.1", prefixLength: 32, noPrefixRoute: true },
    { address: "fd00:0:0:1::4", prefixLength: 64 },
  ]);
  expect(dumpAddresses(socket, { family: 10, link: 5 })).toHaveLength(1);
  socket.demand([deleteAddress({ address: "10.0.1.4", prefixLength: 24, link: 5 }), deleteAddress({ address: "fd00:0:0:1::4", prefixLength: 64, link: 5 })]);
  expect(dumpAddresses(socket, { link: 5 }).map(({ address }) => address)).toEqual(["169.254.64.0"]);
});

inSandbox(FILE, "routes of any table are the same in our words and in iproute2's", () => {
  using socket = RouteSocket.open();
  socket.demand([...duck, newAddress({ address: "10.0.1.4", prefixLength: 24, link: 5 })]);
  const routes = [
    { destination: "0.0.0.0/0", gateway: "169.254.64.1", link: 5, onLink: true, protocol: 118, metric: 7 },
    { destination: "10.9.0.0/16", type: "blackhole", table: 1001, protocol: 118 },
    { destination: "10.8.0.1/32", link: 5, table: 77, source: "10.0.1.4", protocol: 118 },
    { destination: "fd00::/8", type: "unreachable", protocol: 118 },
  ] as const;
  socket.demand(routes.map(newRoute));
  expect(byKey(ip("", "route show table all proto 118"), "dst")).toMatchObject({
    default: { type: "unicast", gateway: "169.254.64.1", dev: "duck", metric: 7, flags: ["onlink"], scope: "global" },
    "10.9.0.0/16": { type: "blackhole", table: "1001" },
    "10.8.0.1": { type: "unicast", dev: "duck", table: "77", scope: "link", prefsrc: "10.0.1.4" },
    "fd00::/8": { type: "unreachable" },
  });
  const [first, ...others] = dumpRoutes(socket, { protocol: 118, family: 2, table: 254 });
  expect([first, others]).toEqual([{ ...routes[0], type: "unicast", table: 254, scope: 0 }, []]);
  const byTable = (table: number): Route[] => dumpRoutes(socket, { table, protocol: 118 });
  expect(byTable(1001)).toEqual([{ destination: "10.9.0.0/16", type: "blackhole", table: 1001, protocol: 118, scope: 0 }]);
  expect(byTable(77)).toEqual([{ ...routes[2], type: "unicast", scope: 253 }]);
  expect(byTable(4242)).toEqual([]);
  expect(dumpRoutes(socket, { protocol: 118 })).toHaveLength(4);
  socket.demand(routes.map(deleteRoute));
  expect(dumpRoutes(socket, { protocol: 118 })).toEqual([]);
});

inSandbox(FILE, "rules are the same in our words and in iproute2's", () => {
  using socket = RouteSocket.open();
  const rules = [
    { priority: 100, mark: 1, mask: 255, table: 1001, protocol: 118 },
    { priority: 101, from: "10.0.1.0/24", to: "10.2.0.0/16", incomingLink: "eth0", table: 77, suppressPrefixLength: 0, protocol: 118 },
    { priority: 102, action: "blackhole", outgoingLink: "lo", protocol: 118 },
  ] as const;
  socket.demand(rules.map(newRule));
  expect(byKey(ip("", "rule"), "priority")).toMatchObject({
    100: { src: "all", fwmark: "0x1", fwmask: "0xff", table: "1001", protocol: "118" },
    101: { src: "10.0.1.0", srclen: 24, dst: "10.2.0.0", dstlen: 16, iif: "eth0", table: "77", suppress_prefixlen: 0 },
    102: { src: "all", oif: "lo", action: "blackhole" },
  });
  const ours = (): unknown[] => dumpRules(socket).filter(({ protocol }) => protocol === 118);
  expect(ours()).toEqual([{ family: 2, action: "lookup", ...rules[0] }, { family: 2, action: "lookup", ...rules[1] }, { family: 2, ...rules[2] }]);
  expect(dumpRules(socket).map(({ table }) => table)).toEqual([255, 1001, 77, undefined, 254, 253]);
  expect(() => socket.demand([newRule(rules[0])])).toThrow("Cannot add rule with priority 100 on the host: File exists (EEXIST)");
  socket.demand([newRule({ priority: 5, family: 10, table: 9 }), deleteRule(rules[0]), deleteRule(rules[1]), deleteRule(rules[2])]);
  expect(ours()).toEqual([]);
  expect(dumpRules(socket, 10)[1]).toEqual({ family: 10, priority: 5, action: "lookup", table: 9, protocol: 0 });
});

inSandbox(FILE, "permanent neighbours are the same in our words and in iproute2's", () => {
  using socket = RouteSocket.open();
  socket.demand([...duck]);
  const neighbours = [
    { address: "10.0.1.5", mac: MAC, link: 5, protocol: 118 },
    { address: "fd00::5", mac: MAC, link: 5, protocol: 118 },
  ];
  socket.demand(neighbours.map(newNeighbour));
  for (const { address } of neighbours) expect(ip("", `neigh show ${address}`)).toMatchObject([{ dst: address, dev: "duck", lladdr: MAC, state: ["PERMANENT"] }]);
  expect(dumpNeighbours(socket)).toEqual(neighbours.slice(0, 1));
  expect(dumpNeighbours(socket, 10)).toEqual(neighbours.slice(1));
  shell("ip neigh replace 10.0.1.6 lladdr 02:00:00:00:00:01 nud stale dev duck");
  expect(dumpNeighbours(socket)).toHaveLength(1);
  socket.demand(neighbours.map(deleteNeighbour));
  expect(dumpNeighbours(socket)).toEqual([]);
});

inSandbox(FILE, "static forwarding entries are the same in our words and in iproute2's", () => {
  using socket = RouteSocket.open();
  attach(socket);
  socket.demand([newFdbEntry({ mac: MAC, port: 10 })]);
  shell("bridge fdb add 02:00:00:00:00:09 dev v master static");
  const seen = JSON.parse(shell("bridge -j -d fdb show br br")) as Record<string, unknown>[];
  expect(byKey(seen, "mac")).toMatchObject({ [MAC]: { ifname: "v", master: "br", state: "static" } });
  expect(dumpFdb(socket, 2).filter(({ kind }) => kind === "static")).toEqual([
    { mac: "02:00:00:00:00:09", port: 10, bridge: 2, kind: "static" },
    { mac: MAC, port: 10, bridge: 2, kind: "static" },
  ]);
  expect(dumpFdb(socket)).toContainEqual({ mac: "02:76:ff:00:00:01", port: 10, bridge: 2, kind: "local" });
  socket.demand([deleteFdbEntry({ mac: MAC, port: 10 })]);
  expect(dumpFdb(socket, 2).filter(({ kind }) => kind === "static")).toHaveLength(1);
});
