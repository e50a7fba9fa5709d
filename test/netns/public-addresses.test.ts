// Public addresses with real packets: who is reached at one, under which one who goes out, and who is not reached at all.
import { describe, expect } from "bun:test";
import type { FakeHost } from "../support/fake-host.ts";
import { countOnUplink } from "../support/packet-counter.ts";
import { sandboxTest } from "../support/sandbox-test.ts";
import { startTraffic, type Probe, type Traffic } from "../support/traffic.ts";
import { watchPackets } from "./packet-watch.ts";
import { allAre, batch, inRouter, noInternet, openVpc, tcp } from "./peered-vpcs.ts";

const fromHost = (to: string): Probe[] => [
  { from: "", to, protocol: "tcp", port: 80 },
  { from: "", to, protocol: "udp", port: 80 },
  { from: "", to, protocol: "icmp" },
];

/** VPCs with one and the same CIDR, each with a public `web` and a private `db`, open to all, and servers in both. */
async function build(host: FakeHost, names: readonly string[], ...lines: readonly string[]): Promise<Traffic> {
  await batch(host, ...names.flatMap((name) => [...openVpc(name, "10.0.0.0/16"), `enable-internet ${name} web`]), ...lines);
  const traffic = await startTraffic(host);
  for (const name of names) for (const subnet of ["web", "db"]) await traffic.listen(`vpc.${name}.${subnet}`, { tcp: [80], udp: [80] });
  return traffic;
}

describe("a public address", () => {
  sandboxTest("is where the host reaches a server in a public subnet; a private subnet has none", async (host) => {
    await using traffic = await build(host, ["a"]);
    const others = [...fromHost("198.18.0.3"), ...fromHost("10.0.2.4"), ...fromHost("10.0.1.4")];
    expect(await traffic.probe(fromHost("198.18.0.2"))).toEqual(allAre("answered", fromHost("198.18.0.2")));
    expect(await traffic.probe(others)).not.toContain("answered");
    await batch(host, "enable-internet a db");
    expect(await traffic.probe(fromHost("198.18.0.3"))).toEqual(allAre("answered", fromHost("198.18.0.3")));
    await batch(host, "disable-internet a db");
    expect(await traffic.probe(fromHost("198.18.0.3"))).not.toContain("answered");
  });

  sandboxTest("is guarded by security groups as the private one is", async (host) => {
    await using traffic = await build(host, ["a"], "revoke-ingress a default --protocol all --cidr 0.0.0.0/0");
    expect(await traffic.probe(fromHost("198.18.0.2"))).toEqual(allAre("silent", fromHost("198.18.0.2")));
    // As this address the host is known inside.
    await batch(host, "authorize-ingress a default --protocol tcp --port 80 --cidr 198.18.0.1/32");
    expect(await traffic.probe(fromHost("198.18.0.2"))).toEqual(["answered", "silent", "silent"]);
  });

  sandboxTest("is where another VPC reaches it, which is seen there under its own", async (host) => {
    await using traffic = await build(host, ["a", "b"]);
    const seen = await watchPackets(host, "vpc.b.web", { family: "inet", hook: "input priority -400" }, "ip saddr 198.18.0.2 ip daddr 10.0.1.4");
    const probe = tcp("a.web", "198.18.0.3");
    expect(await traffic.probe([probe, tcp("a.db", "198.18.0.3")])).toEqual(["answered", "silent"]);
    expect(await seen.count()).toBeGreaterThan(0);
    await batch(host, "disable-internet a web");
    expect(await traffic.probe([probe])).toEqual(["silent"]);
    await batch(host, "enable-internet a web", "disable-internet b web");
    expect(await traffic.probe([probe])).toEqual(["silent"]);
    await batch(host, "enable-internet b web");
    expect(await traffic.probe([probe])).toEqual(["answered"]);
  }, noInternet);

  sandboxTest("is under which its owner goes out, one to one; who has none does not leave the router", async (host) => {
    await using traffic = await build(host, ["a"], "run-instance a web --name one", "run-instance a db --name two", "associate-route-table a db public");
    await traffic.listen("vpc.a.web.one", { tcp: [80] });
    const under = (address: string) => watchPackets(host, "", { family: "inet", hook: "prerouting priority -400" }, `iifname "igw-a" ip saddr ${address}`);
    const [web, one, others] = [await under("198.18.0.2"), await under("198.18.0.3"), await under("!= { 198.18.0.2, 198.18.0.3 }")];
    expect([await host.ping("vpc.a.web", "8.8.8.8"), await host.ping("vpc.a.web.one", "8.8.8.8")]).toEqual([true, true]);
    expect([await web.count(), await one.count()]).toEqual([1, 1]);
    // A route leads to the internet gateway, but nothing has a public address here.
    expect([await host.ping("vpc.a.db", "8.8.8.8"), await host.ping("vpc.a.db.two", "8.8.8.8")]).toEqual([false, false]);
    expect(await others.count()).toBe(0);
    await inRouter(host, "a", "nft add element inet vpcctl public-out '{ 10.0.2.4 : 198.18.0.2 }'");
    expect(await host.ping("vpc.a.db", "8.8.8.8")).toBe(true);
  });

  sandboxTest("of an unused pool address leads nowhere, in silence, and nothing of the pool is seen on the uplink", async (host) => {
    await using traffic = await build(host, ["a"]);
    await using leaked = await countOnUplink(host, "ip saddr 198.18.0.0/15");
    expect(await host.ping("vpc.a.web", "8.8.8.8")).toBe(true);
    expect(await traffic.probe([tcp("a.web", "198.18.0.99")])).toEqual(["silent"]);
    expect(await leaked.packets()).toBe(0);
    await host.sh(["nft", "flush chain inet vpcctl postrouting"]);
    await host.ping("vpc.a.web", "8.8.4.4");
    expect(await leaked.packets()).toBeGreaterThan(0);
  });
});

describe("an Elastic IP", () => {
  sandboxTest("goes from one instance to another, with all that comes to it", async (host) => {
    await using traffic = await build(host, ["a"], "run-instance a web --name one", "run-instance a web --name two", "allocate-address shop --address 198.18.0.50");
    await traffic.listen("vpc.a.web.one", { tcp: [81] });
    await traffic.listen("vpc.a.web.two", { tcp: [82] });
    const probes: Probe[] = [81, 82].map((port) => ({ from: "", to: "198.18.0.50", protocol: "tcp", port }));
    const meant = async (...lines: string[]) => (await batch(host, ...lines), traffic.probe(probes));
    expect(await traffic.probe(probes)).not.toContain("answered");
    expect(await meant("associate-address shop a one")).toEqual(["answered", "refused"]);
    expect(await meant("associate-address shop a two")).toEqual(["refused", "answered"]);
    expect(await meant("disassociate-address shop")).not.toContain("answered");
    // In a public subnet there is another one at once.
    expect(await host.ping("vpc.a.web.two", "8.8.8.8")).toBe(true);
  });
});

describe("a public address that changes hands", () => {
  sandboxTest("takes no flow along: neither does the old owner go on under it, nor does the new one hear of it", async (host) => {
    await using traffic = await build(host, ["a", "b"], "run-instance a web --name one", "run-instance a web --name two", "allocate-address shop");
    await batch(host, "associate-address shop a one");
    await traffic.listen("vpc.a.web.one", { tcp: [81] });
    await traffic.listen("vpc.a.web.two", { tcp: [81] });
    const shop = /shop +(\d+\.\S+)|(\d+\.\S+) +shop/.exec(await host.sh("vpcctl addresses"))?.[2] ?? "";
    const inward = await traffic.connect("", shop, 81);
    const outward = await traffic.connect("vpc.a.web.one", "198.18.0.3", 80);
    expect([await inward.works(), await outward.works()]).toEqual([true, true]);
    // What has nothing to do with it is not touched.
    const other = await traffic.connect("vpc.a.web", "198.18.0.3", 80);
    const under = await watchPackets(host, "", { family: "inet", hook: "prerouting priority -400" }, `iifname "igw-a" ip saddr ${shop}`);
    await batch(host, "associate-address shop a two");
    expect([await inward.works(), await outward.works(), await other.works()]).toEqual([false, false, true]);
    expect(await traffic.reaches({ from: "", to: shop, protocol: "tcp", port: 81 })).toBe(true);
    expect(await under.count()).toBeGreaterThan(0);
  });

  sandboxTest("is forgotten by the host and by the router it leaves; everything else is remembered", async (host) => {
    await using _ = await build(host, ["a", "b"], "allocate-address shop --address 198.18.0.50", "associate-address shop a --subnet web", "create-nat-gateway a web nat1");
    const remembered = async (address: string) => {
      const flows = [await host.sh("cat /proc/net/nf_conntrack"), await inRouter(host, "a", "cat /proc/net/nf_conntrack")];
      return flows.map((text) => text.includes(`=${address} `));
    };
    await batch(host, "create-route-table a private", "create-route a private 0.0.0.0/0 nat-gateway/nat1", "associate-route-table a db private");
    for (const subnet of ["a.web", "a.db", "b.web"]) expect(await host.ping(`vpc.${subnet}`, "8.8.8.8")).toBe(true);
    const [shop, nat, other] = ["198.18.0.50", "198.18.0.2", "198.18.0.3"];
    expect([await remembered(shop), await remembered(nat), await remembered(other)]).toEqual([[true, true], [true, true], [true, false]]);
    await batch(host, "associate-address shop b --subnet web");
    expect([await remembered(shop), await remembered(nat), await remembered(other)]).toEqual([[false, false], [true, true], [false, false]]);
    await batch(host, "delete-nat-gateway a nat1");
    expect(await remembered(nat)).toEqual([false, false]);
  });
});

sandboxTest("a public address is forgotten, too, where a router instance passed on what goes out under it", async (host) => {
  const routes = ["create-route-table a by-fw", "create-route a by-fw 8.8.8.8/32 instance/fw", "associate-route-table a db by-fw"];
  const fw = ["run-instance a web --name fw", "modify-instance a fw --source-dest-check false", ...routes];
  await using _ = await build(host, ["a"], ...fw, "allocate-address shop", "associate-address shop a --subnet db");
  await host.sh("ip netns exec vpc.a.web.fw sysctl -qw net.ipv4.ip_forward=1");
  const shop = /(\d+\.\S+) +shop/.exec(await host.sh("vpcctl addresses"))?.[1] ?? "";
  expect(await host.ping("vpc.a.db", "8.8.8.8")).toBe(true);
  const flows = async (): Promise<string[]> => (await inRouter(host, "a", "cat /proc/net/nf_conntrack")).split("\n").filter((line) => line.includes("zone-orig="));
  expect(await flows()).toEqual([expect.stringContaining(`dst=${shop} `)]);
  await batch(host, "associate-address shop a fw");
  expect(await flows()).toEqual([]);
});

describe("the public pool", () => {
  sandboxTest("is not taken while the host has a way of its own to it; another block is", async (host) => {
    await batch(host, ...openVpc("a", "10.0.0.0/16"));
    await host.sh("ip route add 198.19.0.0/24 via 203.0.113.1");
    const before = await host.sh("ip route; ip netns exec vpc.a nft list ruleset");
    const refused = await host.run("vpcctl enable-internet a web");
    expect(refused.exitCode).toBe(4);
    expect(refused.stderr).toContain("198.19.0.0/24 on uplink0");
    expect(refused.stderr).toContain("vpcctl set-public-pool CIDR");
    expect(await host.sh("ip route; ip netns exec vpc.a nft list ruleset")).toBe(before);
    await batch(host, "set-public-pool 100.64.0.0/24", "enable-internet a web");
    expect(await host.sh("vpcctl addresses")).toMatch(/^100\.64\.0\.2 +no +subnet a\/web$/m);
    expect([await host.ping("", "100.64.0.2"), await host.ping("vpc.a.web", "8.8.8.8")]).toEqual([true, true]);
    await batch(host, "disable-internet a web", "set-public-pool 198.18.0.0/15");
    await host.sh("ip route delete 198.19.0.0/24");
    await batch(host, "enable-internet a web");
    expect(await host.ping("", "198.18.0.2")).toBe(true);
  });

  sandboxTest("is not taken where the host has an address of it, or another table leads there first; a table that nobody asks does not count", async (host) => {
    await batch(host, ...openVpc("a", "10.0.0.0/16"));
    const ways = [
      // Alone on its link, it stands in no table but `local`.
      ["ip address add 198.18.0.2/32 dev lo", "198.18.0.2/32 on lo", "ip address delete 198.18.0.2/32 dev lo"],
      ["ip address add 198.19.0.9/24 dev uplink0", "198.19.0.0/24 on uplink0.", "ip address delete 198.19.0.9/24 dev uplink0"],
      ["ip route add 198.18.0.0/16 via 203.0.113.1 table 52; ip rule add priority 5270 lookup 52", "198.18.0.0/16 on uplink0", "ip rule delete priority 5270"],
      ["ip route add blackhole 198.18.7.0/24", "198.18.7.0/24", "ip route delete blackhole 198.18.7.0/24"],
    ] as const;
    for (const [taken, named, free] of ways) {
      await host.sh(taken);
      const { exitCode, stderr } = await host.run("vpcctl enable-internet a web");
      expect([exitCode, stderr]).toEqual([4, expect.stringContaining(named)]);
      await host.sh(free);
    }
    // The route of table 52 is still there. So is our own address when the pool changes to one that overlaps it.
    for (const line of ["attach-internet-gateway a", "set-public-pool 198.18.0.0/16", "enable-internet a web"]) await batch(host, line);
    expect(await host.ping("", "198.18.0.2")).toBe(true);
  });

  sandboxTest("is no part of a VPC: its addresses would be local there. With another pool the VPC and the public addresses get along", async (host) => {
    await batch(host, ...openVpc("b", "10.0.0.0/16"), "enable-internet b web");
    const refused = await host.run("vpcctl create-vpc a 198.18.0.0/16");
    expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining("it overlaps 198.18.0.0/15, the pool of public addresses")]);
    const other = ["set-public-pool 100.64.0.0/24", ...openVpc("a", "198.18.0.0/16"), "enable-internet a web", "enable-internet b web"];
    await batch(host, "disable-internet b web", ...other);
    const reaches = () => Promise.all([host.ping("", "100.64.0.2"), host.ping("vpc.a.web", "100.64.0.3"), host.ping("vpc.b.web", "100.64.0.2")]);
    expect(await reaches()).toEqual([true, true, true]);
    // What is refused: with the pool's addresses local, nobody reaches anybody's.
    await inRouter(host, "a", "ip route add blackhole 100.64.0.0/24");
    expect(await reaches()).toEqual([false, false, false]);
  });
});
