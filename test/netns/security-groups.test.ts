// Security groups with real packets. Whatever is heard only by leave of a rule is silent without it, before and after.
import { describe, expect } from "bun:test";
import type { FakeHost } from "../support/fake-host.ts";
import { sandboxTest } from "../support/sandbox-test.ts";
import { startTraffic, type Outcome, type Probe, type Traffic } from "../support/traffic.ts";
import { vpcctl } from "./tutorial-vpc.ts";

const webAddress = "10.0.1.4";
const dbAddress = "10.0.2.4";
const noInternet = { internet: false };

const vpc = ["create-vpc a 10.0.0.0/16", "add-subnet a web 10.0.1.0/24", "add-subnet a db 10.0.2.0/24", "add-subnet a admin 10.0.3.0/24"] as const;
/** `web` in a group of its own that lets nothing in; `db` and `admin` are in `default`. */
const lonely = [...vpc, "create-security-group a web", "set-security-groups a web --security-group web"];

/** Subnets `web`, `db` and `admin`, which listen at TCP 22, 80 and 443 and UDP 53; and what else is to be run. */
async function build(host: FakeHost, ...commands: readonly string[]): Promise<Traffic> {
  await vpcctl(host, ...commands);
  const traffic = await startTraffic(host);
  for (const name of ["web", "db", "admin"]) await traffic.listen(`vpc.a.${name}`, { tcp: [22, 80, 443], udp: [53] });
  return traffic;
}

const addresses: Readonly<Record<string, string>> = { web: webAddress, db: dbAddress, admin: "10.0.3.4" };
const tcp = (from: string, to: string, port = 80): Probe => ({ from: `vpc.a.${from}`, to: addresses[to] ?? to, protocol: "tcp", port });
const udp = (from: string, to: string): Probe => ({ from: `vpc.a.${from}`, to: addresses[to] ?? to, protocol: "udp", port: 53 });
const ping = (from: string, to: string): Probe => ({ from: `vpc.a.${from}`, to: addresses[to] ?? to, protocol: "icmp" });
const timestamp = (from: string, to: string): Probe => ({ from: `vpc.a.${from}`, to: addresses[to] ?? to, protocol: "icmp", ask: "timestamp" });

/** From `db` to `web`, in this order: TCP 22, 80, 443, UDP 53, echo, timestamp. */
const towardsWeb = [tcp("db", "web", 22), tcp("db", "web", 80), tcp("db", "web", 443), udp("db", "web"), ping("db", "web"), timestamp("db", "web")];
const silence = towardsWeb.map((): Outcome => "silent");
/** Milliseconds. Where many are silent many times over; what is heard is heard in less than one. */
const quick = 60;
/** One character for each: what answers and what is silent. */
const picture = (outcomes: readonly Outcome[]): string => outcomes.map((outcome) => ({ answered: "+", silent: "-", refused: "!" })[outcome]).join("");

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

describe("a policy file", () => {
  const rules = (...ingress: readonly object[]): string => JSON.stringify({ subnet: "10.0.1.0/24", ingress });
  const apply = (host: FakeHost, policy: string): Promise<string> => host.sh("vpcctl apply-policy a -", { stdin: policy });
  const port = (number: number | string, action: string) => ({ port: number, protocol: "tcp", action });

  sandboxTest("opens 80 and closes 22; applied again with other rules it takes the place of the old ones", async (host) => {
    await using traffic = await build(host, ...vpc);
    expect(picture(await traffic.probe(towardsWeb))).toBe("++++++");
    await apply(host, rules(port(80, "allow"), port(22, "deny")));
    expect(picture(await traffic.probe(towardsWeb))).toBe("-+----");
    expect(await apply(host, rules(port(80, "allow"), port(22, "deny")))).toContain("already");
    const chain = () => host.sh("ip netns exec vpc.a nft list chain inet vpcctl policy-in.web");
    const before = await chain();
    await apply(host, rules(port(22, "allow")));
    expect(picture(await traffic.probe(towardsWeb))).toBe("+-----");
    await apply(host, rules(port(80, "allow"), port(22, "deny")));
    expect(await chain()).toBe(before);
    await vpcctl(host, "remove-policy a web");
    expect(picture(await traffic.probe(towardsWeb))).toBe("++++++");
  }, noInternet);

  sandboxTest("is asked in order, by source and destination, and counts instead of the groups", async (host) => {
    await using traffic = await build(host, ...lonely);
    const both = [tcp("db", "web"), tcp("admin", "web"), ping("admin", "web")];
    expect(picture(await traffic.probe(both))).toBe("---");
    await apply(host, rules({ ...port(80, "deny"), source: "10.0.2.0/24" }, { ...port("1-100", "allow") }, { protocol: "icmp", icmpType: 8, action: "allow", cidr: "10.0.3.4/32" }));
    expect(picture(await traffic.probe(both))).toBe("-++");
    await apply(host, rules(port("1-100", "allow"), { ...port(80, "deny"), source: "10.0.2.0/24" }));
    expect(picture(await traffic.probe(both))).toBe("++-");
    const out = [tcp("web", "db"), tcp("web", "admin")];
    // Into `default`, whose members `web` is none of: the sender's gate alone is the policy's.
    await vpcctl(host, "authorize-ingress a default --protocol all --cidr 10.0.1.0/24");
    expect(picture(await traffic.probe(out))).toBe("++");
    await apply(host, JSON.stringify([{ subnet: "web", ingress: [], egress: [{ protocol: "all", action: "allow", destination: "10.0.3.0/24" }] }]));
    expect(picture(await traffic.probe([...out, ...both]))).toBe("-+---");
  }, noInternet);

  sandboxTest("does not cut a connection that is open", async (host) => {
    await using traffic = await build(host, ...vpc);
    const connection = await traffic.connect("vpc.a.db", webAddress, 80);
    await apply(host, rules(port(22, "allow")));
    expect([await connection.works(), await traffic.reaches(tcp("db", "web"))]).toEqual([true, false]);
  }, noInternet);
});

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
