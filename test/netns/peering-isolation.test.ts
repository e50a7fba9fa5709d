// What does not cross a peering, with real packets. At the end of each test the guard is taken away by hand, and the packets are seen.
import { describe, expect } from "bun:test";
import type { FakeHost } from "../support/fake-host.ts";
import { countOnUplink } from "../support/packet-counter.ts";
import { sandboxTest } from "../support/sandbox-test.ts";
import { arpFrame, sendFrames } from "./frames.ts";
import { watchPackets } from "./packet-watch.ts";
import { batch, build, inRouter, noInternet, reached, tcp } from "./peered-vpcs.ts";

const three = { a: "10.0.0.0/16", b: "10.1.0.0/16", c: "10.2.0.0/16" };
const arriving = { family: "inet", hook: "prerouting priority -400" };
const leaving = { family: "inet", hook: "postrouting priority 400" };

/** The guards of one router against use as a way through, taken away: unmarked packets find a route, and everything is let through. */
async function openUp(host: FakeHost, vpc: string, route: string): Promise<void> {
  await inRouter(host, vpc, "nft insert rule inet vpcctl forward accept");
  await host.sh(`ip -n vpc.${vpc} route add ${route}`);
}

describe("over a peering", () => {
  sandboxTest("nobody gets on to a third VPC: it is not transitive", async (host) => {
    const routes = ["create-route a main 10.2.0.0/16 peering/a-b", "create-route c main 10.0.0.0/16 peering/b-c"];
    await using traffic = await build(host, three, "peer a b", "peer b c", ...routes);
    expect(await reached(traffic, { "a.web": "10.0.1.4", "b.web": "10.1.1.4", "c.web": "10.2.1.4" })).toEqual([
      "a.web > b.web", "b.web > a.web", "b.web > c.web", "c.web > b.web",
    ]);
    const [atB, toC] = [await watchPackets(host, "vpc.b", arriving, 'iifname "pcx-a-b"'), await watchPackets(host, "vpc.b", leaving, 'oifname "pcx-b-c"')];
    expect(await traffic.reaches(tcp("a.web", "10.2.1.4"))).toBe(false);
    expect(await atB.count()).toBe(0);
    // A's router would let it out; B's still finds no way for it, and says nothing.
    await inRouter(host, "a", "nft add element inet vpcctl to-peers '{ \"pcx-a-b\" . 10.0.0.0/16 . 10.2.0.0/16 }'");
    expect(await traffic.probe([tcp("a.web", "10.2.1.4")])).toEqual(["silent"]);
    expect([(await atB.count()) > 0, await toC.count()]).toEqual([true, 0]);
    await openUp(host, "b", "10.2.0.0/16 via 169.254.128.5 dev pcx-b-c onlink");
    await host.sh("ip -n vpc.b route add 10.0.0.0/16 via 169.254.128.2 dev pcx-a-b onlink");
    expect(await traffic.reaches(tcp("a.web", "10.2.1.4"))).toBe(false);
    expect((await toC.count()) > 0).toBe(true);
    await inRouter(host, "c", "nft add element inet vpcctl from-peers '{ \"pcx-b-c\" . 10.0.0.0/16 . 10.2.0.0/16 }'");
    expect(await traffic.reaches(tcp("a.web", "10.2.1.4"))).toBe(true);
  }, noInternet);

  sandboxTest("nobody uses the other VPC's internet gateway or NAT gateway: no edge-to-edge", async (host) => {
    const gateways = ["enable-internet b web", "create-nat-gateway b web nat1", "create-route b main 0.0.0.0/0 nat-gateway/nat1"];
    await using traffic = await build(host, { a: three.a, b: three.b }, ...gateways, "peer a b", "create-route a main 0.0.0.0/0 peering/a-b");
    const out = { to: "8.8.8.8", protocol: "icmp" } as const;
    expect(await traffic.probe([{ from: "vpc.b.web", ...out }, { from: "vpc.b.db", ...out }])).toEqual(["answered", "answered"]);
    const [atB, atGateway] = [await watchPackets(host, "vpc.b", arriving, 'iifname "pcx-a-b"'), await watchPackets(host, "vpc.b", leaving, 'oifname "igw"')];
    await using uplink = await countOnUplink(host, "ip saddr 198.18.0.0/15");
    expect(await traffic.reaches({ from: "vpc.a.web", ...out })).toBe(false);
    expect(await atB.count()).toBe(0);
    await inRouter(host, "a", "nft add element inet vpcctl to-peers '{ \"pcx-a-b\" . 10.0.0.0/16 . 0.0.0.0-9.255.255.255 }'");
    expect(await traffic.probe([{ from: "vpc.a.web", ...out }])).toEqual(["silent"]);
    expect([(await atB.count()) > 0, await atGateway.count(), await uplink.packets()]).toEqual([true, 0, 0]);
    await openUp(host, "b", "default via 169.254.64.4 dev igw onlink");
    await inRouter(host, "b", "nft insert rule inet vpcctl postrouting accept");
    expect(await traffic.reaches({ from: "vpc.a.web", ...out })).toBe(false);
    expect((await atGateway.count()) > 0).toBe(true);
  });

  sandboxTest("no ARP and no MAC crosses, and the link itself answers nobody", async (host) => {
    await using traffic = await build(host, { a: three.a, b: three.b }, "peer a b");
    const arp = await watchPackets(host, "vpc.b", { family: "arp", hook: "input priority -400" }, 'iifname "pcx-a-b"');
    const packets = await watchPackets(host, "vpc.b", arriving, 'iifname "pcx-a-b" ether saddr 02:76:00:00:00:04');
    const strangers = await watchPackets(host, "vpc.b", arriving, 'iifname "pcx-a-b" ether saddr != 02:76:00:00:00:04');
    const mac = "02:76:0a:00:01:04";
    const asking = { ip: "10.0.1.4", mac };
    const broadcast = { from: mac, to: "ff:ff:ff:ff:ff:ff" };
    await sendFrames(host, "vpc.a.web", arpFrame(broadcast, asking, "10.1.1.4"), arpFrame(broadcast, asking, "169.254.128.3"));
    expect(await traffic.reaches(tcp("a.web", "10.1.1.4"))).toBe(true);
    expect([await arp.count(), (await packets.count()) > 0, await strangers.count()]).toEqual([0, true, 0]);
    // The other router's own addresses: on the link, and in a subnet.
    const own = ["169.254.128.3", "10.1.1.1"].map((to) => ({ from: "vpc.a.web", to, protocol: "icmp" }) as const);
    expect(await traffic.probe(own)).toEqual(["silent", "silent"]);
    // A bridge would have let both through: what the watch would have seen.
    await host.sh("ip -n vpc.a neigh delete 169.254.128.3 dev pcx-a-b; ip -n vpc.a route add 169.254.128.3 dev pcx-a-b; ip netns exec vpc.a ping -c 1 -W 1 169.254.128.3 || true");
    expect((await arp.count()) > 0).toBe(true);
  }, noInternet);

  sandboxTest("a packet without a flow is judged anew in both routers, and strangers' addresses are not taken", async (host) => {
    await using traffic = await build(host, { a: three.a, b: three.b }, "peer a b");
    const atWeb = await watchPackets(host, "vpc.b.web", arriving, "ip saddr 10.9.9.9");
    // As if A's router had been talked into it.
    const forged = `ip -n vpc.a address add 10.9.9.9/32 dev lo; ip -n vpc.a route add 10.1.1.4/32 via 169.254.128.3 dev pcx-a-b onlink; `;
    const ping = "ip netns exec vpc.a ping -c 1 -W 1 -I 10.9.9.9 10.1.1.4 || true";
    await host.sh(forged + ping);
    expect(await atWeb.count()).toBe(0);
    await inRouter(host, "b", "nft insert rule inet vpcctl forward accept");
    await host.sh(ping);
    expect((await atWeb.count()) > 0).toBe(true);
    expect(await traffic.reaches(tcp("a.web", "10.1.1.4"))).toBe(true);
  }, noInternet);
});

describe("one VPC with many peerings", () => {
  sandboxTest("reaches all its peers by the same rules, and they do not reach each other", async (host) => {
    const spokes = Array.from({ length: 12 }, (_, n) => `s${n + 1}`);
    const cidr = (n: number): string => `10.${n + 1}.0.0/16`;
    const vpcs = Object.fromEntries([["hub", "10.0.0.0/16"], ...spokes.map((name, n) => [name, cidr(n)])]) as Record<string, string>;
    await using traffic = await build(host, vpcs, "peer hub s1");
    const rules = async (): Promise<number> => (await inRouter(host, "hub", "nft list table inet vpcctl")).match(/comment "/g)?.length ?? 0;
    const before = await rules();
    await batch(host, ...spokes.slice(1).map((name) => `peer hub ${name}`));
    expect(await rules()).toBe(before);
    const outward = spokes.map((_, n) => tcp("hub.web", `10.${n + 1}.1.4`));
    const inward = spokes.map((name) => tcp(`${name}.web`, "10.0.1.4"));
    const sideways = spokes.slice(1).map((name) => tcp(`${name}.web`, "10.1.1.4"));
    expect(await traffic.probe([...outward, ...inward])).toEqual([...outward, ...inward].map(() => "answered"));
    expect(await traffic.probe(sideways)).toEqual(sideways.map(() => "silent"));
    await batch(host, "peer s1 s2");
    expect(await traffic.probe(sideways)).toEqual(sideways.map((_, n) => (n === 0 ? "answered" : "silent")));
  }, noInternet);
});
