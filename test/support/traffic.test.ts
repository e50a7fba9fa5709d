// The tool the other tests measure with, measured on two namespaces and a wire.
import { expect } from "bun:test";
import { eventually } from "./eventually.ts";
import { sandboxTest } from "./sandbox-test.ts";
import { startTraffic } from "./traffic.ts";

const wire = `
ip netns add a; ip netns add b
ip -n a link add eth0 type veth peer name eth0 netns b
ip -n a address add 10.9.0.1/24 dev eth0; ip -n b address add 10.9.0.2/24 dev eth0
ip -n a address add fd00::1/64 dev eth0 nodad; ip -n b address add fd00::2/64 dev eth0 nodad
for n in a b; do ip -n $n link set eth0 addrgenmode none; ip -n $n link set eth0 up; ip -n $n link set lo up; done`;
const options = { internet: false, program: false };

sandboxTest("what is open answers, what is closed refuses, and what is dropped is silent", async (host) => {
  await host.sh(wire);
  await using traffic = await startTraffic(host);
  await traffic.listen("b", { tcp: [80], udp: [53] });
  const all = ["10.9.0.2", "fd00::2"].flatMap((to) => [
    { from: "a", to, protocol: "tcp", port: 80 } as const,
    { from: "a", to, protocol: "tcp", port: 81 } as const,
    { from: "a", to, protocol: "udp", port: 53 } as const,
    { from: "a", to, protocol: "udp", port: 54 } as const,
    { from: "a", to, protocol: "icmp" } as const,
    { from: "a", to, protocol: "icmp", ask: "timestamp" } as const,
  ]);
  await eventually("the wire carries IPv6", () => traffic.reaches({ from: "a", to: "fd00::2", protocol: "icmp" }, 20));
  const once = ["answered", "refused", "answered", "refused", "answered", "answered"] as const;
  expect(await traffic.probe(all)).toEqual([...once, ...once]);
  const neighbours = "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept";
  await host.sh(`ip netns exec b nft 'table inet t { chain i { type filter hook input priority 0; policy drop; ${neighbours}; }; }'`);
  expect(await traffic.probe(all)).toEqual(all.map(() => "silent"));
  expect(await traffic.reaches({ from: "a", to: "10.99.0.1", protocol: "tcp", port: 80 })).toBe(false);
}, options);

sandboxTest("a connection that carries nothing is no answer", async (host) => {
  await host.sh(wire);
  await using traffic = await startTraffic(host);
  await traffic.listen("b", { tcp: [80] });
  const probe = { from: "a", to: "10.9.0.2", protocol: "tcp", port: 80 } as const;
  expect(await traffic.probe([probe])).toEqual(["answered"]);
  // The first packet comes through and is answered, and nothing after it.
  await host.sh(`ip netns exec b nft 'table inet t { chain i { type filter hook input priority 0; tcp flags & (syn|ack) == ack drop; }; }'`);
  expect(await traffic.probe([probe])).toEqual(["silent"]);
}, options);

sandboxTest("a connection works until it is cut, and a mistake is told", async (host) => {
  await host.sh(wire);
  await using traffic = await startTraffic(host);
  await traffic.listen("b", { tcp: [80] });
  const connection = await traffic.connect("a", "10.9.0.2", 80);
  expect([await connection.works(), await connection.works()]).toEqual([true, true]);
  await host.sh("ip netns exec b nft 'table inet t { chain i { type filter hook input priority 0; policy drop; }; }'");
  expect(await connection.works()).toBe(false);
  expect(traffic.connect("a", "10.9.0.2", 80)).rejects.toThrow("silence");
  expect(traffic.listen("nowhere", { tcp: [80] })).rejects.toThrow("nowhere");
  expect(await traffic.probe([])).toEqual([]);
}, options);
