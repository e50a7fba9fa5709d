// IPv6 inside a VPC, with real packets. Where something is silent, what makes it so is taken away, and then it is heard.
import { describe, expect } from "bun:test";
import type { FakeHost } from "../support/fake-host.ts";
import { sandboxTest } from "../support/sandbox-test.ts";
import { startTraffic, type Probe, type Traffic } from "../support/traffic.ts";
import { icmpv6, ipv6Frame, sendFrames } from "./frames.ts";
import {
  db, dbAddress, insideVpc, ipv4Only, router, routerMac, web, web1, web1Address, webAddress, webMac,
} from "./ipv6-vpc.ts";
import { kernelState, stateChange } from "./kernel-state.ts";
import { observed } from "./observed.ts";
import { watchPackets } from "./packet-watch.ts";
import { vpcctl } from "./tutorial-vpc.ts";

const ICMPV6 = 58;
const noInternet = { internet: false };

/** Subnets `web` (with instance `web1`) and `db`, which listen at TCP and UDP 80. */
async function build(host: FakeHost, ...commands: readonly string[]): Promise<Traffic> {
  await vpcctl(host, ...insideVpc, ...commands);
  const traffic = await startTraffic(host);
  for (const namespace of [web, web1, db]) await traffic.listen(namespace, { tcp: [80], udp: [80] });
  return traffic;
}

const inRouter = (host: FakeHost, commands: string): Promise<string> => host.sh(["ip", "netns", "exec", router, "nft", commands]);
const everyWay = (from: string, to: string): Probe[] => [
  { from, to, protocol: "tcp", port: 80 },
  { from, to, protocol: "udp", port: 80 },
  { from, to, protocol: "icmp" },
];
const allAre = (outcome: "answered" | "silent", probes: readonly Probe[]) => probes.map(() => outcome);

describe("in a VPC with IPv6", () => {
  sandboxTest("everybody reaches everybody, in one subnet and in two, and the router", async (host) => {
    await using traffic = await build(host);
    const pairs = [
      ...everyWay(web, web1Address), ...everyWay(web1, webAddress), ...everyWay(web1, dbAddress), ...everyWay(db, web1Address),
      ...["fd00:a::1", "fd00:a:0:1::1"].map((to): Probe => ({ from: web, to, protocol: "icmp" })),
    ];
    expect(await traffic.probe(pairs)).toEqual(allAre("answered", pairs));
    const nobody = ["fd00:a::a00:199", "fd00:a:0:77::1", "fd00:b::1", "2001:db8::1"].flatMap((to) => everyWay(web, to));
    expect(await traffic.probe(nobody)).toEqual(allAre("silent", nobody));
    // One is heard as long as it is on the router's list.
    await inRouter(host, `delete element inet vpcctl ingress6 { ${dbAddress} }`);
    expect(await traffic.probe(everyWay(web, dbAddress))).toEqual(allAre("silent", everyWay(web, dbAddress)));
  }, noInternet);

  sandboxTest("IPv6 comes to a VPC that is in use and goes again, and flows by IPv4 notice nothing", async (host) => {
    await vpcctl(host, ...ipv4Only);
    const before = [await kernelState(host), await observed(host)] as const;
    await using traffic = await startTraffic(host);
    for (const namespace of [web, db]) await traffic.listen(namespace, { tcp: [80], udp: [80] });
    const flow = await traffic.connect(web, "10.0.2.4", 80);
    await vpcctl(host, "associate-ipv6-cidr a fd00:a::/56");
    expect(await traffic.probe(everyWay(web, dbAddress))).toEqual(allAre("answered", everyWay(web, dbAddress)));
    expect(await flow.works()).toBe(true);
    await vpcctl(host, "disassociate-ipv6-cidr a");
    expect(await flow.works()).toBe(true);
    const [state, seen] = before;
    // A bridge that once had IPv6 keeps a note of how it was to make addresses.
    expect(stateChange(state, await kernelState(host)).filter((line) => !line.includes("addr_gen_mode"))).toEqual([]);
    expect((await observed(host)).filter((line) => !line.includes("addr_gen_mode"))).toEqual(seen);
  }, noInternet);

  sandboxTest("an instance that starts again has its IPv6 again", async (host) => {
    await using traffic = await build(host);
    await vpcctl(host, "stop-instance a web1");
    expect(await traffic.reaches({ from: web, to: web1Address, protocol: "icmp" })).toBe(false);
    await vpcctl(host, "start-instance a web1");
    expect(await traffic.reaches({ from: web, to: web1Address, protocol: "icmp" }, 2000)).toBe(true);
  }, noInternet);

  sandboxTest("every part that is lost is put back by the command that made it", async (host) => {
    await vpcctl(host, ...insideVpc);
    const whole = await observed(host);
    const losses = [
      `ip -n ${web} -6 address delete ${webAddress}/128 dev eth0`,
      `ip -n ${web} -6 route delete default`,
      `ip -n ${web} -6 neighbour delete fd00:a::1 dev eth0`,
      `ip -n ${router} -6 address delete fd00:a::1/64 dev br-a`,
      `ip -n ${router} -6 neighbour delete ${webAddress} dev br-a`,
      `ip -n ${router} -6 rule delete priority 500`,
      `ip -n ${router} -6 rule delete priority 1001`,
      `ip -n ${router} -6 route delete blackhole default table 1001`,
      `ip -n ${router} -6 route delete blackhole fd00:a::/56`,
      `ip netns exec ${router} sysctl -qw net.ipv6.conf.all.forwarding=0`,
      `ip netns exec ${router} sysctl -qw net.ipv6.conf.br-a.disable_ipv6=1`,
      `ip netns exec ${router} nft flush map inet vpcctl identities6`,
      `ip netns exec ${router} nft flush map inet vpcctl ingress6`,
      `ip netns exec ${router} nft flush map bridge vpcctl sources6`,
    ];
    for (const loss of losses) {
      await host.sh(loss);
      expect([loss, (await observed(host)).join("\n") === whole.join("\n")]).toEqual([loss, false]);
      await vpcctl(host, "associate-ipv6-cidr a");
      expect([loss, ...(await observed(host))]).toEqual([loss, ...whole]);
    }
  }, noInternet);
});

describe("two VPCs with IPv6", () => {
  sandboxTest("do not reach each other", async (host) => {
    await using traffic = await build(host, "create-vpc b 10.0.0.0/16", "associate-ipv6-cidr b fd00:b::/56", "add-subnet b web 10.0.1.0/24");
    await traffic.listen("vpc.b.web", { tcp: [80], udp: [80] });
    const across = [...everyWay(web, "fd00:b::a00:104"), ...everyWay("vpc.b.web", webAddress), ...everyWay("vpc.b.web", "fd00:a::1")];
    expect(await traffic.probe(across)).toEqual(allAre("silent", across));
  }, noInternet);
});

describe("a VPC without IPv6", () => {
  sandboxTest("has nothing of it: no frame, no address, no answer", async (host) => {
    await vpcctl(host, ...ipv4Only);
    const sent = { family: "inet", hook: "output priority -400" };
    const watches = await Promise.all([web, db, router].map((namespace) => watchPackets(host, namespace, sent, "meta nfproto ipv6")));
    const atPort = await watchPackets(host, router, { family: "bridge", hook: "prerouting priority -400" }, "ether type ip6");
    const behind = await watchPackets(host, router, { family: "inet", hook: "prerouting priority -400" }, "meta nfproto ipv6");
    await vpcctl(host, "stop-instance a web1", "start-instance a web1", "add-subnet a more 10.0.3.0/24");
    expect(await host.ping(web, "10.0.2.4")).toBe(true);
    expect(await Promise.all([...watches, atPort, behind].map((watch) => watch.count()))).toEqual([0, 0, 0, 0, 0]);
    expect(await host.sh(`ip -n ${router} -6 address; ip -n ${web} -6 address show eth0`)).toBe("");
    // One that speaks it all the same is not heard.
    const payload = icmpv6(128, webAddress, dbAddress);
    const echo = ipv6Frame({ from: webMac, to: routerMac }, { from: webAddress, to: dbAddress, protocol: ICMPV6, payload });
    // Nor one that says it is a router.
    const [everybody, self] = ["ff02::1", "fe80::76:aff:fe00:104"];
    const advertisement = { from: self, to: everybody, protocol: ICMPV6, payload: icmpv6(134, self, everybody, Buffer.alloc(12)) };
    await sendFrames(host, web, echo, ipv6Frame({ from: webMac, to: "33:33:00:00:00:01" }, advertisement));
    expect([await atPort.count(), await behind.count()]).toEqual([2, 0]);
    await vpcctl(host, "associate-ipv6-cidr a fd00:a::/56");
    expect(await host.ping(web, dbAddress)).toBe(true);
    expect(await behind.count()).toBeGreaterThan(0);
  }, noInternet);
});

describe("a security group", () => {
  sandboxTest("lets in by IPv6 block and by group what its rules say, and nothing else", async (host) => {
    await using traffic = await build(host, "create-security-group a locked", "set-security-groups a db --security-group locked");
    const probes = everyWay(web, dbAddress);
    expect(await traffic.probe(probes)).toEqual(allAre("silent", probes));
    await vpcctl(host, `authorize-ingress a locked --protocol tcp --port 80 --cidr ${webAddress}/128`);
    expect(await traffic.probe(probes)).toEqual(["answered", "silent", "silent"]);
    expect(await traffic.reaches({ from: web1, to: dbAddress, protocol: "tcp", port: 80 })).toBe(false);
    await vpcctl(host, "authorize-ingress a locked --protocol icmpv6 --group default");
    expect(await traffic.probe([...probes, { from: web1, to: dbAddress, protocol: "icmp" }])).toEqual(["answered", "silent", "answered", "answered"]);
    await vpcctl(host, `revoke-ingress a locked --protocol tcp --port 80 --cidr ${webAddress}/128`);
    expect(await traffic.probe(probes)).toEqual(["silent", "silent", "answered"]);
  }, noInternet);
});
