// IPv6 between a VPC and the world, by internet gateway and by egress-only internet gateway, with real packets.
import { describe, expect } from "bun:test";
import type { FakeHost } from "../support/fake-host.ts";
import { countOnUplink } from "../support/packet-counter.ts";
import { sandboxTest } from "../support/sandbox-test.ts";
import { startTraffic, type Probe, type Traffic } from "../support/traffic.ts";
import { icmpv6, ipv6Frame, sendFrames } from "./frames.ts";
import { watchPackets } from "./packet-watch.ts";
import { db, dbAddress, hostAddress, ipv6Vpc as vpc, lab, labAddress, outside, web, webAddress } from "./ipv6-vpc.ts";
import { vpcctl } from "./tutorial-vpc.ts";

const webServer6 = "http://[2001:db8:198:51::80]/";

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

describe("by IPv6", () => {
  sandboxTest("an internet gateway lets out and in, an egress-only one lets out, and without either there is silence", async (host) => {
    await using traffic = await build(host);
    const out = [...everyWay(web, outside, 99), ...everyWay(db, outside, 99)];
    expect(await traffic.probe(out)).toEqual(allAre("answered", out));
    expect(await traffic.probe(everyWay(lab, outside, 99))).toEqual(allAre("silent", everyWay(lab, outside, 99)));
    expect(await traffic.probe(everyWay("", webAddress))).toEqual(allAre("answered", everyWay("", webAddress)));
    const closed = [...everyWay("", dbAddress), ...everyWay("", labAddress)];
    expect(await traffic.probe(closed)).toEqual(allAre("silent", closed));
    await using uplink = await countOnUplink(host, "icmpv6 type echo-request");
    expect([await host.ping(lab, outside), await uplink.packets()]).toEqual([false, 0]);
    expect([await host.ping(db, outside), await uplink.packets()]).toEqual([true, 1]);
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

  sandboxTest("the metadata service of a cloud host stays out of reach", async (host) => {
    const metadata = "fd00:ec2::254";
    await host.sh(`ip -n internet -6 address add ${metadata}/128 dev lo nodad`);
    await vpcctl(host, ...vpc);
    expect([await host.ping("", metadata), await host.ping(web, outside), await host.ping(db, outside)]).toEqual([true, true, true]);
    expect([await host.ping(web, metadata), await host.ping(db, metadata)]).toEqual([false, false]);
    await host.sh("for table in 1002 1003; do ip -n vpc.a -6 route delete blackhole fd00:ec2::/32 table $table; done");
    expect([await host.ping(web, metadata), await host.ping(db, metadata)]).toEqual([true, true]);
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

  sandboxTest("an egress-only gateway lets no answer out to somebody who called another way", async (host) => {
    await using traffic = await build(host,
      "create-vpc b 10.1.0.0/16", "associate-ipv6-cidr b fd00:b::/56", "add-subnet b web 10.1.1.0/24", "enable-internet b web",
      "peer a b", "delete-route a out fd00:b::/56", "set-security-groups b web --security-group default",
    );
    // There by the peering; back by the default route of `db`, and in again by the internet gateway of b, which knows the flow.
    const calls = everyWay("vpc.b.web", dbAddress);
    expect(await traffic.probe(calls)).toEqual(allAre("silent", calls));
    const rule = await host.sh("ip netns exec vpc.a nft -a list chain inet vpcctl forward | grep 'ct direction reply rt ip6 nexthop' | sed 's/.* handle //'");
    await host.sh(`ip netns exec vpc.a nft delete rule inet vpcctl forward handle ${rule}`);
    expect(await traffic.probe(calls)).toEqual(allAre("answered", calls));
    await vpcctl(host, "create-egress-only-internet-gateway a");
    expect(await traffic.probe(calls)).toEqual(allAre("silent", calls));
    await vpcctl(host, "create-route a out fd00:b::/56 peering/a-b");
    expect(await traffic.probe(calls)).toEqual(allAre("answered", calls));
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
    await host.sh("ip -n vpc.a link set igw down; ip -n vpc.a link set igw name eth0; ip -n vpc.a link set eth0 up");
    await sendFrames(host, "vpc.a", ...lies);
    expect(await watch.count()).toBe(0);
    await host.sh(["nft", "flush chain inet vpcctl forward"]);
    await sendFrames(host, "vpc.a", ...lies);
    expect(await watch.count()).toBe(2);
  });
});
