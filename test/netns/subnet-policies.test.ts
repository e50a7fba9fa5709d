// Policy files with real packets: what a file opens and closes, and what the next one does.
import { describe, expect } from "bun:test";
import type { FakeHost } from "../support/fake-host.ts";
import { sandboxTest } from "../support/sandbox-test.ts";
import { build, lonely, noInternet, picture, ping, tcp, towardsWeb, vpc, webAddress } from "./groups-vpc.ts";
import { vpcctl } from "./tutorial-vpc.ts";

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
    const denied = { ...port(80, "deny"), source: "10.0.2.0/24" };
    await apply(host, rules(denied, port("1-100", "allow"), { protocol: "icmp", icmpType: 8, action: "allow", cidr: "10.0.3.4/32" }));
    expect(picture(await traffic.probe(both))).toBe("-++");
    await apply(host, rules(port("1-100", "allow"), denied));
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
