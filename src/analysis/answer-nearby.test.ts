import { describe, expect, test } from "bun:test";
import { emptyWorld, type World } from "../model/world.ts";
import { worldAfter } from "../../test/support/verb-line.ts";
import { analyze, type Analysis, type Question } from "./analyze.ts";

const lines = [
  "create-vpc a 10.0.0.0/16",
  "add-subnet a web 10.0.1.0/24",
  "add-subnet a db 10.0.2.0/24",
  "create-security-group a shut",
  "revoke-egress a shut --protocol all --cidr 0.0.0.0/0",
  "run-instance a web --name mute --security-group shut",
  // The same addresses once more, and others.
  "create-vpc twin 10.0.0.0/16",
  "add-subnet twin web 10.0.1.0/24",
  "add-subnet twin db 10.0.2.0/24",
  "create-vpc b 10.1.0.0/16",
  "add-subnet b app 10.1.1.0/24",
];
const after = (...more: readonly string[]): World => worldAfter([...lines, ...more]);
const ask = (from: string, to: string, world = after(), more: Partial<Question> = {}): Analysis => analyze(world, { from, to, protocol: "icmp", ...more });

describe("without a route", () => {
  test("everybody reaches its own address, whatever its groups say, and nobody another's so", () => {
    expect(ask("a/mute", "a/mute")).toMatchObject({ reachable: true, changes: [] });
    expect(ask("a/mute", "10.0.1.5").reachable).toBeTrue();
    expect(ask("a/mute", "a/web").reachable).toBeFalse();
    expect(ask("a/mute", "a/mute", after("stop-instance a mute")).changes).toEqual(["Instance mute of a is stopped: start it."]);
  });

  test("link-local addresses are out of reach, a metadata service among them", () => {
    const open = after("enable-internet a web", "associate-ipv6-cidr a");
    for (const address of ["169.254.169.254", "169.254.64.2"]) {
      expect(ask("a/web", address, open).changes).toEqual([`${address} is link-local, and such addresses are never routed; no setting changes that.`]);
    }
    expect(ask("a/web", "fe80::1", open, { protocol: "icmpv6" }).reachable).toBeFalse();
    const service = ask("a/web", "fd00:ec2::254", open, { protocol: "icmpv6" });
    expect(service.changes).toEqual(["fd00:ec2::254 is of EC2's own services, and such addresses are never routed; no setting changes that."]);
    expect(ask("a/web", "8.8.8.8", open).reachable).toBeTrue();
  });

  test("a peer's router answers nobody but its own VPC", () => {
    expect(ask("a/web", "10.1.1.1", after("peer a b")).changes).toEqual(["10.1.1.1 is the router's of VPC b, which answers its own VPC only."]);
  });
});

describe("between VPCs that are not peered", () => {
  test("an address that both have does not lead to the other's", () => {
    for (const to of ["twin/web", "twin/db"]) {
      const { reachable, changes } = ask("a/web", to);
      expect([reachable, changes[0]]).toEqual([
        false,
        `${to.endsWith("web") ? "10.0.1.4" : "10.0.2.4"} is an address of VPC a as well, so from a it leads nowhere else: ${to} can be reached at a public address only.`,
      ]);
      expect(changes).toContain(`${to} has no public address, without which nobody passes the internet gateway.`);
    }
  });

  test("nor to the router of one's own, where that has the address", () => {
    const of = after("create-vpc wide 10.0.0.0/16", "add-subnet wide all 10.0.0.0/16", "run-instance wide all --name one --ip 10.0.1.1");
    expect([ask("a/web", "wide/one", of).reachable, ask("a/web", "10.0.1.1", of).reachable]).toEqual([false, true]);
  });

  test("everything else in the way is told as well", () => {
    expect(ask("a/mute", "b/app").changes).toEqual([
      "Security group shut of a/web/mute has no egress rule that allows icmp type 8 to 10.1.1.4.",
      "Route table main of a has no route to 10.1.1.4, and VPCs a and b are not peered.",
      "Security group default of b/app has no ingress rule that allows icmp type 8 from 10.0.1.5.",
      "Route table main of b has no route to 10.0.1.5, and VPCs b and a are not peered.",
    ]);
    expect(ask("a/web", "b/app", after("peer a b", "authorize-ingress b default --protocol all --cidr 0.0.0.0/0")).reachable).toBeTrue();
  });
});

test("what nobody could ask is refused", () => {
  const dual = after("associate-ipv6-cidr a");
  for (const [from, to, protocol] of [
    ["internet", "8.8.8.8", "icmp"],
    ["host", "internet", "icmp"],
    ["internet", "10.0.1.4", "icmp"],
    ["a/web", "127.0.0.1", "icmp"],
    ["a/web", "224.0.0.1", "icmp"],
    ["a/web", "ff02::1", "icmpv6"],
    ["a/web", "2001:db8::1", "icmp"],
    ["a/web", "8.8.8.8", "icmpv6"],
    ["b/app", "internet", "icmpv6"],
  ] as const) expect(() => ask(from, to, dual, { protocol })).toThrow(/Neither|Nobody can have|is not sent to|has no IPv6 address/);
  expect(ask("a/web", "2001:db8::1", dual, { protocol: "icmpv6" }).changes[0]).toEndWith("it needs one to the internet gateway, or to an egress-only one.");
  expect(() => analyze(emptyWorld, { from: "internet", to: "host", protocol: "icmp" })).toThrow("Neither");
});
