// Route tables with real packets: which route decides, and what becomes of a route whose target goes. Where something is silent, it is
// heard again when what makes it so is taken away.
import { describe, expect } from "bun:test";
import type { FakeHost } from "../support/fake-host.ts";
import { sandboxTest } from "../support/sandbox-test.ts";
import { startTraffic, type Traffic } from "../support/traffic.ts";
import { watchPackets } from "./packet-watch.ts";
import { allAre, batch, everyWay, inRouter, noInternet, openVpc, tcp } from "./peered-vpcs.ts";

const web = "10.0.1.4";
const db = "10.0.2.4";
/** Outside the VPC, and behind nobody. */
const far = "192.168.7.7";

const forwarding = (instance: string): string => `ip netns exec vpc.a.${instance} sysctl -qw net.ipv4.ip_forward=1`;

/** VPC a: `web` and `db` open to all; instance `router` in a subnet `edge` of its own, which forwards as its owner has told it to. */
async function buildWithRouter(host: FakeHost, ...lines: readonly string[]): Promise<Traffic> {
  await batch(host, ...openVpc("a", "10.0.0.0/16"), "add-subnet a edge 10.0.3.0/24", "run-instance a edge --name router", ...lines);
  await host.sh(forwarding("edge.router"));
  const traffic = await startTraffic(host);
  for (const subnet of ["web", "db"]) await traffic.listen(`vpc.a.${subnet}`, { tcp: [80], udp: [80] });
  return traffic;
}

/** The instance has a far address of its own on its loopback, which stands for the network behind it. */
async function networkBehind(host: FakeHost, traffic: Traffic): Promise<void> {
  await host.sh(`ip -n vpc.a.edge.router address add ${far}/32 dev lo`);
  await traffic.listen("vpc.a.edge.router", { tcp: [80], udp: [80], address: far });
}

describe("a route table", () => {
  sandboxTest("is what a subnet's packets are looked up in; the longest prefix decides", async (host) => {
    await batch(host, ...openVpc("a", "10.0.0.0/16"), "enable-internet a web", "create-route a public 8.8.8.0/24 blackhole");
    const reaches = () => Promise.all([host.ping("vpc.a.web", "8.8.8.8"), host.ping("vpc.a.web", "198.51.100.80")]);
    expect(await reaches()).toEqual([false, true]);
    await batch(host, "create-route a public 8.8.8.8/32 internet-gateway");
    expect(await reaches()).toEqual([true, true]);
    await batch(host, "delete-route a public 8.8.8.8/32", "delete-route a public 8.8.8.0/24");
    expect(await reaches()).toEqual([true, true]);
    await batch(host, "create-route-table a none", "associate-route-table a web none");
    expect(await reaches()).toEqual([false, false]);
  });

  sandboxTest("answers nothing for a blackhole or a missing route: silence, as in a cloud", async (host) => {
    await using traffic = await buildWithRouter(host, "create-route a main 192.168.0.0/16 blackhole");
    const probes = [...everyWay("a.web", far), ...everyWay("a.web", "172.31.0.1")];
    expect(await traffic.probe(probes)).toEqual(allAre("silent", probes));
    await inRouter(host, "a", "ip route replace unreachable 192.168.0.0/16 table 1001");
    expect(await traffic.probe([tcp("a.web", far)])).toEqual(["refused"]);
  }, noInternet);
});

describe("an instance as the target of a route", () => {
  sandboxTest("gets what is for others with its source/destination check off, and only then", async (host) => {
    await using traffic = await buildWithRouter(host, "create-route a main 192.168.0.0/16 instance/router");
    await networkBehind(host, traffic);
    const probes = everyWay("a.web", far);
    expect(await traffic.probe(probes)).toEqual(allAre("silent", probes));
    await batch(host, "modify-instance a router --source-dest-check false");
    expect(await traffic.probe(probes)).toEqual(allAre("answered", probes));
    await batch(host, "modify-instance a router --source-dest-check true");
    expect(await traffic.probe(probes)).toEqual(allAre("silent", probes));
  }, noInternet);

  sandboxTest("is gone with the instance: the route is a blackhole, and leads on when an instance of the name is there again", async (host) => {
    const off = "modify-instance a router --source-dest-check false";
    await using traffic = await buildWithRouter(host, off, "create-route a main 192.168.0.0/16 instance/router");
    await networkBehind(host, traffic);
    const probes = everyWay("a.web", far);
    expect(await traffic.probe(probes)).toEqual(allAre("answered", probes));
    await batch(host, "stop-instance a router");
    expect(await traffic.probe(probes)).toEqual(allAre("silent", probes));
    expect(await host.sh("vpcctl describe a")).toContain("192.168.0.0/16 -> instance/router (blackhole)");
    await batch(host, "start-instance a router");
    expect(await traffic.probe(probes)).toEqual(allAre("answered", probes));
    await batch(host, "terminate-instance a router");
    expect(await traffic.probe(probes)).toEqual(allAre("silent", probes));
    await batch(host, "run-instance a edge --name router", off);
    await using again = await startTraffic(host);
    await networkBehind(host, again);
    expect(await again.probe(probes)).toEqual(allAre("answered", probes));
  }, noInternet);
});

describe("an instance on the way to the internet", () => {
  sandboxTest("carries whole connections, under the public address of who sends, as long as groups allow each packet of that half", async (host) => {
    const lines = [...["web", "db", "edge"].map((subnet) => `enable-internet a ${subnet}`), "create-route-table a by-router", "create-route a by-router 0.0.0.0/0 instance/router"];
    await using traffic = await buildWithRouter(host, "modify-instance a router --source-dest-check false", ...lines, "associate-route-table a db by-router");
    const passed = await watchPackets(host, "vpc.a.edge.router", { family: "inet", hook: "forward priority -400" }, "ip saddr 10.0.2.4");
    const [outside, port] = ["198.51.100.80", 81] as const;
    await traffic.listen("internet", { tcp: [port], address: outside });
    const flow = await traffic.connect("vpc.a.db", outside, port);
    expect([await flow.works(), await flow.works()]).toEqual([true, true]);
    expect((await host.http("vpc.a.db", `http://${outside}/`))?.status).toBe(200);
    expect(await passed.count()).toBeGreaterThan(8);
    // The answers come straight back, so the router has seen no more than this half: by its groups alone it goes on.
    const everything = "a default --protocol all --cidr 0.0.0.0/0";
    await batch(host, `revoke-egress ${everything}`);
    expect(await flow.works()).toBe(false);
    await batch(host, `authorize-egress ${everything}`);
    expect(await flow.works(2000)).toBe(true);
    const handle = /one half of a flow.* # handle (\d+)/.exec(await inRouter(host, "a", "nft -a list chain inet vpcctl forward"))?.[1] ?? "";
    await inRouter(host, "a", `nft delete rule inet vpcctl forward handle ${handle}`);
    // The router takes it for all that comes after the first packet for nonsense then, although the connection seems to be made.
    expect(await (await traffic.connect("vpc.a.db", outside, port)).works()).toBe(false);
  });
});

describe("an instance on the way to a peered VPC", () => {
  sandboxTest("is passed by one flow, also in a VPC whose resolver has a way out of its own", async (host) => {
    const lines = ["enable-internet a edge", "enable-dns a", ...openVpc("b", "10.1.0.0/16"), "peer a b", "create-route-table a by-router"];
    const route = ["create-route a by-router 10.1.0.0/16 instance/router", "associate-route-table a web by-router"];
    await using traffic = await buildWithRouter(host, "modify-instance a router --source-dest-check false", ...lines, ...route);
    await traffic.listen("vpc.b.web", { tcp: [80], udp: [80] });
    const probes = everyWay("a.web", "10.1.1.4");
    const apart = async (): Promise<number> => (await inRouter(host, "a", "cat /proc/net/nf_conntrack")).match(/dst=10\.1\.1\.4 .*zone-orig/g)?.length ?? 0;
    expect(await traffic.probe(probes)).toEqual(allAre("answered", probes));
    expect(await apart()).toBe(0);
    // Asked before the route tables, the resolver's way out is what the firewall takes for everybody's.
    await host.sh("ip -n vpc.a rule add priority 1000 iif lo lookup 1000");
    await traffic.probe(probes);
    expect(await apart()).toBeGreaterThan(0);
  });
});

describe("an appliance between two subnets", () => {
  sandboxTest("is passed in both directions, and only between subnets whose tables lead to it", async (host) => {
    await using traffic = await buildWithRouter(
      host,
      "modify-instance a router --source-dest-check false",
      "create-route-table a by-router",
      "associate-route-table a web by-router",
    );
    const watch = await watchPackets(host, "vpc.a.edge.router", { family: "inet", hook: "forward priority -400" }, `ip daddr ${db}`);
    const probes = everyWay("a.web", db);
    expect(await traffic.probe(probes)).toEqual(allAre("answered", probes));
    expect(await watch.count()).toBe(0);
    await batch(host, "create-route a by-router 10.0.2.0/24 instance/router", "create-route a by-router 10.0.1.0/24 instance/router");
    expect(await traffic.probe(probes)).toEqual(allAre("answered", probes));
    expect(await watch.count()).toBeGreaterThan(2);
    // What stays in a subnet is local: its own table leads to it by the appliance, which does not see it.
    await batch(host, "run-instance a web --name neighbour");
    await traffic.listen("vpc.a.web.neighbour", { tcp: [80] });
    const inside = await watchPackets(host, "vpc.a.edge.router", { family: "inet", hook: "forward priority -399" }, "ip daddr 10.0.1.0/24");
    expect(await traffic.probe([tcp("a.web", "10.0.1.5")])).toEqual(["answered"]);
    expect(await inside.count()).toBe(0);
    await batch(host, "stop-instance a router");
    expect(await traffic.probe(probes)).toEqual(allAre("silent", probes));
    expect(await traffic.probe([tcp("a.web", "10.0.1.5"), tcp("a.db", web)])).toEqual(["answered", "silent"]);
    await batch(host, "delete-route a by-router 10.0.2.0/24");
    expect(await traffic.probe([...probes, tcp("a.db", web)])).toEqual(allAre("answered", [...probes, tcp("a.db", web)]));
  }, noInternet);
});
