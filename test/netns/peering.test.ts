// Peerings with real packets: who reaches whom. Where something is silent, what makes it so is taken away, and then it is heard.
import { describe, expect } from "bun:test";
import { sandboxTest } from "../support/sandbox-test.ts";
import { allAre, batch, build, everyWay, inRouter, noInternet, reached, tcp } from "./peered-vpcs.ts";

const three = { a: "10.0.0.0/16", b: "10.1.0.0/16", c: "10.2.0.0/16" };
const aWeb = "10.0.1.4";
const bWeb = "10.1.1.4";
const bDb = "10.1.2.4";
const places = { "a.web": aWeb, "a.db": "10.0.2.4", "b.web": bWeb, "b.db": bDb };
const across = (pairs: readonly string[]): string[] => pairs.filter((pair) => pair.startsWith("a") !== pair.includes("> a"));

describe("a peering", () => {
  sandboxTest("connects its two VPCs in both directions and no third, from its acceptance to its end", async (host) => {
    await using traffic = await build(host, three);
    const both = [...everyWay("a.web", bDb), ...everyWay("b.db", aWeb)];
    const third = [...everyWay("c.web", bDb), ...everyWay("a.web", "10.2.1.4")];
    expect(await traffic.probe(both)).toEqual(allAre("silent", both));
    await batch(host, "create-peering a-b a b");
    expect(await traffic.probe(both)).toEqual(allAre("silent", both));
    await batch(host, "peer a b");
    expect(await traffic.probe([...both, ...third])).toEqual([...allAre("answered", both), ...allAre("silent", third)]);
    await batch(host, "unpeer a b");
    expect(await traffic.probe(both)).toEqual(allAre("silent", both));
  }, noInternet);

  sandboxTest("connects them by IPv6 as well when both have it", async (host) => {
    await using traffic = await build(host, { a: three.a, b: three.b }, "associate-ipv6-cidr a fd00:0:0:a00::/56", "peer a b");
    await batch(host, "authorize-ingress b default --protocol all --cidr ::/0", "associate-ipv6-cidr b fd00:0:0:b00::/56");
    const address = /inet6 (fd00:\S+)\/128/.exec(await host.sh("ip -n vpc.b.web -6 address show dev eth0"))?.[1] ?? "";
    const probes = everyWay("a.web", address);
    expect(await traffic.probe(probes)).toEqual(allAre("silent", probes));
    await batch(host, "peer a b");
    expect(await traffic.probe(probes)).toEqual(allAre("answered", probes));
    expect(await host.sh("vpcctl peer a b")).toContain("connected already");
    await batch(host, "disassociate-ipv6-cidr a");
    expect(await host.sh("vpcctl peer a b")).toContain("connected already");
  }, noInternet);

  sandboxTest("limited to blocks lets exactly these communicate; each router judges for itself", async (host) => {
    // The routes of the first peering lead to all of the other VPC, and stay when it goes.
    await using traffic = await build(host, { a: three.a, b: three.b }, "peer a b");
    expect(across(await reached(traffic, places))).toHaveLength(8);
    await batch(host, "delete-peering a-b", "create-peering a-b a b --accept --requester-cidr 10.0.1.0/24 --accepter-cidr 10.1.1.0/24");
    expect(across(await reached(traffic, places))).toEqual(["a.web > b.web", "b.web > a.web"]);
    await inRouter(host, "a", "nft add element inet vpcctl to-peers '{ \"pcx-a-b\" . 10.0.1.0/24 . 10.1.2.0/24 }'");
    expect(await traffic.reaches(tcp("a.web", bDb))).toBe(false);
    await inRouter(host, "b", "nft add element inet vpcctl from-peers '{ \"pcx-a-b\" . 10.0.1.0/24 . 10.1.2.0/24 }'");
    expect(await traffic.reaches(tcp("a.web", bDb))).toBe(true);
  }, noInternet);

  sandboxTest("is used where route tables lead over it, on the way there and on the way back", async (host) => {
    await using traffic = await build(host, { a: three.a, b: three.b }, "peer a b", "create-route-table a apart", "associate-route-table a web apart");
    expect(across(await reached(traffic, places))).toEqual(["a.db > b.web", "a.db > b.db", "b.web > a.db", "b.db > a.db"]);
    await batch(host, "create-route a apart 10.1.1.0/24 peering/a-b");
    expect(across(await reached(traffic, places))).toEqual(["a.web > b.web", "a.db > b.web", "a.db > b.db", "b.web > a.web", "b.web > a.db", "b.db > a.db"]);
    await batch(host, "peer a b");
    expect(across(await reached(traffic, places))).toHaveLength(8);
  }, noInternet);

  sandboxTest("ends with all that flows over it, and no other with it", async (host) => {
    await using traffic = await build(host, three, "peer a b", "peer b c");
    const [ended, kept] = [await traffic.connect("vpc.a.web", bWeb, 80), await traffic.connect("vpc.c.web", bWeb, 80)];
    expect([await ended.works(), await kept.works()]).toEqual([true, true]);
    await batch(host, "delete-peering a-b");
    expect([await ended.works(), await kept.works()]).toEqual([false, true]);
    await batch(host, "create-peering a-b a b --accept");
    // Neither end has given up; the wire is there again, and so are the routes.
    expect(await ended.works(2000)).toBe(true);
  }, noInternet);
});

describe("security groups across a peering", () => {
  sandboxTest("know the members of the peer's groups, in both directions", async (host) => {
    await using traffic = await build(
      host,
      { a: three.a, b: three.b },
      "peer a b",
      "revoke-ingress b default --protocol all --cidr 0.0.0.0/0",
      "create-security-group a clients",
      "authorize-ingress b default --protocol tcp --port 80 --group a/clients",
    );
    const probes = [tcp("a.web", bWeb), tcp("a.db", bWeb)];
    expect(await traffic.probe(probes)).toEqual(["silent", "silent"]);
    await batch(host, "set-security-groups a web --security-group clients");
    expect(await traffic.probe(probes)).toEqual(["answered", "silent"]);
    const servers = "authorize-ingress b servers --protocol tcp --port 80 --cidr 0.0.0.0/0";
    await batch(host, "create-security-group b servers", "set-security-groups b db --security-group servers", servers);
    await batch(host, "revoke-egress a clients --protocol all --cidr 0.0.0.0/0", "authorize-egress a clients --protocol tcp --port 80 --group b/servers");
    expect(await traffic.probe([tcp("a.web", bWeb), tcp("a.web", bDb)])).toEqual(["silent", "answered"]);
    expect(await host.sh("vpcctl peer a b")).toContain("connected already");
  }, noInternet);

  sandboxTest("tell two peers with one CIDR apart, and their routes do too", async (host) => {
    const twins = { hub: "10.0.0.0/16", p: "10.1.0.0/16", q: "10.1.0.0/16" };
    await using traffic = await build(
      host,
      twins,
      "peer hub p",
      "create-peering hub-q hub q --accept",
      "create-route q main 10.0.0.0/16 peering/hub-q",
      "create-route-table hub to-q",
      "associate-route-table hub db to-q",
      "create-route hub to-q 10.1.0.0/16 peering/hub-q",
    );
    // Answers go where the route table of whoever answers leads: web's to p, db's to q.
    const probes = [tcp("p.web", "10.0.1.4"), tcp("q.web", "10.0.1.4"), tcp("p.web", "10.0.2.4"), tcp("q.web", "10.0.2.4")];
    expect(await traffic.probe(probes)).toEqual(["answered", "silent", "silent", "answered"]);
    await batch(host, "revoke-ingress hub default --protocol all --cidr 0.0.0.0/0", "authorize-ingress hub default --protocol tcp --port 80 --group p/default");
    expect(await traffic.probe(probes)).toEqual(["answered", "silent", "silent", "silent"]);
    await batch(host, "authorize-ingress hub default --protocol tcp --port 80 --group q/default");
    expect(await traffic.probe(probes)).toEqual(["answered", "silent", "silent", "answered"]);
  }, noInternet);
});

sandboxTest("network ACLs judge what comes and goes over a peering, at the edges of both subnets", async (host) => {
  await using traffic = await build(host, { a: three.a, b: three.b }, "peer a b");
  const acl = (number: number, vpc: string, direction: string, rest: string): string =>
    `create-network-acl-entry ${vpc} strict --rule-number ${number} --${direction} --action ${rest}`;
  const open = (vpc: string): string[] => ["ingress", "egress"].map((direction) => acl(1000, vpc, direction, "allow --protocol all --cidr 0.0.0.0/0"));
  const probes = [tcp("a.web", bWeb), tcp("a.db", bWeb), tcp("a.web", bDb)];
  expect(await traffic.probe(probes)).toEqual(allAre("answered", probes));
  const noWeb = acl(90, "b", "ingress", "deny --protocol tcp --port 80 --cidr 10.0.1.0/24");
  await batch(host, "create-network-acl b strict", ...open("b"), noWeb, "associate-network-acl b web strict");
  expect(await traffic.probe(probes)).toEqual(["silent", "answered", "answered"]);
  const notToDb = acl(90, "a", "egress", "deny --protocol tcp --port 80 --cidr 10.1.2.0/24");
  await batch(host, "associate-network-acl b web default", "create-network-acl a strict", ...open("a"), notToDb, "associate-network-acl a web strict");
  expect(await traffic.probe(probes)).toEqual(["answered", "answered", "silent"]);
}, noInternet);

describe("a VPC with several CIDRs", () => {
  sandboxTest("has them all inside, over its peerings and nowhere else", async (host) => {
    await using traffic = await build(host, { a: three.a, b: three.b }, "peer a b", "associate-cidr a 10.5.0.0/16", "add-subnet a far 10.5.1.0/24");
    await traffic.listen("vpc.a.far", { tcp: [80] });
    const probes = [tcp("a.web", "10.5.1.4"), tcp("a.far", aWeb), tcp("b.web", "10.5.1.4"), tcp("a.far", bWeb)];
    expect(await traffic.probe(probes)).toEqual(["answered", "answered", "silent", "silent"]);
    await batch(host, "peer a b");
    expect(await traffic.probe(probes)).toEqual(allAre("answered", probes));
    expect((await host.run("vpcctl disassociate-cidr a 10.5.0.0/16")).stderr).toContain("InvalidCidrBlock.InUse");
    await batch(host, "delete-subnet a far", "disassociate-cidr a 10.5.0.0/16");
    expect(await host.sh("ip -n vpc.a route show table main")).not.toContain("10.5.");
  }, noInternet);
});
