import { describe, expect, test } from "bun:test";
import { anywhere6, parseCidr6 } from "../model/cidr6.ts";
import { parseCidr4, parseIpv4 } from "../model/cidr.ts";
import { defaultGroup } from "../model/security-group.ts";
import type { NetworkAcl } from "../model/network-acl.ts";
import type { Route, RouteTarget, Subnet, Vpc, World } from "../model/world.ts";
import { analyze, type Analysis, type Question } from "./analyze.ts";

const subnet = (name: string, cidr: string, slot: number, more: Partial<Subnet> = {}): Subnet =>
  ({ name, cidr: parseCidr4(cidr), slot, ...more });
const route = (destination: string, target: RouteTarget): Route => ({ destination: parseCidr4(destination), target });

/** VPC `a` with public `web` and private `db`, a router instance `fw` and a NAT gateway in `web`; VPC `b` with `app`, peered with it. */
function world(change: (a: Vpc) => Vpc = (a) => a, more: Partial<World> = {}): World {
  const a: Vpc = {
    name: "a",
    number: 1,
    cidr: parseCidr4("10.0.0.0/16"),
    subnets: { web: subnet("web", "10.0.1.0/24", 0, { routeTable: "public", publicAddress: parseIpv4("198.18.0.2") }), db: subnet("db", "10.0.2.0/24", 1) },
    routeTables: {
      main: { name: "main", number: 1, routes: [route("10.1.0.0/16", { kind: "peering", name: "a-b" })] },
      public: { name: "public", number: 2, routes: [route("0.0.0.0/0", { kind: "internet-gateway" })] },
    },
    internetGateway: true,
    natGateways: { nat: { name: "nat", subnet: "web", address: parseIpv4("10.0.1.9"), elasticIp: "nat", publicAddress: parseIpv4("198.18.0.3") } },
    instances: { fw: { name: "fw", subnet: "web", address: parseIpv4("10.0.1.5"), slot: 2, state: "running", sourceDestCheck: false } },
  };
  const b: Vpc = {
    ...a,
    name: "b",
    number: 2,
    cidr: parseCidr4("10.1.0.0/16"),
    subnets: { app: subnet("app", "10.1.1.0/24", 0) },
    routeTables: { main: { name: "main", number: 1, routes: [route("10.0.0.0/16", { kind: "peering", name: "a-b" })] } },
    internetGateway: false,
    natGateways: {},
    instances: {},
    securityGroups: {
      [defaultGroup]: { name: defaultGroup, ingress: [{ protocol: "tcp", ports: { from: 80, to: 80 }, peer: { kind: "cidr", cidr: a.cidr } }], egress: [] },
    },
  };
  const peering = { name: "a-b", number: 1, requester: { vpc: "a" }, accepter: { vpc: "b" }, status: "active" } as const;
  return { schema: 3, vpcs: { a: change(a), b }, peerings: { "a-b": peering }, ...more };
}

const ask = (from: string, to: string, of: World = world(), more: Partial<Question> = { protocol: "tcp", port: 80 }): Analysis =>
  analyze(of, { from, to, protocol: "icmp", ...more });
const withMain = (...routes: Route[]) => (a: Vpc): Vpc => ({ ...a, routeTables: { ...a.routeTables, main: { name: "main", number: 1, routes } } });
const withSubnet = (name: string, more: Partial<Subnet>) => (a: Vpc): Vpc =>
  ({ ...a, subnets: { ...a.subnets, [name]: { ...(a.subnets[name] as Subnet), ...more } } });

const all = [{ protocol: "all", peer: { kind: "cidr", cidr: parseCidr4("0.0.0.0/0") } }] as const;
const open = { [defaultGroup]: { name: defaultGroup, ingress: all, egress: all } };

describe("a way", () => {
  test("through a peering asks both sides' groups and limits, and the answer's route", () => {
    const { reachable, forward, answer, changes } = ask("a/db", "b/app");
    expect([reachable, changes]).toEqual([true, []]);
    expect(forward.map(({ at, check }) => `${at}: ${check}`)).toEqual([
      "a/db: egress groups",
      "a/db: route",
      "a/db: ACL out",
      "a-b: peering",
      "a-b: peering",
      "b/app: ACL in",
      "b/app: ingress groups",
    ]);
    expect(answer.map(({ check }) => check)).toEqual(["route", "ACL out", "peering", "peering", "ACL in"]);
  });

  test("out by a NAT gateway has its address, and nobody comes in by it", () => {
    const of = world(withMain(route("0.0.0.0/0", { kind: "nat-gateway", name: "nat" })));
    expect(ask("a/db", "internet", of).reachable).toBeTrue();
    expect(ask("a/db", "internet", of).forward.find(({ check }) => check === "NAT gateway")?.because).toBe("10.0.2.4 is 198.18.0.3 outside");
    expect(ask("host", "198.18.0.3", of).changes).toEqual(["198.18.0.3 is that of NAT gateway a/nat, which lets nobody in."]);
  });

  test("over an instance needs its source/destination check to be off", () => {
    const by = withMain(route("0.0.0.0/0", { kind: "instance", name: "fw" }));
    const checked = (a: Vpc): Vpc => ({ ...by(a), instances: { fw: { name: "fw", subnet: "web", address: parseIpv4("10.0.1.5"), slot: 2, state: "running" } } });
    const known = withSubnet("db", { publicAddress: parseIpv4("198.18.0.4") });
    expect(ask("a/db", "internet", world((a) => known(by(a)))).reachable).toBeTrue();
    expect(ask("a/db", "internet", world((a) => known(checked(a)))).changes).toEqual([
      "Instance fw of a drops what is not from or for itself: switch its source/destination check off.",
    ]);
  });

  test("to a public address hears back from it only by the internet gateway itself", () => {
    const byNat = withMain(route("0.0.0.0/0", { kind: "nat-gateway", name: "nat" }));
    const of = world((a) => withSubnet("db", { publicAddress: parseIpv4("198.18.0.4") })(byNat({ ...a, securityGroups: open })));
    expect(ask("host", "a/db", of).changes).toEqual(["The answer cannot leave by NAT gateway nat of a: the flow did not come by it."]);
  });

  test("from the internet ends at the host, but for IPv6 blocks that are not private", () => {
    const of = (ipv6?: string) => {
      const change = ipv6 === undefined ? {} : { ipv6Cidr: parseCidr6(`${ipv6}::/56`) };
      const web = { publicAddress: parseIpv4("198.18.0.2"), routeTable: "public", ...(ipv6 === undefined ? {} : { ipv6Cidr: parseCidr6(`${ipv6}::/64`) }) };
      const out = [route("0.0.0.0/0", { kind: "internet-gateway" }), { destination: anywhere6, target: { kind: "internet-gateway" } }] as const;
      const rules = [...all, { protocol: "all", peer: { kind: "cidr", cidr: anywhere6 } }] as const;
      const groups = { [defaultGroup]: { name: defaultGroup, ingress: rules, egress: rules } };
      const tables = (a: Vpc) => ({ ...a.routeTables, public: { name: "public", number: 2, routes: out } });
      return world((a) => withSubnet("web", web)({ ...a, ...change, routeTables: tables(a), securityGroups: groups }));
    };
    const known = (address: string) =>
      `${address} is known on this machine only, so nobody beyond its uplink reaches it; no setting changes that. For the machine itself, ask from host.`;
    expect([ask("host", "a/web", of()).changes, ask("internet", "a/web", of()).changes]).toEqual([[], [known("198.18.0.2")]]);
    expect(ask("a/web", "internet", of()).reachable).toBeTrue();
    const byIpv6 = { protocol: "tcp", port: 80, ipv6: true } as const;
    expect(ask("internet", "a/web", of("fd00:a"), byIpv6).changes).toEqual([known("fd00:a::a00:104")]);
    expect(ask("internet", "a/web", of("2001:db8"), byIpv6).changes).toEqual([]);
  });
});

describe("a no", () => {
  test("names everything in the way, on the way there and back", () => {
    const strict: NetworkAcl = { name: "strict", ingress: [], egress: [{ number: 10, action: "deny", protocol: "tcp", cidr: parseCidr4("10.1.0.0/16") }] };
    const of = world((a) => ({ ...withSubnet("db", { networkAcl: "strict" })(withMain()(a)), networkAcls: { strict } }));
    expect(ask("a/db", "b/app", of, { protocol: "tcp", port: 22 }).changes).toEqual([
      "Route table main of a has no route to 10.1.1.4: it needs one to peering a-b.",
      "Network ACL strict of a/db, egress: entry 10 denies (tcp port 22 from 10.0.2.4 to 10.1.1.4).",
      "Security group default of b/app has no ingress rule that allows tcp port 22 from 10.0.2.4.",
      "Network ACL strict of a/db, ingress: no entry allows it, so the last one, *, denies (tcp ports 32768-60999 from 10.1.1.4 to 10.0.2.4).",
    ]);
  });

  test("says from which port on an ACL denies the answer", () => {
    const half: NetworkAcl = {
      name: "half",
      ingress: [{ number: 10, action: "allow", protocol: "tcp", ports: { from: 1024, to: 49151 }, cidr: parseCidr4("10.0.0.0/8") }],
      egress: [{ number: 10, action: "allow", protocol: "all", cidr: parseCidr4("0.0.0.0/0") }],
    };
    const of = world((a) => ({ ...withSubnet("db", { networkAcl: "half" })(a), networkAcls: { half } }));
    expect(ask("a/db", "b/app", of).changes[0]).toContain("from port 49152 on");
    expect(ask("a/db", "b/app", of, { protocol: "tcp", port: 80, sourcePort: 40000 }).reachable).toBeTrue();
  });

  test("tells a peering that is pending, one that is limited, and none", () => {
    const requester = { vpc: "a", cidrs: [parseCidr4("10.0.1.0/24")] };
    const peering = { name: "a-b", number: 1, requester, accepter: { vpc: "b" }, status: "pending-acceptance" } as const;
    expect(ask("a/db", "b/app", world(undefined, { peerings: { "a-b": peering } })).changes).toEqual([
      "Peering a-b is limited on the side of a to 10.0.1.0/24, which lacks 10.0.2.4.",
      "Peering a-b is not accepted yet.",
    ]);
    expect(ask("a/db", "b/app", world(undefined, { peerings: {} })).changes[0]).toContain("leads to peering a-b, which does not exist");
  });

  test("tells faults and instances that are stopped", () => {
    const fw = { name: "fw", subnet: "web", address: parseIpv4("10.0.1.5"), slot: 2, state: "stopped" } as const;
    const broken = (a: Vpc): Vpc => ({ ...a, faults: [{ kind: "partition", a: { subnet: "web" }, b: { subnet: "db" } }], instances: { fw } });
    expect(ask("a/db", "a/fw", world(broken)).changes).toEqual([
      "A fault is in the way, a partition between subnet a/web and subnet a/db: heal it.",
      "Instance fw of a is stopped: start it.",
    ]);
  });

  test("of two networks that know each other not at all says what a way would take", () => {
    expect(ask("host", "b/app").changes).toContain("b/app has no public address, without which nobody passes the internet gateway.");
    expect(ask("a/web", "host").changes).toContain("The host takes no packets from its VPCs; no setting changes that.");
  });

  test("finds routes that lead in a circle", () => {
    const routes = [route("0.0.0.0/0", { kind: "instance", name: "fw" })];
    const circle = (a: Vpc): Vpc => ({ ...a, routeTables: { ...a.routeTables, public: { name: "public", number: 2, routes } } });
    expect(ask("a/web", "internet", world(circle)).changes).toContain("The routes lead in a circle: 8.8.8.8 comes back to instance fw of a.");
  });
});

test("a question that names nothing is refused", () => {
  for (const to of ["a", "a/b/c/d", "x/y", "a/nobody", "a/db/fw", "1.2.3"]) expect(() => ask("a/web", to)).toThrow();
  expect(() => ask("a/web", "a/db", world(), { protocol: "udp" })).toThrow("needs a port");
});
