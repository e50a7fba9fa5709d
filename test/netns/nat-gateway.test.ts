// NAT gateways with real packets: who gets out by one, under which address, and that nobody gets in.
import { describe, expect } from "bun:test";
import type { FakeHost } from "../support/fake-host.ts";
import { sandboxTest } from "../support/sandbox-test.ts";
import { startTraffic, type Outcome, type Probe } from "../support/traffic.ts";
import { ipv4Frame, sendFlows, udp } from "./frames.ts";
import { watchPackets } from "./packet-watch.ts";
import { batch, inRouter, openVpc } from "./peered-vpcs.ts";

/** VPC a: public `web` with NAT gateway `nat1` (10.0.1.5, outside 198.18.0.3); `db` has route table `private`, which leads nowhere yet. */
const buildWithNat = (host: FakeHost, ...lines: readonly string[]): Promise<string> =>
  batch(
    host,
    ...openVpc("a", "10.0.0.0/16"),
    "enable-internet a web",
    "create-nat-gateway a web nat1",
    "create-route-table a private",
    "associate-route-table a db private",
    ...lines,
  );

const byNat = "create-route a private 0.0.0.0/0 nat-gateway/nat1";
const fromHost = (host: FakeHost, match: string) => watchPackets(host, "", { family: "inet", hook: "prerouting priority -400" }, `iifname "igw-a" ${match}`);

/** Puts other ports into the rule of NAT gateways. */
async function usePorts(host: FakeHost, ports: string): Promise<void> {
  const nft = (command: string) => host.sh(["ip", "netns", "exec", "vpc.a", "nft", command]);
  const chain = await host.sh("ip netns exec vpc.a nft -a list chain inet vpcctl postrouting");
  const [, rule = "", handle = ""] = /\t(.*@nat-gateways:)\d+-\d+.* # handle (\d+)/.exec(chain) ?? [];
  await nft(`replace rule inet vpcctl postrouting handle ${handle} ${rule}${ports}`);
}

describe("a private subnet", () => {
  sandboxTest("goes out only by the route to a NAT gateway, and is seen under its Elastic IP", async (host) => {
    await buildWithNat(host);
    const [under, others] = [await fromHost(host, "ip saddr 198.18.0.3"), await fromHost(host, "ip saddr != 198.18.0.3")];
    expect(await host.ping("vpc.a.db", "8.8.8.8")).toBe(false);
    await batch(host, byNat);
    expect(await host.ping("vpc.a.db", "8.8.8.8")).toBe(true);
    expect((await host.http("vpc.a.db", "http://198.51.100.80/"))?.status).toBe(200);
    expect(await under.count()).toBeGreaterThan(2);
    expect(await others.count()).toBe(0);
    await batch(host, "delete-nat-gateway a nat1");
    expect(await host.ping("vpc.a.db", "8.8.8.8")).toBe(false);
    // The route waits for a NAT gateway of that name.
    await batch(host, "create-nat-gateway a web nat1");
    expect(await host.ping("vpc.a.db", "8.8.8.8")).toBe(true);
  });

  sandboxTest("is not reached by the NAT gateway's addresses, outside or inside", async (host) => {
    await buildWithNat(host, byNat);
    await using traffic = await startTraffic(host);
    for (const subnet of ["web", "db"]) await traffic.listen(`vpc.a.${subnet}`, { tcp: [80] });
    expect(await host.ping("vpc.a.db", "8.8.8.8")).toBe(true);
    const to = (from: string, address: string): Probe[] => [
      { from, to: address, protocol: "tcp", port: 80 },
      { from, to: address, protocol: "icmp" },
    ];
    const inward = [...to("", "198.18.0.3"), ...to("vpc.a.web", "10.0.1.5"), ...to("vpc.a.web", "198.18.0.3")];
    expect(await traffic.probe(inward)).toEqual(inward.map((): Outcome => "silent"));
    await inRouter(host, "a", "nft add element inet vpcctl public-in '{ 198.18.0.3 : 10.0.1.4 }'");
    expect(await traffic.probe(to("", "198.18.0.3"))).toEqual(["answered", "answered"]);
  });

  sandboxTest("has no way out by a NAT gateway whose own subnet has none; that subnet's table has the last word on each destination", async (host) => {
    await buildWithNat(host, byNat, "create-route a public 8.8.4.0/24 blackhole");
    const reaches = () => Promise.all(["8.8.8.8", "198.51.100.80"].map((address) => host.ping("vpc.a.db", address)));
    expect(await reaches()).toEqual([true, true]);
    await batch(host, "create-route a public 8.8.8.0/24 blackhole");
    expect(await reaches()).toEqual([false, true]);
    await batch(host, "replace-route a public 8.8.8.0/24 internet-gateway", "delete-route a public 0.0.0.0/0");
    expect(await reaches()).toEqual([true, false]);
  });
});

describe("the ports of a NAT gateway", () => {
  sandboxTest("may be used up: then new flows to that destination wait, and others, and other gateways, go on", async (host) => {
    await buildWithNat(host, byNat, "add-subnet a jobs 10.0.3.0/24", "create-nat-gateway a web nat2", "create-route-table a by-nat2");
    await batch(host, "create-route a by-nat2 0.0.0.0/0 nat-gateway/nat2", "associate-route-table a jobs by-nat2");
    const fetch = (subnet: string, address: string) => host.http(`vpc.a.${subnet}`, `http://${address}/`).then((answer) => answer?.status);
    // As if all but two had been given: 55,000 flows would take as many sockets.
    await usePorts(host, "1024-1025");
    await using traffic = await startTraffic(host);
    const held = [await traffic.connect("vpc.a.db", "198.51.100.80", 80), await traffic.connect("vpc.a.db", "198.51.100.80", 80)];
    expect(traffic.connect("vpc.a.db", "198.51.100.80", 80)).rejects.toThrow();
    expect(await Promise.all([fetch("db", "8.8.8.8"), fetch("jobs", "198.51.100.80"), fetch("web", "198.51.100.80")])).toEqual([200, 200, 200]);
    expect(held).toHaveLength(2);
    // With all its ports again the third goes through.
    await usePorts(host, "1024-56023");
    expect(await fetch("db", "198.51.100.80")).toBe(200);
  });

  sandboxTest("all of them used up, leave their neighbours and the host as many as they need, for that destination too", async (host) => {
    await buildWithNat(host, byNat, "add-subnet a jobs 10.0.3.0/24", "create-nat-gateway a web nat2", "create-route-table a by-nat2");
    await batch(host, "create-route a by-nat2 0.0.0.0/0 nat-gateway/nat2", "associate-route-table a jobs by-nat2", "run-instance a db --name other");
    await using traffic = await startTraffic(host);
    const [to, ports] = ["198.51.100.80", [98, 99]] as const;
    await traffic.listen("internet", { udp: [...ports], address: to });
    // Nobody answers what only fills.
    await host.sh("ip netns exec internet nft 'table inet quiet { chain c { type filter hook prerouting priority -400; udp length 8 drop; }; }'");
    const fill = async (port: number): Promise<number> => {
      const packet = { from: "10.0.2.4", to, protocol: 17, payload: udp(port) };
      await sendFlows(host, "vpc.a.db", ipv4Frame({ from: "02:76:0a:00:02:04", to: "02:76:00:00:00:01" }, packet), [1024, 65_535]);
      return Number(await inRouter(host, "a", "cat /proc/sys/net/netfilter/nf_conntrack_count"));
    };
    const answered = async (from: string, port: number, times = 20) => {
      const outcomes = await traffic.probe(Array.from({ length: times }, (): Probe => ({ from, to, protocol: "udp", port })));
      return outcomes.filter((outcome) => outcome === "answered").length;
    };
    // Where the host lets each flow have its sender's port, one run of ports is full, and the search for another often ends in it.
    const handle = /masquerade fully-random .*# handle (\d+)/.exec(await host.sh("nft -a list chain inet vpcctl postrouting"))?.[1] ?? "";
    await host.sh(["nft", `replace rule inet vpcctl postrouting handle ${handle} ip saddr 198.18.0.0/15 oifname != @gateways masquerade`]);
    await fill(98);
    expect(await answered("vpc.a.jobs", 98)).toBeLessThan(20);
    // The first puts the rule back; with the NAT gateway its flows go.
    for (const line of ["enable-internet a web", "delete-nat-gateway a nat1", "create-nat-gateway a web nat1"]) await batch(host, line);
    const flows = await fill(99);
    expect([flows > 54_900, flows < 56_000]).toEqual([true, true]);
    expect(await answered("vpc.a.db.other", 99)).toBe(0);
    expect([await answered("vpc.a.jobs", 99), await answered("vpc.a.web", 99), await answered("", 99)]).toEqual([20, 20, 20]);
  });
});
