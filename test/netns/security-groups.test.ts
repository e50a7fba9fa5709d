// Security groups with real packets. Whatever is heard only by leave of a rule is silent without it, before and after.
import { describe, expect } from "bun:test";
import { sandboxTest } from "../support/sandbox-test.ts";
import { build, lonely, noInternet, picture, ping, quick, silence, tcp, towardsWeb, udp, vpc, webAddress } from "./groups-vpc.ts";
import { vpcctl } from "./tutorial-vpc.ts";

describe("an ingress rule lets in what it says and nothing else:", () => {
  const rules: readonly (readonly [words: string, heard: string])[] = [
    ["--protocol tcp --port 80 --cidr 0.0.0.0/0", "-+----"],
    ["--protocol tcp --port 79-443 --cidr 10.0.0.0/8", "-++---"],
    ["--protocol tcp --cidr 10.0.2.4/32", "+++---"],
    ["--protocol udp --port 53 --cidr 10.0.2.0/24", "---+--"],
    ["--protocol icmp --cidr 10.0.2.0/24", "----++"],
    ["--protocol icmp --icmp-type 8 --cidr 10.0.2.0/24", "----+-"],
    ["--protocol icmp --icmp-type 13/0 --cidr 10.0.2.0/24", "-----+"],
    ["--protocol icmp --icmp-type 8/1 --cidr 10.0.2.0/24", "------"],
    ["--protocol all --cidr 10.0.2.0/24", "++++++"],
    ["--protocol all --cidr 10.0.3.0/24", "------"],
    ["--protocol all --cidr ::/0", "------"],
    ["--protocol tcp --port 22 --group default", "+-----"],
    ["--protocol tcp --port 22 --self", "------"],
    ["--protocol udp --prefix-list offices", "---+--"],
  ];
  sandboxTest(`${rules.length} rules, each by itself`, async (host) => {
    await using traffic = await build(host, ...lonely, "create-prefix-list offices --cidr 192.0.2.0/24 --cidr 10.0.2.0/25 --cidr 2001:db8::/32");
    expect(await traffic.probe(towardsWeb)).toEqual(silence);
    for (const [at, [words, heard]] of rules.entries()) {
      const [before] = rules[at - 1] ?? [];
      await vpcctl(host, ...(before === undefined ? [] : [`revoke-ingress a web ${before}`]), `authorize-ingress a web ${words}`);
      expect([words, picture(await traffic.probe(towardsWeb, quick))]).toEqual([words, heard]);
    }
    await vpcctl(host, `revoke-ingress a web ${rules.at(-1)?.[0]}`);
    expect(await traffic.probe(towardsWeb)).toEqual(silence);
  }, noInternet);

  const rules6: readonly (readonly [words: string, heard: string])[] = [
    ["--protocol tcp --port 80 --cidr ::/0", "-+---"],
    ["--protocol tcp --port 80 --cidr 0.0.0.0/0", "-----"],
    ["--protocol udp --cidr fd00:1234:5678:1::/64", "---+-"],
    ["--protocol icmpv6 --icmp-type 128 --cidr fd00::/8", "----+"],
    ["--protocol icmp --group default", "-----"],
    ["--protocol icmpv6 --group default", "----+"],
    ["--protocol tcp --port 22 --group default", "+----"],
    ["--protocol all --prefix-list offices", "+++++"],
  ];
  sandboxTest(`${rules6.length} rules for IPv6, each by itself`, async (host) => {
    await using traffic = await build(
      host,
      vpc[0],
      "associate-ipv6-cidr a fd00:1234:5678::/56",
      ...lonely.slice(1),
      "create-prefix-list offices --cidr 192.0.2.0/24 --cidr fd00:1234:5678:1::/64",
    );
    const to = (await host.sh("ip -n vpc.a.web -6 -o address show dev eth0 scope global")).match(/inet6 ([0-9a-f:]+)/)?.[1] ?? "";
    const probes = [...[22, 80, 443].map((port) => tcp("db", to, port)), udp("db", to), ping("db", to)];
    expect(picture(await traffic.probe(probes))).toBe("-----");
    for (const [at, [words, heard]] of rules6.entries()) {
      const [before] = rules6[at - 1] ?? [];
      await vpcctl(host, ...(before === undefined ? [] : [`revoke-ingress a web ${before}`]), `authorize-ingress a web ${words}`);
      expect([words, picture(await traffic.probe(probes, quick))]).toEqual([words, heard]);
    }
  }, noInternet);

  sandboxTest("rules that overlap allow what any of them allows, whichever comes and goes first", async (host) => {
    await using traffic = await build(host, ...lonely);
    const steps: readonly (readonly [words: string, heard: string])[] = [
      ["authorize-ingress a web --protocol tcp --port 80 --cidr 10.0.2.0/24", "-+----"],
      ["authorize-ingress a web --protocol tcp --cidr 0.0.0.0/0", "+++---"],
      ["authorize-ingress a web --protocol all --cidr 10.0.2.4/32", "++++++"],
      ["revoke-ingress a web --protocol tcp --cidr 0.0.0.0/0", "++++++"],
      ["revoke-ingress a web --protocol all --cidr 10.0.2.4/32", "-+----"],
      ["revoke-ingress a web --protocol tcp --port 80 --cidr 10.0.2.0/24", "------"],
    ];
    for (const [words, heard] of steps) {
      await vpcctl(host, words);
      expect([words, picture(await traffic.probe(towardsWeb, quick))]).toEqual([words, heard]);
      // Read back, the kernel holds what the compiler wants: there is nothing to mend.
      expect(await vpcctl(host, `${words} --dry-run`)).not.toContain("nft");
    }
  }, noInternet);
});

describe("members of groups", () => {
  sandboxTest("reach each other in `default`, until one leaves it or its rule goes", async (host) => {
    await using traffic = await build(host, ...vpc);
    const all = ["web", "db", "admin"].flatMap((from) => ["web", "db", "admin"].flatMap((to) => (from === to ? [] : [tcp(from, to)])));
    expect(picture(await traffic.probe(all))).toBe("++++++");
    await vpcctl(host, "create-security-group a other", "set-security-groups a web --security-group other");
    // Out of `default` go all its doors: into it, and into the new group.
    expect(picture(await traffic.probe(all))).toBe("---+-+");
    await vpcctl(host, "revoke-ingress a default --protocol all --self");
    expect(picture(await traffic.probe(all))).toBe("------");
  }, noInternet);

  sandboxTest("may do what any of their groups allows; a rule for a group follows who is in it", async (host) => {
    await using traffic = await build(
      host,
      ...lonely,
      "create-security-group a ssh",
      "authorize-ingress a ssh --protocol tcp --port 22 --cidr 0.0.0.0/0",
      "authorize-ingress a web --protocol tcp --port 80 --group default",
    );
    expect(picture(await traffic.probe(towardsWeb))).toBe("-+----");
    await vpcctl(host, "set-security-groups a web --security-group web --security-group ssh");
    expect(picture(await traffic.probe(towardsWeb))).toBe("++----");
    // In other groups besides, `db` still is in `default`.
    await vpcctl(host, "set-security-groups a db --security-group default --security-group ssh");
    expect(picture(await traffic.probe(towardsWeb))).toBe("++----");
    await vpcctl(host, "set-security-groups a db --security-group ssh");
    expect(picture(await traffic.probe(towardsWeb))).toBe("+-----");
  }, noInternet);

  sandboxTest("of a prefix list come and go with its CIDRs", async (host) => {
    await using traffic = await build(host, ...lonely, "create-prefix-list offices --cidr 10.0.3.0/24", "authorize-ingress a web --protocol tcp --port 80 --prefix-list offices");
    const both = [tcp("db", "web"), tcp("admin", "web")];
    expect(picture(await traffic.probe(both))).toBe("-+");
    await vpcctl(host, "modify-prefix-list offices --add 10.0.2.0/24 --remove 10.0.3.0/24");
    expect(picture(await traffic.probe(both))).toBe("+-");
  }, noInternet);
});

sandboxTest("both gates must be open: the sender's and the receiver's", async (host) => {
  const openIngress = "authorize-ingress a web --protocol tcp --port 80 --cidr 0.0.0.0/0";
  await using traffic = await build(host, ...lonely, "create-security-group a db", "set-security-groups a db --security-group db", openIngress);
  const probes = [tcp("db", "web", 80), tcp("db", "web", 443)];
  expect(picture(await traffic.probe(probes))).toBe("+-");
  await vpcctl(host, "revoke-egress a db --protocol all --cidr 0.0.0.0/0");
  expect(picture(await traffic.probe(probes))).toBe("--");
  // What egress allows and ingress does not is as silent as the other way round.
  await vpcctl(host, "authorize-egress a db --protocol tcp --port 443 --cidr 10.0.1.4/32");
  expect(picture(await traffic.probe(probes))).toBe("--");
  await vpcctl(host, "authorize-egress a db --protocol tcp --port 80 --group web");
  expect(picture(await traffic.probe(probes))).toBe("+-");
  await vpcctl(host, "revoke-ingress a web --protocol tcp --port 80 --cidr 0.0.0.0/0");
  expect(picture(await traffic.probe(probes))).toBe("--");
}, noInternet);

sandboxTest("a connection that is open outlives every change of rules and groups; new ones obey it", async (host) => {
  await using traffic = await build(host, ...lonely, "authorize-ingress a web --protocol tcp --port 80 --cidr 0.0.0.0/0");
  const connection = await traffic.connect("vpc.a.db", webAddress, 80);
  const changes = [
    "authorize-ingress a web --protocol tcp --cidr 10.0.0.0/8",
    "revoke-ingress a web --protocol tcp --port 80 --cidr 0.0.0.0/0",
    "revoke-ingress a web --protocol tcp --cidr 10.0.0.0/8",
    "revoke-egress a web --protocol all --cidr 0.0.0.0/0",
    "create-security-group a other",
    "set-security-groups a web --security-group other",
    "delete-security-group a web",
  ];
  for (const change of changes) {
    await vpcctl(host, change);
    expect([change, await connection.works()]).toEqual([change, true]);
  }
  expect(await traffic.reaches(tcp("db", "web"))).toBe(false);
  // And it is the flow that lives, not the packets: forgotten by the router, it is judged as a new one.
  await host.sh(["ip", "netns", "exec", "vpc.a", "nft", "insert rule inet vpcctl forward ct state established tcp dport 80 drop"]);
  expect(await connection.works()).toBe(false);
}, noInternet);

sandboxTest("a rule is elements of sets, never a rule or a chain of the kernel", async (host) => {
  await vpcctl(host, ...lonely);
  const lines = (script: string): string[] => script.split("\n").filter((line) => line.includes("nft")).map((line) => line.replace(/^.*nft '(\w+ \w+).*$/, "$1"));
  const added = await vpcctl(host, "authorize-ingress a web --protocol tcp --port 80 --cidr 0.0.0.0/0 --cidr ::/0 --group default --self --explain");
  expect(lines(added)).toEqual(["add element", "add element", "add element", "add element"]);
  expect(lines(await vpcctl(host, "authorize-ingress a web --protocol tcp --cidr 0.0.0.0/0 --explain"))).toEqual(["delete element", "add element"]);
}, noInternet);

sandboxTest("an attachment without an entry in the gates is let neither out nor in", async (host) => {
  await using traffic = await build(host, ...vpc);
  const both = [tcp("web", "db"), tcp("db", "web")];
  expect(picture(await traffic.probe(both))).toBe("++");
  const nft = (words: string): Promise<string> => host.sh(["ip", "netns", "exec", "vpc.a", "nft", words]);
  await nft("delete element inet vpcctl egress { 02:76:0a:00:01:04 }");
  expect(picture(await traffic.probe(both))).toBe("-+");
  await nft("delete element inet vpcctl ingress { 10.0.1.4 }");
  expect(picture(await traffic.probe(both))).toBe("--");
  await vpcctl(host, "set-security-groups a web --security-group default");
  expect(picture(await traffic.probe(both))).toBe("++");
}, noInternet);
