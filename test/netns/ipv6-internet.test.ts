// IPv6 between a VPC and the world, by internet gateway and by egress-only internet gateway, with real packets.
import { describe, expect } from "bun:test";
import type { FakeHost } from "../support/fake-host.ts";
import { snapshotHost } from "../support/host-snapshot.ts";
import { sandboxTest } from "../support/sandbox-test.ts";
import { startTraffic, type Probe, type Traffic } from "../support/traffic.ts";
import { icmpv6, ipv6Frame, sendFrames } from "./frames.ts";
import { kernelState, stateChange } from "./kernel-state.ts";
import { observed } from "./observed.ts";
import { watchPackets } from "./packet-watch.ts";
import { vpcctl } from "./tutorial-vpc.ts";

const web = "vpc.a.web";
const db = "vpc.a.db";
const lab = "vpc.a.lab";
const webAddress = "fd00:a::a00:104";
const dbAddress = "fd00:a:0:1::a00:204";
const labAddress = "fd00:a:0:2::a00:304";
const outside = "2001:4860:4860::8888";
const webServer6 = "http://[2001:db8:198:51::80]/";
const hostAddress = "2001:db8:203:113::2";

const open = "authorize-ingress a default --protocol all --cidr ::/0";

/** `web` leads to the internet gateway, `db` to the egress-only one, `lab` to none. Their group lets everybody in. */
const vpc = [
  "create-vpc a 10.0.0.0/16", "associate-ipv6-cidr a fd00:a::/56",
  "add-subnet a web 10.0.1.0/24", "add-subnet a db 10.0.2.0/24", "add-subnet a lab 10.0.3.0/24",
  "enable-internet a web",
  "create-egress-only-internet-gateway a", "create-route-table a out", "create-route a out ::/0 egress-only-internet-gateway", "associate-route-table a db out",
  open,
];

async function build(host: FakeHost, ...commands: readonly string[]): Promise<Traffic> {
  await vpcctl(host, ...vpc, ...commands);
  const traffic = await startTraffic(host);
  for (const namespace of [web, db, lab]) await traffic.listen(namespace, { tcp: [80], udp: [80] });
  await traffic.listen("internet", { tcp: [99], udp: [99], address: outside });
  return traffic;
}

const everyWay = (from: string, to: string, port = 80): Probe[] => [
  { from, to, protocol: "tcp", port },
  { from, to, protocol: "udp", port },
  { from, to, protocol: "icmp" },
];
const allAre = (outcome: "answered" | "silent", probes: readonly Probe[]) => probes.map(() => outcome);
const setting = (host: FakeHost, key: string): Promise<string> => host.sh(`cat /proc/sys/net/ipv6/conf/${key}`).then((text) => text.trim());

describe("by IPv6", () => {
  sandboxTest("an internet gateway lets out and in, an egress-only one lets out, and without either there is silence", async (host) => {
    await using traffic = await build(host);
    const out = [...everyWay(web, outside, 99), ...everyWay(db, outside, 99)];
    expect(await traffic.probe(out)).toEqual(allAre("answered", out));
    expect(await traffic.probe(everyWay(lab, outside, 99))).toEqual(allAre("silent", everyWay(lab, outside, 99)));
    expect(await traffic.probe(everyWay("", webAddress))).toEqual(allAre("answered", everyWay("", webAddress)));
    const closed = [...everyWay("", dbAddress), ...everyWay("", labAddress)];
    expect(await traffic.probe(closed)).toEqual(allAre("silent", closed));
    // The same subnet by the other gateway.
    await vpcctl(host, "replace-route a out ::/0 internet-gateway");
    expect(await traffic.probe(everyWay("", dbAddress))).toEqual(allAre("answered", everyWay("", dbAddress)));
    await vpcctl(host, "replace-route a out ::/0 egress-only-internet-gateway", "revoke-ingress a default --protocol all --cidr ::/0");
    const both = [...everyWay("", dbAddress), ...everyWay("", webAddress)];
    expect(await traffic.probe(both)).toEqual(allAre("silent", both));
  });

  sandboxTest("private addresses go out under the host's, others under their own", async (host) => {
    await vpcctl(host, ...vpc);
    expect((await host.http(web, webServer6))?.headers["x-client-address"]).toBe(hostAddress);
    await vpcctl(host, "disassociate-ipv6-cidr a", "associate-ipv6-cidr a 2001:db8:a:b00::/56");
    expect(await host.ping(web, outside)).toBe(false);
    // The world knows the way to a block that is routed to this host, and then it gets in as well.
    await host.sh(`ip -n internet -6 route add 2001:db8:a:b00::/56 via ${hostAddress}`);
    expect((await host.http(web, webServer6))?.headers["x-client-address"]).toBe("2001:db8:a:b00::a00:104");
    expect(await host.ping("internet", "2001:db8:a:b00::a00:104")).toBe(true);
    expect(await host.ping("internet", "2001:db8:a:b01::a00:204")).toBe(false);
  });

  sandboxTest("VPCs meet outside where both are open, and not without", async (host) => {
    await using traffic = await build(host,
      "create-vpc b 10.0.0.0/16", "associate-ipv6-cidr b fd00:b::/56", "add-subnet b web 10.0.1.0/24", "enable-internet b web",
      "authorize-ingress b default --protocol all --cidr ::/0",
    );
    await traffic.listen("vpc.b.web", { tcp: [80], udp: [80] });
    const pairs = [...everyWay("vpc.b.web", webAddress), ...everyWay(web, "fd00:b::a00:104")];
    expect(await traffic.probe(pairs)).toEqual(allAre("answered", pairs));
    expect(await traffic.probe(everyWay("vpc.b.web", dbAddress))).toEqual(allAre("silent", everyWay("vpc.b.web", dbAddress)));
    await vpcctl(host, "delete-route b public ::/0");
    expect(await traffic.probe(pairs)).toEqual(allAre("silent", pairs));
  });

  sandboxTest("the host is silent to its VPCs, and takes nothing that is not theirs", async (host) => {
    await using traffic = await build(host);
    const own = [hostAddress, "fd76:7063:746c::1"].map((to): Probe => ({ from: web, to, protocol: "icmp" }));
    expect(await traffic.probe(own)).toEqual(allAre("silent", own));
    await host.sh(["nft", "flush chain inet vpcctl input"]);
    expect(await traffic.probe(own)).toEqual(allAre("answered", own));
    // A router that were taken over could not speak for anybody else.
    const watch = await watchPackets(host, "internet", { family: "inet", hook: "prerouting priority -400" }, "ip6 saddr { fd00:b::1, 2001:db8:1::1 }");
    const lies = ["fd00:b::1", "2001:db8:1::1"].map((from) =>
      ipv6Frame({ from: "02:76:00:00:00:03", to: "02:76:00:00:00:02" }, { from, to: outside, protocol: 58, payload: icmpv6(128, from, outside) }));
    await host.sh("ip -n vpc.a link set igw name eth0 2>/dev/null || { ip -n vpc.a link set igw down; ip -n vpc.a link set igw name eth0; ip -n vpc.a link set eth0 up; }");
    await sendFrames(host, "vpc.a", ...lies);
    expect(await watch.count()).toBe(0);
    await host.sh(["nft", "flush chain inet vpcctl forward"]);
    await sendFrames(host, "vpc.a", ...lies);
    expect(await watch.count()).toBe(2);
  });
});

describe("the host's own IPv6", () => {
  sandboxTest("is switched on for the links that need it alone, and as before when the last such VPC has gone", async (host) => {
    const before = await snapshotHost(host);
    const untouched = await kernelState(host);
    await vpcctl(host, ...vpc, "create-vpc b 10.0.0.0/16 --ipv6", "add-subnet b web 10.0.1.0/24", "enable-internet b web");
    expect([await setting(host, "all/forwarding"), await setting(host, "uplink0/forwarding"), await setting(host, "uplink0/force_forwarding")]).toEqual(["0", "0", "1"]);
    await vpcctl(host, "delete-vpc a --force");
    expect([await setting(host, "uplink0/force_forwarding"), await host.ping("vpc.b.web", outside)]).toEqual(["1", true]);
    await vpcctl(host, "delete-vpc b --force");
    expect(await setting(host, "uplink0/force_forwarding")).toBe("0");
    expect(stateChange(untouched, await kernelState(host))).toEqual([]);
    expect([...(await snapshotHost(host)).keys()]).toEqual([...before.keys()]);
  });

  sandboxTest("is as before although the rules were flushed, the state lost and the VPC is cleaned up without it", async (host) => {
    await vpcctl(host, ...vpc);
    await host.sh("nft flush ruleset; rm -rf /run/vpcctl-state/*");
    await vpcctl(host, "cleanup");
    expect([await setting(host, "uplink0/force_forwarding"), await host.sh("ip -6 route show proto 118"), await host.sh("nft list ruleset")]).toEqual(["0", "", ""]);
  });

  sandboxTest("forwards nothing else from the uplink that it did not forward before", async (host) => {
    await vpcctl(host, ...vpc);
    // Another network behind this host, as a container's.
    await host.sh([
      "ip netns add other", "ip link add to-other type veth peer name eth0 netns other", "ip link set to-other up", "ip -n other link set eth0 up",
      "ip address add 2001:db8:77::1/64 dev to-other nodad", "ip -n other address add 2001:db8:77::2/64 dev eth0 nodad", "ip -n other -6 route add default via 2001:db8:77::1",
      `ip -n internet -6 route add 2001:db8:77::/64 via ${hostAddress}`,
    ].join("; "));
    const watch = await watchPackets(host, "other", { family: "inet", hook: "prerouting priority -400" }, "icmpv6 type echo-request");
    expect([await host.ping("", "2001:db8:77::2"), await watch.count()]).toEqual([true, 1]);
    expect([await host.ping("internet", "2001:db8:77::2"), await watch.count()]).toEqual([false, 1]);
    await host.sh(["nft", "flush chain inet vpcctl forward"]);
    expect([await host.ping("internet", "2001:db8:77::2"), await watch.count()]).toEqual([false, 2]);
  });

  sandboxTest("is left as it is where the host forwards IPv6 anyway", async (host) => {
    await host.sh("sysctl -qw net.ipv6.conf.all.forwarding=1");
    await vpcctl(host, ...vpc);
    expect([await setting(host, "uplink0/force_forwarding"), await host.ping(web, outside)]).toEqual(["0", true]);
    await vpcctl(host, "delete-vpc a --force");
    expect(await setting(host, "all/forwarding")).toBe("1");
  });

  sandboxTest("stays as it is when another program's firewall drops what is forwarded: only rules with our tag come and go", async (host) => {
    await host.sh(["nft", "table ip6 filter { chain FORWARD { type filter hook forward priority 0; policy drop; ct state established,related counter accept; }; }"]);
    const before = await host.sh("nft list table ip6 filter");
    await vpcctl(host, "create-vpc b 10.0.0.0/16", "add-subnet b web 10.0.1.0/24", "enable-internet b web");
    expect(await host.sh("nft list table ip6 filter")).toBe(before);
    await vpcctl(host, ...vpc);
    expect(await host.ping(web, outside)).toBe(true);
    await vpcctl(host, "delete-vpc a --force");
    expect((await host.sh("nft list table ip6 filter")).replaceAll(/counter packets \d+ bytes \d+/g, "")).toBe(before.replaceAll(/counter packets \d+ bytes \d+/g, ""));
  });

  sandboxTest("keeps its own networks: a VPC's block that overlaps one is refused before anything is touched", async (host) => {
    await host.sh("ip -6 route add 2001:db8:a:b77::/64 dev uplink0");
    await vpcctl(host, "create-vpc a 10.0.0.0/16", "associate-ipv6-cidr a 2001:db8:a:b00::/56");
    const before = await kernelState(host);
    const refused = await host.run("vpcctl create-egress-only-internet-gateway a");
    expect([refused.exitCode, refused.stderr]).toEqual([4, expect.stringContaining("2001:db8:a:b77::/64 on uplink0")]);
    expect(stateChange(before, await kernelState(host))).toEqual([]);
    await host.sh("ip -6 route delete 2001:db8:a:b77::/64; ip -6 route add blackhole 2001:db8:a::/48");
    await vpcctl(host, "create-egress-only-internet-gateway a");
  });

  const doctorSays = async (host: FakeHost): Promise<unknown> => {
    const { findings } = JSON.parse((await host.run("vpcctl doctor --json")).stdout) as { findings: { subject: string; status: string; found: string }[] };
    return findings.filter(({ subject }) => subject === "IPv6 forwarding").map(({ status, found }) => `${status}: ${found}`);
  };

  sandboxTest("is not switched on as a whole where a link cannot be by itself: IPv6 stays inside then, and doctor says so", async (host) => {
    expect(await doctorSays(host)).toEqual(["ok: off"]);
    // As a kernel looks that has no such switch.
    await host.sh("for link in lo uplink0; do mount -t tmpfs none /proc/sys/net/ipv6/conf/$link; done");
    expect(await doctorSays(host)).toEqual(["warn: off, and one link alone cannot be switched on"]);
    await vpcctl(host, ...vpc);
    expect([await host.ping(web, labAddress), await host.ping("", webAddress), await host.ping(web, outside), await setting(host, "all/forwarding")]).toEqual([true, true, false, "0"]);
    await host.sh("sysctl -qw net.ipv6.conf.all.forwarding=1");
    expect([await doctorSays(host), await host.ping(web, outside)]).toEqual([["ok: on"], true]);
    await vpcctl(host, "delete-vpc a --force");
  });

  sandboxTest("may be switched off for new links: the gateway's has it all the same", async (host) => {
    await host.sh("sysctl -qw net.ipv6.conf.default.disable_ipv6=1");
    await vpcctl(host, ...vpc);
    expect([await setting(host, "default/disable_ipv6"), await host.ping(web, outside)]).toEqual(["1", true]);
  });

  sandboxTest("and every part of a gateway that is lost is put back by the command that made it", async (host) => {
    await vpcctl(host, ...vpc);
    const whole = await observed(host);
    const losses = [
      "ip -6 route delete fd00:a::/56",
      "ip -6 address delete fd76:7063:746c::1/128 dev igw-a; ip -6 route delete fd00:a::/56 || true",
      "ip -6 neighbour delete fe80::7676:3 dev igw-a",
      "ip -n vpc.a -6 neighbour delete fe80::7676:2 dev igw",
      "ip -n vpc.a -6 route delete default table 1002",
      "ip netns exec vpc.a sysctl -qw net.ipv6.conf.igw.disable_ipv6=1",
      "ip netns exec vpc.a nft flush set inet vpcctl open6",
      "nft flush set inet vpcctl prefixes6", "nft flush set inet vpcctl private6",
      "sysctl -qw net.ipv6.conf.igw-a.force_forwarding=0", "sysctl -qw net.ipv6.conf.uplink0.force_forwarding=0",
      "sysctl -qw net.ipv6.conf.igw-a.disable_ipv6=1",
    ];
    for (const loss of losses) {
      await host.sh(loss);
      expect([loss, (await observed(host)).join("\n") === whole.join("\n")]).toEqual([loss, false]);
      await vpcctl(host, "associate-ipv6-cidr a");
      expect([loss, ...(await observed(host))]).toEqual([loss, ...whole]);
    }
  });
});
