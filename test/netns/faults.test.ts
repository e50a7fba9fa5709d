// Faults with real packets: what is parted hears nothing of each other, everybody else everything, and after `heal` all is as before.
import { describe, expect } from "bun:test";
import type { FakeHost } from "../support/fake-host.ts";
import { eventually } from "../support/eventually.ts";
import { sandboxTest } from "../support/sandbox-test.ts";
import { startTraffic, type Probe, type Traffic } from "../support/traffic.ts";
import { vpcctl } from "./tutorial-vpc.ts";

const router = "vpc.a";
const noInternet = { internet: false };

/** Who is where: subnets `web` and `db` with their own namespaces, and two instances in `web`. */
const addresses = { web: "10.0.1.4", web1: "10.0.1.5", web2: "10.0.1.6", db: "10.0.2.4" } as const;
/** TCP tries again in ever longer intervals. */
const patience = 10_000;
type Place = keyof typeof addresses;
const addresses6: Readonly<Record<Place, string>> = {
  web: "fd00:1:2::a00:104",
  web1: "fd00:1:2::a00:105",
  web2: "fd00:1:2::a00:106",
  db: "fd00:1:2:1::a00:204",
};
const namespaces: Readonly<Record<Place, string>> = { web: "vpc.a.web", web1: "vpc.a.web.web1", web2: "vpc.a.web.web2", db: "vpc.a.db" };

const vpc = [
  "create-vpc a 10.0.0.0/16",
  "add-subnet a web 10.0.1.0/24",
  "add-subnet a db 10.0.2.0/24",
  "associate-ipv6-cidr a fd00:1:2::/56",
  "run-instance a web --name web1",
  "run-instance a web --name web2",
];

async function build(host: FakeHost, ...commands: readonly string[]): Promise<Traffic> {
  await vpcctl(host, ...vpc, ...commands);
  const traffic = await startTraffic(host);
  for (const namespace of Object.values(namespaces)) await traffic.listen(namespace, { tcp: [80], udp: [80] });
  return traffic;
}

const places = Object.keys(addresses) as readonly Place[];
const pairs = places.flatMap((a, at) => places.slice(at + 1).map((b) => [a, b] as const));

/** Pairs that do not hear each other, by any protocol, IPv4 or IPv6, and in either direction, as `web-db`; a pair that is half deaf is told as such. */
async function parted(traffic: Traffic): Promise<string[]> {
  const ways = pairs.flatMap(([a, b]) => [[a, b], [b, a]] as const);
  const probes = ways.flatMap(([a, b]) => {
    return [addresses[b], addresses6[b]].flatMap((to): Probe[] => {
      const way = { from: namespaces[a], to };
      return [{ ...way, protocol: "tcp", port: 80 }, { ...way, protocol: "udp", port: 80 }, { ...way, protocol: "icmp" }];
    });
  });
  const outcomes = await traffic.probe(probes);
  return pairs.flatMap(([a, b], at) => {
    const silent = outcomes.slice(at * 12, at * 12 + 12).filter((outcome) => outcome === "silent").length;
    if (silent === 0) return [];
    return [silent === 12 ? `${a}-${b}` : `${a}-${b} in ${silent} of 12 ways`];
  });
}

/** Public addresses of the subnets' own namespaces `web` and `db`, from the router's own table. */
async function publicAddresses(host: FakeHost): Promise<(string | undefined)[]> {
  const map = await host.sh(`ip netns exec ${router} nft list map inet vpcctl public-in`);
  return [addresses.web, addresses.db].map((address) => new RegExp(`([0-9.]+) : ${address}\\b`).exec(map)?.[1]);
}

describe("a partition", () => {
  sandboxTest("between two subnets cuts all pairs across, and no other", async (host) => {
    await using traffic = await build(host);
    expect(await parted(traffic)).toEqual([]);
    await vpcctl(host, "partition a web db");
    expect(await parted(traffic)).toEqual(["web-db", "web1-db", "web2-db"]);
    await vpcctl(host, "heal a web db");
    expect(await parted(traffic)).toEqual([]);
  }, noInternet);

  sandboxTest("between an instance and another, its own subnet, or everything cuts just that, also when they overlap", async (host) => {
    await using traffic = await build(host, "partition a web1 web/web2");
    expect(await parted(traffic)).toEqual(["web1-web2"]);
    await vpcctl(host, "partition a db web1");
    expect(await parted(traffic)).toEqual(["web1-web2", "web1-db"]);
    await vpcctl(host, "partition a web db");
    expect(await parted(traffic)).toEqual(["web-db", "web1-web2", "web1-db", "web2-db"]);
    expect(await vpcctl(host, "partition a web db")).toStartWith("Nothing to do");
    await vpcctl(host, "heal a web db", "heal a db web1", "partition a web web1");
    expect(await parted(traffic)).toEqual(["web-web1", "web1-web2"]);
    await vpcctl(host, "heal a", "partition a web2");
    expect(await parted(traffic)).toEqual(["web-web2", "web1-web2", "web2-db"]);
  }, noInternet);

  sandboxTest("of a subnet from everything leaves it to itself", async (host) => {
    await using traffic = await build(host, "partition a web");
    expect(await parted(traffic)).toEqual(["web-db", "web1-db", "web2-db"]);
  }, noInternet);

  sandboxTest("cuts connections that are open, and they go on when it is healed", async (host) => {
    await using traffic = await build(host);
    const [across, beside] = [await traffic.connect(namespaces.web1, addresses.db, 80), await traffic.connect(namespaces.web1, addresses.web2, 80)];
    await vpcctl(host, "partition a web1 db");
    expect([await across.works(), await beside.works()]).toEqual([false, true]);
    // Nothing else that is done to the VPC ends it.
    await vpcctl(host, "add-subnet a more 10.0.3.0/24", "run-instance a web --name web3", "delete-subnet a more");
    expect([await across.works(), await beside.works()]).toEqual([false, true]);
    await vpcctl(host, "heal a");
    expect([await across.works(patience), await beside.works()]).toEqual([true, true]);
  }, noInternet);

  sandboxTest("is nothing but its rules in the router, and ends with the place it is at", async (host) => {
    await using traffic = await build(host, "partition a web1 db");
    const rules = async (): Promise<string> => host.sh(`ip netns exec ${router} nft list chain inet vpcctl forward`);
    expect(await rules()).toContain("a fault, made on purpose");
    const silent: Probe = { from: namespaces.web1, to: addresses.db, protocol: "icmp" };
    expect(await traffic.reaches(silent)).toBe(false);
    await host.sh(`ip netns exec ${router} nft flush chain inet vpcctl forward; ip netns exec ${router} nft add rule inet vpcctl forward accept`);
    expect(await traffic.reaches(silent)).toBe(true);
    await vpcctl(host, "terminate-instance a web1", "run-instance a web --name web1");
    expect(await rules()).not.toContain("a fault, made on purpose");
  }, noInternet);

  sandboxTest("also holds on the way by public addresses, and cuts off from the internet", async (host) => {
    await using traffic = await build(host, "enable-internet a web", "enable-internet a db");
    const [publicWeb = "", publicDb = ""] = await publicAddresses(host);
    // Every way goes out by the internet gateway, and all but the last back in.
    const outside: Probe[] = [
      { from: namespaces.web, to: publicDb, protocol: "icmp" },
      { from: namespaces.db, to: publicWeb, protocol: "icmp" },
      { from: namespaces.web, to: "8.8.8.8", protocol: "icmp" },
    ];
    await vpcctl(host, "authorize-ingress a default --protocol icmp --cidr 0.0.0.0/0");
    expect(await traffic.probe(outside)).toEqual(["answered", "answered", "answered"]);
    await vpcctl(host, "partition a web db");
    expect(await traffic.probe(outside)).toEqual(["silent", "silent", "answered"]);
    await vpcctl(host, "heal a", "partition a web");
    expect(await traffic.probe(outside)).toEqual(["silent", "silent", "silent"]);
  });
});

describe("a link that is down", () => {
  const inside = async (host: FakeHost, namespace: string): Promise<string> =>
    host.sh(
      ["address show dev eth0 scope global | grep inet", "route", "-6 route", "neighbour show nud permanent"]
        .map((words) => `ip -n ${namespace} ${words}`)
        .join("; "),
    );

  sandboxTest("takes the carrier from the interface inside and nothing else, and all is as before when it is up again", async (host) => {
    await using traffic = await build(host);
    const before = await inside(host, namespaces.web1);
    const connection = await traffic.connect(namespaces.web1, addresses.db, 80);
    await vpcctl(host, "link-down a web1");
    expect(await parted(traffic)).toEqual(["web-web1", "web1-web2", "web1-db"]);
    expect(await host.sh(`ip -n ${namespaces.web1} link show eth0`)).toContain("NO-CARRIER");
    expect((await inside(host, namespaces.web1)).replaceAll(" linkdown", "")).toBe(before);
    expect(await connection.works()).toBe(false);
    // Nor is the router heard, as it would be in a partition.
    expect(await host.ping(namespaces.web1, "10.0.1.1")).toBe(false);
    await vpcctl(host, "link-up a web1");
    // The kernel notices the carrier in its own time.
    await eventually("no route is down", async () => !(await inside(host, namespaces.web1)).includes(" linkdown"));
    expect(await inside(host, namespaces.web1)).toBe(before);
    expect(await connection.works(patience)).toBe(true);
    await eventually("everybody hears everybody", async () => (await parted(traffic)).length === 0);
  }, noInternet);

  sandboxTest("of a subnet is that of everything in it, also of what starts later", async (host) => {
    await using traffic = await build(host, "link-down a web", "run-instance a web --name web3");
    expect(await parted(traffic)).toEqual(["web-web1", "web-web2", "web-db", "web1-web2", "web1-db", "web2-db"]);
    expect(await host.sh("ip -n vpc.a.web.web3 link show eth0")).toContain("NO-CARRIER");
    // Somebody puts a wire back by hand: the same command again takes it away.
    await host.sh(`ip -n ${router} link set i-web1 up`);
    await eventually("the wire carries", () => host.ping(namespaces.db, addresses.web1));
    expect(await vpcctl(host, "link-down a web")).toContain("had drifted");
    expect(await host.ping(namespaces.db, addresses.web1)).toBe(false);
    await vpcctl(host, "heal a web");
    // Who asked for a neighbour's MAC in vain asks again after a second.
    await eventually("everybody hears everybody", async () => (await parted(traffic)).length === 0);
  }, noInternet);
});
