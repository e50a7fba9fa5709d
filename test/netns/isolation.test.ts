// What must not get through, with real packets. Each test takes the guard away by hand at its end and sees the packets pass: what has
// been silent before was silent because of it.
import { describe, expect } from "bun:test";
import type { FakeHost } from "../support/fake-host.ts";
import { countOnUplink } from "../support/packet-counter.ts";
import { sandboxTest } from "../support/sandbox-test.ts";
import { eventually } from "../support/eventually.ts";
import { icmp, ipv4Frame, sendFrames, tcp } from "./frames.ts";
import { watchPackets } from "./packet-watch.ts";
import { buildTutorialVpc, privateDb, publicWeb, router, vpcctl } from "./tutorial-vpc.ts";

const routerMac = "02:76:00:00:00:01";
const publicMac = "02:76:0a:00:01:04";
const ICMP = 1;
const TCP = 6;

const inRouter = (host: FakeHost, commands: string): Promise<string> => host.sh(["ip", "netns", "exec", router, "nft", commands]);
const onHost = (host: FakeHost, commands: string): Promise<string> => host.sh(["nft", commands]);
/** Which of these addresses answer. */
const answering = (host: FakeHost, namespace: string, addresses: readonly string[]): Promise<string[]> =>
  Promise.all(addresses.map(async (address) => ((await host.ping(namespace, address)) ? [address] : []))).then((found) => found.flat());

const echo = { protocol: ICMP, payload: icmp(8) } as const;

describe("the host", () => {
  sandboxTest("is silent to its VPCs, at every address of its own", async (host) => {
    await buildTutorialVpc(host);
    const server = host.start([process.execPath, "-e", "Bun.serve({ port: 80, hostname: '0.0.0.0', fetch: () => new Response('the host') }); console.log('up')"]);
    await server.stdout.getReader().read();
    // On its uplink, on the public side, and on the wire.
    const addresses = ["203.0.113.2", "198.18.0.1", "169.254.64.2"];
    expect(await host.http("", "http://203.0.113.2/")).toBeDefined();
    expect(await answering(host, publicWeb, addresses)).toEqual([]);
    expect(await Promise.all(addresses.map((address) => host.http(publicWeb, `http://${address}/`)))).toEqual([undefined, undefined, undefined]);
    await onHost(host, "flush chain inet vpcctl input");
    expect(await answering(host, publicWeb, addresses)).toEqual(addresses.slice(0, 2));
    for (const address of addresses.slice(0, 2)) expect((await host.http(publicWeb, `http://${address}/`))?.body).toBe("the host");
    await host.sh(`ip -n ${router} route delete blackhole 169.254.0.0/16 table 1002`);
    expect(await answering(host, publicWeb, addresses)).toEqual(addresses);
    server.kill();
  });

  sandboxTest("and the router take nothing for their loopback from a wire", async (host) => {
    await buildTutorialVpc(host);
    // As Docker sets it, on every link: otherwise the kernel alone would see to it.
    await host.sh("sysctl -qw net.ipv4.conf.all.route_localnet=1");
    const watch = await watchPackets(host, "", { family: "inet", hook: "prerouting priority -400" }, 'iifname "igw-company-a"');
    const delivered = await watchPackets(host, router, { family: "inet", hook: "input priority -400" }, 'iifname != "lo"');
    const to = (address: string): Uint8Array => ipv4Frame({ from: publicMac, to: routerMac }, { from: "10.0.1.4", to: address, ...echo });
    await sendFrames(host, publicWeb, to("127.0.0.1"), to("127.1.2.3"));
    expect([await watch.count(), await delivered.count()]).toEqual([0, 0]);
    await sendFrames(host, publicWeb, to("203.0.113.2"), to("10.0.1.1"));
    expect([await watch.count(), await delivered.count()]).toEqual([1, 1]);
  });
});

describe("two VPCs", () => {
  sandboxTest("with the same CIDR have internet at the same time, each its own flows", async (host) => {
    await buildTutorialVpc(host);
    await vpcctl(host, "create-vpc company-b 10.0.0.0/16", "add-subnet company-b public-web 10.0.1.0/24", "enable-internet company-b public-web");
    const both = [publicWeb, "vpc.company-b.public-web"].flatMap((namespace) => Array.from({ length: 4 }, () => namespace));
    const answers = await Promise.all(both.map((namespace) => host.http(namespace, "http://www.google.com/")));
    expect(answers.map((answer) => answer?.status)).toEqual(both.map(() => 200));
    // The same port and address on the inside of both, and both answered: told apart by their routers.
    const exactly = (namespace: string) => host.run(["ip", "netns", "exec", namespace, "curl", "-s", "--local-port", "5555", "-m", "3", "http://198.51.100.80/"]);
    const [a, b] = await Promise.all([exactly(publicWeb), exactly("vpc.company-b.public-web")]);
    expect([a.exitCode, b.exitCode]).toEqual([0, 0]);
  });

  sandboxTest("do not reach each other's gateways, routers and subnets", async (host) => {
    await buildTutorialVpc(host);
    await vpcctl(host, "create-vpc company-b 10.1.0.0/16", "add-subnet company-b web 10.1.1.0/24", "enable-internet company-b web");
    // Both ends of the other's gateway, its router's address, its subnet.
    const others = ["169.254.64.4", "169.254.64.5", "10.1.1.1", "10.1.1.4"];
    expect(await answering(host, publicWeb, others)).toEqual([]);
    // Even where the host knows the way: somebody routes the other's addresses, and the router does not stop link-local ones.
    await host.sh(`ip route add 10.1.0.0/16 via 169.254.64.5 dev igw-company-b onlink; ip -n ${router} route delete blackhole 169.254.0.0/16 table 1002`);
    const arrivals = await watchPackets(host, "vpc.company-b", { family: "inet", hook: "prerouting priority -400" }, 'iifname "igw"');
    expect(await answering(host, publicWeb, others)).toEqual([]);
    expect(await arrivals.count()).toBe(0);
    await onHost(host, "flush chain inet vpcctl forward; flush chain inet vpcctl input");
    expect(await answering(host, publicWeb, others)).toEqual(["169.254.64.4"]);
    // All but the host's own end; what comes back is another matter.
    expect(await arrivals.count()).toBe(3);
  });
});

describe("on the uplink there is", () => {
  sandboxTest("nothing of a private subnet", async (host) => {
    await buildTutorialVpc(host);
    await using echoes = await countOnUplink(host, "icmp type echo-request");
    await using tcpAndUdp = await countOnUplink(host, "meta l4proto { tcp, udp }");
    expect(await answering(host, privateDb, ["8.8.8.8", "203.0.113.1"])).toEqual([]);
    await host.run(["ip", "netns", "exec", privateDb, "curl", "-s", "-m", "1", "http://198.51.100.80"]);
    expect([await echoes.packets(), await tcpAndUdp.packets()]).toEqual([0, 0]);
    await inRouter(host, 'delete element bridge vpcctl sources { "v-private-db" . 02:76:0a:00:02:04 . 10.0.2.4 }');
    await inRouter(host, 'add element bridge vpcctl sources { "v-private-db" . 02:76:0a:00:02:04 . 10.0.2.4 : 2 }');
    // A route is not enough: it has no public address either.
    expect(await host.ping(privateDb, "8.8.8.8")).toBe(false);
    await inRouter(host, "add element inet vpcctl public-out { 10.0.2.4 : 198.18.0.2 }");
    expect(await host.ping(privateDb, "8.8.8.8")).toBe(true);
    expect(await echoes.packets()).toBe(1);
  });

  sandboxTest("nothing that was not translated, not even what the connection tracker takes for nonsense", async (host) => {
    await buildTutorialVpc(host);
    await using untranslated = await countOnUplink(host, "ip saddr != 203.0.113.2");
    const to = (protocol: number, payload: Uint8Array): Uint8Array =>
      ipv4Frame({ from: publicMac, to: routerMac }, { from: "10.0.1.4", to: "198.51.100.80", protocol, payload });
    const nonsense = [to(TCP, tcp(0x03)), to(TCP, tcp(0x00)), to(TCP, tcp(0x3f)), to(ICMP, icmp(3)), to(ICMP, icmp(0))];
    expect((await host.http(publicWeb, "http://www.google.com/"))?.headers["x-client-address"]).toBe("203.0.113.2");
    await sendFrames(host, publicWeb, ...nonsense);
    expect(await untranslated.packets()).toBe(0);
    await inRouter(host, "flush chain inet vpcctl forward; add chain inet vpcctl forward { policy accept; }");
    await sendFrames(host, publicWeb, ...nonsense);
    expect(await untranslated.packets()).toBe(0);
    await onHost(host, "flush chain inet vpcctl forward");
    await sendFrames(host, publicWeb, ...nonsense);
    expect(await untranslated.packets()).toBeGreaterThan(0);
  });

  sandboxTest("nothing for an address of the VPC that no subnet has", async (host) => {
    await buildTutorialVpc(host);
    await using strays = await countOnUplink(host, "ip daddr 10.0.0.0/16");
    expect(await answering(host, publicWeb, ["10.0.9.9", "10.0.1.77"])).toEqual([]);
    expect(await strays.packets()).toBe(0);
    await host.sh(`ip -n ${router} route delete blackhole 10.0.0.0/16`);
    await host.ping(publicWeb, "10.0.9.9");
    expect(await strays.packets()).toBe(1);
  });
});

describe("from outside", () => {
  sandboxTest("nobody opens a flow into a subnet: not the internet, not the host, whatever routes they have", async (host) => {
    await buildTutorialVpc(host);
    await host.sh("ip -n internet route add 10.0.0.0/16 via 203.0.113.2; ip -n internet route add 169.254.64.0/18 via 203.0.113.2");
    await host.sh("ip route add 10.0.0.0/16 via 169.254.64.3 dev igw-company-a onlink");
    const inside = ["10.0.1.4", "10.0.2.4", "10.0.1.1", "169.254.64.3"];
    const both = async (): Promise<string[][]> => Promise.all(["internet", ""].map((namespace) => answering(host, namespace, inside)));
    expect(await both()).toEqual([[], []]);
    await inRouter(host, "add chain inet vpcctl forward { policy accept; }; add chain inet vpcctl input { policy accept; }");
    expect(await both()).toEqual([[], []]);
    await onHost(host, "flush chain inet vpcctl forward");
    await host.sh("sysctl -qw net.ipv4.conf.uplink0.forwarding=1");
    const [fromInternet] = await both();
    // The public subnet has a way back. The private one hears, and has none.
    expect(fromInternet).toContain("10.0.1.4");
  });
});

describe("link-local addresses", () => {
  sandboxTest("stay out of reach from a public subnet, the metadata service of a cloud host among them", async (host) => {
    await host.sh("ip -n internet address add 169.254.169.254/32 dev lo");
    await buildTutorialVpc(host);
    expect(await host.ping("", "169.254.169.254")).toBe(true);
    expect(await answering(host, publicWeb, ["169.254.169.254", "8.8.8.8"])).toEqual(["8.8.8.8"]);
    await host.sh(`ip -n ${router} route delete blackhole 169.254.0.0/16 table 1002`);
    expect(await answering(host, publicWeb, ["169.254.169.254"])).toEqual(["169.254.169.254"]);
  });
});

describe("IPv6", () => {
  sandboxTest("is not spoken on any link of ours", async (host) => {
    await vpcctl(host, "create-vpc company-a 10.0.0.0/16");
    const ports = await watchPackets(host, router, { family: "bridge", hook: "prerouting priority -400" }, "meta protocol ip6");
    const gateway = await watchPackets(host, "", { family: "inet", hook: "prerouting priority -400" }, 'iifname "igw-*" meta nfproto ipv6');
    const fromHost = await watchPackets(host, "", { family: "inet", hook: "postrouting priority 400" }, 'oifname "igw-*" meta nfproto ipv6');
    await vpcctl(host, "add-subnet company-a public-web 10.0.1.0/24", "enable-internet company-a public-web");
    // A link that speaks does so within a second.
    await Bun.sleep(1200);
    expect([await ports.count(), await gateway.count(), await fromHost.count()]).toEqual([0, 0, 0]);
    await host.sh(`ip -n ${publicWeb} link set eth0 down; ip -n ${publicWeb} link set eth0 addrgenmode eui64; ip -n ${publicWeb} link set eth0 up`);
    await eventually("the subnet speaks IPv6", async () => (await ports.count()) > 0);
  });
});
