// Network ACLs with real packets. Where something is silent, the entry (or the rule in the kernel) that makes it so is taken away, and then
// it is heard.
import { describe, expect } from "bun:test";
import type { FakeHost } from "../support/fake-host.ts";
import { sandboxTest } from "../support/sandbox-test.ts";
import { startTraffic, type Probe, type Traffic } from "../support/traffic.ts";
import { watchPackets } from "./packet-watch.ts";
import { vpcctl } from "./tutorial-vpc.ts";

const router = "vpc.a";
const web = "vpc.a.web";
const db = "vpc.a.db";
const db1 = "vpc.a.db.db1";
const webAddress = "10.0.1.4";
const dbAddress = "10.0.2.4";
const db1Address = "10.0.2.5";
const anywhere = "--cidr 0.0.0.0/0";
const noInternet = { internet: false };

const vpc = [
  "create-vpc a 10.0.0.0/16",
  "add-subnet a web 10.0.1.0/24",
  "add-subnet a db 10.0.2.0/24",
  "run-instance a db --name db1",
  "create-network-acl a strict",
];

/** Subnets `web` and `db` (with instance `db1`), which listen at TCP and UDP 80 and 5432; and what else is to be run. */
async function build(host: FakeHost, ...commands: readonly string[]): Promise<Traffic> {
  await vpcctl(host, ...vpc, ...commands);
  const traffic = await startTraffic(host);
  for (const namespace of [web, db, db1]) await traffic.listen(namespace, { tcp: [80, 5432], udp: [80] });
  return traffic;
}

const entry = (verb: "create" | "replace", number: number, rest: string): string => `${verb}-network-acl-entry a strict --rule-number ${number} ${rest}`;
const allow = (number: number, direction: "ingress" | "egress", rest: string): string => entry("create", number, `--${direction} --action allow ${rest}`);
const deny = (number: number, direction: "ingress" | "egress", rest: string): string => entry("create", number, `--${direction} --action deny ${rest}`);
const allowAll = [allow(1000, "ingress", `--protocol all ${anywhere}`), allow(1000, "egress", `--protocol all ${anywhere}`)];

const tcp = (from: string, to: string, port = 80): Probe => ({ from, to, protocol: "tcp", port });
const udp = (from: string, to: string): Probe => ({ from, to, protocol: "udp", port: 80 });
const icmp = (from: string, to: string): Probe => ({ from, to, protocol: "icmp" });
const everyWay = (from: string, to: string): Probe[] => [tcp(from, to), udp(from, to), icmp(from, to)];
const across = [...everyWay(web, dbAddress), ...everyWay(db1, webAddress)];
const inside = [...everyWay(db, db1Address), ...everyWay(db1, dbAddress)];

const allAre = (outcome: "answered" | "silent", probes: readonly Probe[]) => probes.map(() => outcome);

describe("a network ACL", () => {
  sandboxTest("that is new denies everything that crosses the subnet's edge, and nothing that stays inside", async (host) => {
    await using traffic = await build(host);
    expect(await traffic.probe(across)).toEqual(allAre("answered", across));
    await vpcctl(host, "associate-network-acl a db strict");
    expect(await traffic.probe([...across, ...inside])).toEqual([...allAre("silent", across), ...allAre("answered", inside)]);
    await vpcctl(host, "associate-network-acl a db default");
    expect(await traffic.probe(across)).toEqual(allAre("answered", across));
  }, noInternet);

  sandboxTest("denies by its chain in the router alone: without it everything passes", async (host) => {
    await using traffic = await build(host, "associate-network-acl a db strict");
    expect(await traffic.probe(across)).toEqual(allAre("silent", across));
    await host.sh(`ip netns exec ${router} nft flush chain inet vpcctl acl`);
    expect(await traffic.probe(across)).toEqual(allAre("answered", across));
    expect(await vpcctl(host, "associate-network-acl a db strict")).toContain("had drifted");
    expect(await traffic.probe(across)).toEqual(allAre("silent", across));
    expect(await vpcctl(host, "associate-network-acl a db strict")).toStartWith("Nothing to do");
  }, noInternet);

  sandboxTest("is stateless: who is let in gets no answer out without an entry for it", async (host) => {
    await using traffic = await build(host, "associate-network-acl a db strict", allow(100, "ingress", "--protocol tcp --port 80 --cidr 10.0.1.0/24"));
    const arrivals = await watchPackets(host, db, { family: "inet", hook: "input priority -400" }, "tcp dport 80");
    expect(await traffic.probe([tcp(web, dbAddress)])).toEqual(["silent"]);
    // The question came, the answer did not.
    expect(await arrivals.count()).toBeGreaterThan(0);
    await vpcctl(host, allow(100, "egress", "--protocol tcp --port 1024-65535 --cidr 10.0.1.0/24"));
    expect(await traffic.probe([tcp(web, dbAddress), tcp(web, dbAddress, 5432), udp(web, dbAddress)])).toEqual(["answered", "silent", "silent"]);
    // Those inside may answer, not ask: no entry lets the answer to their own question in.
    expect(await traffic.probe([tcp(db, webAddress), tcp(db1, webAddress)])).toEqual(["silent", "silent"]);
    await vpcctl(host, allow(90, "ingress", "--protocol tcp --port 1024-65535 --cidr 10.0.1.0/24"), allow(90, "egress", "--protocol tcp --port 80 --cidr 10.0.1.0/24"));
    expect(await traffic.probe([tcp(db, webAddress), tcp(db1, webAddress)])).toEqual(["answered", "answered"]);
  }, noInternet);

  sandboxTest("obeys the entry with the lowest number that fits, whatever was added first", async (host) => {
    await using traffic = await build(host, ...allowAll, "associate-network-acl a db strict");
    const both = [tcp(web, dbAddress), tcp(web, dbAddress, 5432)];
    expect(await traffic.probe(both)).toEqual(["answered", "answered"]);
    await vpcctl(host, deny(90, "ingress", "--protocol tcp --port 80-81 --cidr 10.0.0.0/8"));
    expect(await traffic.probe(both)).toEqual(["silent", "answered"]);
    await vpcctl(host, allow(80, "ingress", "--protocol tcp --port 80 --cidr 10.0.1.4/32"));
    expect(await traffic.probe(both)).toEqual(["answered", "answered"]);
    await vpcctl(host, "delete-network-acl-entry a strict --rule-number 80 --ingress", allow(91, "ingress", "--protocol tcp --port 80 --cidr 10.0.1.4/32"));
    expect(await traffic.probe(both)).toEqual(["silent", "answered"]);
    await vpcctl(host, entry("replace", 90, "--ingress --action deny --protocol tcp --port 5432 --cidr 10.0.0.0/8"));
    expect(await traffic.probe(both)).toEqual(["answered", "silent"]);
  }, noInternet);

  sandboxTest("also judges the packets of connections that are open already, but not those inside", async (host) => {
    await using traffic = await build(host, ...allowAll, "associate-network-acl a db strict");
    const [over, within] = [await traffic.connect(web, dbAddress, 80), await traffic.connect(db1, dbAddress, 80)];
    expect([await over.works(), await within.works()]).toEqual([true, true]);
    await vpcctl(host, deny(1, "egress", `--protocol tcp ${anywhere}`));
    expect([await over.works(), await within.works()]).toEqual([false, true]);
    await vpcctl(host, "delete-network-acl-entry a strict --rule-number 1 --egress");
    expect(await over.works(2000)).toBe(true);
  }, noInternet);

  sandboxTest("tells ICMP types apart", async (host) => {
    const types = [allow(10, "ingress", `--protocol icmp --icmp-type 8/0 ${anywhere}`), allow(10, "egress", `--protocol icmp --icmp-type 0 ${anywhere}`)];
    await using traffic = await build(host, ...types, "associate-network-acl a db strict");
    const timestamp: Probe = { from: web, to: dbAddress, protocol: "icmp", ask: "timestamp" };
    expect(await traffic.probe([icmp(web, dbAddress), timestamp, udp(web, dbAddress)])).toEqual(["answered", "silent", "silent"]);
    await vpcctl(host, allow(20, "ingress", `--protocol icmp --icmp-type 13 ${anywhere}`), allow(20, "egress", `--protocol icmp --icmp-type 14 ${anywhere}`));
    expect(await traffic.probe([timestamp])).toEqual(["answered"]);
  }, noInternet);

  sandboxTest("of the receiver's subnet counts as well as that of the sender's", async (host) => {
    await using traffic = await build(host, "create-network-acl a closed", ...allowAll, "associate-network-acl a db strict", "associate-network-acl a web strict");
    expect(await traffic.probe(across)).toEqual(allAre("answered", across));
    for (const subnet of ["web", "db"]) {
      await vpcctl(host, `associate-network-acl a ${subnet} closed`);
      expect(await traffic.probe(across)).toEqual(allAre("silent", across));
      await vpcctl(host, `associate-network-acl a ${subnet} strict`);
    }
    expect(await traffic.probe(across)).toEqual(allAre("answered", across));
  }, noInternet);
});

sandboxTest("entries for IPv6 and for IPv4 know nothing of each other", async (host) => {
  await using traffic = await build(host, "associate-ipv6-cidr a fd00:1:2::/56", ...allowAll, "associate-network-acl a db strict");
  const [db6, db16] = ["fd00:1:2:1::a00:204", "fd00:1:2:1::a00:205"];
  const across6 = everyWay(web, db6);
  const inside6 = [...everyWay(db1, db6), ...everyWay(db, db16)];
  // So far there are entries for IPv4 only.
  expect(await traffic.probe([...across, ...across6, ...inside6])).toEqual([...allAre("answered", across), ...allAre("silent", across6), ...allAre("answered", inside6)]);
  const both = (number: number, rest: string): string[] => [allow(number, "ingress", rest), allow(number, "egress", rest)];
  await vpcctl(host, ...both(500, "--protocol icmpv6 --cidr fd00:1:2::/56"), ...both(501, "--protocol tcp --cidr ::/0"));
  expect(await traffic.probe(across6)).toEqual(["answered", "silent", "answered"]);
  await vpcctl(host, deny(499, "ingress", "--protocol tcp --port 80 --cidr fd00:1:2::a00:104/128"));
  expect(await traffic.probe([...across6, tcp(web, dbAddress)])).toEqual(["silent", "silent", "answered", "answered"]);
  expect(await vpcctl(host, "associate-network-acl a db strict")).toStartWith("Nothing to do");
}, noInternet);

describe("the default network ACL", () => {
  sandboxTest("allows everything and leaves no trace in the router, until it is edited; then it counts for every subnet without another", async (host) => {
    await using traffic = await build(host);
    const mentions = async (): Promise<number> => (await host.sh(`ip netns exec ${router} nft list ruleset`)).split("acl").length - 1;
    expect(await mentions()).toBe(0);
    await vpcctl(host, "create-network-acl-entry a default --rule-number 50 --ingress --action deny --protocol icmp --cidr 10.0.1.0/24");
    expect(await traffic.probe([icmp(web, dbAddress), tcp(web, dbAddress), icmp(db, db1Address)])).toEqual(["silent", "answered", "answered"]);
    expect(await mentions()).toBeGreaterThan(0);
    await vpcctl(host, "delete-network-acl-entry a default --rule-number 50 --ingress");
    expect(await traffic.probe([icmp(web, dbAddress)])).toEqual(["answered"]);
    expect(await mentions()).toBe(0);
  }, noInternet);
});
