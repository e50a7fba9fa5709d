import { expect } from "bun:test";
import { inSandbox, ip, shell } from "./in-sandbox.ts";
import { inNamespace, NamespaceHandle } from "./namespaces.ts";
import { newAddress } from "./netlink/address.ts";
import { newVeth, setLink } from "./netlink/link.ts";
import { createNamespaceWithSocket } from "./netlink/route-socket.ts";
import { newRoute } from "./netlink/route.ts";
import { icmpProbes } from "./probes.ts";
import { writeSysctl } from "./sysctl.ts";
import { tcpProbe } from "./tcp-probe.ts";

const FILE = import.meta.path;

/** A router with so many namespaces s0, s1, ... around it; s<n> has the address 10.0.<n>.4 and 20 more. */
async function star(points: number): Promise<void> {
  using router = createNamespaceWithSocket("r");
  writeSysctl("r", "net/ipv4/ip_forward", 1);
  router.demand([newRoute({ destination: "0.0.0.0/0", type: "blackhole" }), newRoute({ destination: "10.77.0.0/16", type: "prohibit" })]);
  for (let point = 0; point < points; point++) {
    using socket = createNamespaceWithSocket(`s${point}`);
    using handle = new NamespaceHandle(`s${point}`);
    router.demand([
      newVeth({ name: `v${point}`, index: 10 + point, peer: { name: "eth0", index: 2, namespaceFd: handle.fd } }),
      setLink({ index: 10 + point, up: true }),
      newAddress({ address: `10.0.${point}.1`, prefixLength: 24, link: 10 + point }),
    ]);
    const addresses = Array.from({ length: 21 }, (_, index) => newAddress({ address: `10.0.${point}.${index + 4}`, prefixLength: 24, link: 2 }));
    const links = [setLink({ name: "lo", up: true }), setLink({ index: 2, up: true })];
    socket.demand([...links, ...addresses, newRoute({ destination: "0.0.0.0/0", gateway: `10.0.${point}.1` })]);
  }
  // The kernel activates a link when it gets round to the news of its carrier; until then what is sent on it is lost.
  while (ip("r", "link show type veth").some(({ operstate }) => operstate !== "UP")) await Bun.sleep(5);
}

inSandbox(FILE, "thousands of probes at once each get the answer that is theirs", async () => {
  await star(10);
  const probes = [];
  for (let from = 0; from < 10; from++) {
    for (let to = 0; to < 10; to++) {
      for (let host = 4; host < 25; host++) probes.push({ namespace: `s${from}`, address: `10.0.${to}.${host}` });
    }
  }
  // Some that nobody has: they alone must stay without an answer.
  const silent = [500, 1500].map((place, index) => ({ place, probe: { namespace: "s1", address: `10.99.0.${index}` } }));
  for (const { place, probe } of silent) probes.splice(place, 0, probe);
  const results = await icmpProbes(probes, 1000);
  expect(results.flatMap((result, index) => (result.milliseconds === undefined ? [index] : []))).toEqual(silent.map(({ place }) => place));
  expect(results.filter(({ error }) => error !== undefined)).toEqual([]);
});

inSandbox(FILE, "silence, refusal and what cannot be sent are three things", async () => {
  await star(2);
  const results = await icmpProbes(
    [
      { namespace: "s0", address: "10.0.1.4" },
      { namespace: "s0", address: "8.8.8.8" },
      { namespace: "s0", address: "10.77.0.1" },
      { namespace: "r", address: "8.8.8.8" },
      { namespace: "gone", address: "10.0.1.4" },
    ],
    300,
  );
  expect(results[0]?.milliseconds).toBeNumber();
  expect(results.slice(1)).toEqual([
    {},
    { error: "administratively prohibited, unreachable (ICMP code 13)" },
    { error: "Cannot send to 8.8.8.8 in namespace r: Invalid argument (EINVAL)" },
    { error: "Cannot enter namespace gone: No such file or directory (ENOENT)" },
  ]);
  expect(await icmpProbes([], 1000)).toEqual([]);
});

inSandbox(FILE, "by IPv6 too, silence, refusal and what cannot be sent are three things, and both kinds go at once", async () => {
  await star(2);
  shell(`
    ip netns exec r sysctl -qw net.ipv6.conf.all.forwarding=1
    ip -n r -6 route add prohibit fd00:77::/32
    ip -n r -6 route add blackhole fd00:88::/32
    # Link-local addresses that are at once what the kernel's own are only after a second of asking around.
    for n in 0 1; do
      ip -n r -6 address add fe80::1:1/64 dev v$n nodad
      ip -n s$n -6 address add fe80::1:2/64 dev eth0 nodad
      ip -n r -6 address add fd00:0:0:$n::1/64 dev v$n nodad
      ip -n s$n -6 address add fd00:0:0:$n::4/64 dev eth0 nodad
      ip -n s$n -6 route add default via fd00:0:0:$n::1
    done`);
  const addresses = ["fd00:0:0:1::4", "10.0.1.4", "fd00:77::1", "fd00:88::1", "fd00:0:0:0::1"];
  const results = await icmpProbes([...addresses.map((address) => ({ namespace: "s0", address })), { namespace: "r", address: "2001:db8::1" }], 1000);
  for (const at of [0, 1, 4]) expect(results[at]?.milliseconds).toBeNumber();
  expect([results[2], results[3], results[5]]).toEqual([
    { error: "administratively prohibited, unreachable (ICMPv6 code 1)" },
    {},
    { error: "Cannot send to 2001:db8::1 in namespace r: Network is unreachable (ENETUNREACH)" },
  ]);
  using server = inNamespace("s1", () => Bun.listen({ hostname: "fd00:0:0:1::4", port: 80, socket: { data: () => undefined } }));
  expect(server.port).toBe(80);
  const outcomes = [80, 81].map((port) => tcpProbe({ namespace: "s0", address: "fd00:0:0:1::4", port }, 300));
  expect((await Promise.all(outcomes)).map(({ outcome }) => outcome)).toEqual(["connected", "refused"]);
});

inSandbox(FILE, "a probe that was lost is sent once more", async () => {
  await star(2);
  // The first echo request that reaches the router is dropped; those beyond one a day may go.
  const rules = "icmp type echo-request limit rate over 1/day burst 1 packets accept; icmp type echo-request counter drop;";
  shell(`ip netns exec r nft 'table ip t { chain c { type filter hook forward priority 0; ${rules} }; }'`);
  const [result] = await icmpProbes([{ namespace: "s0", address: "10.0.1.4" }], 400);
  expect(result?.milliseconds).toBeNumber();
  expect(shell("ip netns exec r nft list ruleset")).toContain("counter packets 1 bytes 40 drop");
});

inSandbox(FILE, "another's pings and a spoofed answer are not taken for ours", async () => {
  await star(2);
  const ping = Bun.spawn(["ip", "netns", "exec", "s0", "ping", "-q", "-i", "0.01", "-c", "20", "10.0.1.4"], { stdio: ["ignore", "ignore", "inherit"] });
  const [result] = await icmpProbes([{ namespace: "s0", address: "8.8.8.8" }], 200);
  expect(result).toEqual({});
  expect(await ping.exited).toBe(0);
});

inSandbox(FILE, "a TCP probe tells open, closed and silent ports apart", async () => {
  await star(2);
  using server = inNamespace("s1", () => Bun.listen({ hostname: "10.0.1.4", port: 80, socket: { data: () => undefined } }));
  expect(server.port).toBe(80);
  const probe = (address: string, port: number, namespace = "s0"): Promise<unknown> => tcpProbe({ namespace, address, port }, 300);
  const results = await Promise.all([probe("10.0.1.4", 80), probe("10.0.1.4", 81), probe("8.8.8.8", 80), probe("10.77.0.1", 80), probe("8.8.8.8", 80, "r")]);
  expect(results).toMatchObject([
    { outcome: "connected" },
    { outcome: "refused" },
    { outcome: "timed out" },
    { outcome: "failed", error: "EHOSTUNREACH" },
    { outcome: "failed", error: "EINVAL" },
  ]);
});

inSandbox(FILE, "a TCP probe is not content with a handshake", async () => {
  await star(2);
  using server = inNamespace("s1", () => Bun.listen({ hostname: "10.0.1.4", port: 80, socket: { data: () => undefined } }));
  expect(server.port).toBe(80);
  const probe = async (): Promise<string> => (await tcpProbe({ namespace: "s0", address: "10.0.1.4", port: 80 }, 400)).outcome;
  expect(await probe()).toBe("connected");
  // A connection can be opened, and nothing said on it.
  shell(`ip netns exec r nft 'table ip t { chain c { type filter hook forward priority 0; ip saddr 10.0.0.4 tcp flags & (fin | psh) != 0 counter drop; }; }'`);
  expect(await probe()).toBe("timed out");
  expect(shell("ip netns exec r nft list ruleset")).toMatch(/counter packets [1-9]/);
  shell("ip netns exec r nft flush ruleset");
  expect(await probe()).toBe("connected");
});
