import { describe, expect, test } from "bun:test";
import type { Cidr6 } from "../../model/cidr6.ts";
import type { Cidr4 } from "../../model/cidr.ts";
import { emptyWorld } from "../../model/world.ts";
import type { Subnet, Vpc, World } from "../../model/world.ts";
import { addSubnet } from "../../operations/add-subnet.ts";
import { createVpc } from "../../operations/create-vpc.ts";
import { deleteVpc } from "../../operations/delete-vpc.ts";
import { disableInternet } from "../../operations/disable-internet.ts";
import { enableInternet } from "../../operations/enable-internet.ts";
import { compile } from "./compile/compile.ts";
import { diff } from "./diff.ts";
import type { HostFacts } from "./host-facts.ts";
import type { SpecObject } from "./objects/object.ts";
import { emptySpec } from "./spec.ts";
import type { Spec } from "./spec.ts";

const subnet = (name: string, slot: number, routeTable?: string): Subnet =>
  ({ name, cidr: `10.0.${slot + 1}.0/24` as Cidr4, slot, ...(routeTable === undefined ? {} : { routeTable }) });
const main = { name: "main", number: 1, routes: [] };
const open = { name: "public", number: 2, routes: [{ destination: "0.0.0.0/0" as Cidr4, target: { kind: "internet-gateway" } }] } as const;

function vpc(name: string, ...subnets: readonly Subnet[]): Vpc {
  const byName = Object.fromEntries(subnets.map((one) => [one.name, one]));
  return { name, number: 1, cidr: "10.0.0.0/16" as Cidr4, subnets: byName, routeTables: { main, public: open }, internetGateway: true };
}

const worldOf = (...vpcs: readonly Vpc[]): World => ({ schema: 3, vpcs: Object.fromEntries(vpcs.map((one) => [one.name, one])) });
const spec = (world: World): Spec => compile(world, () => ({ uplinks: [{ link: "eth0", forwardingWas: "0" }], barriers: [] }));
const tutorial = spec(worldOf(vpc("a", subnet("web", 0, "public"), subnet("db", 1))));
const nothing = spec(emptyWorld);

const lines = (want: Spec, have: Spec): string[] => diff(want, have).map(({ action, subject }) => `${action} ${subject}`);

/** The machine as observation finds it, with objects changed or (undefined) taken away. */
function drifted(of: Spec, change: (object: SpecObject) => SpecObject | undefined): Spec {
  const objects = [...of.values()].flatMap((unit) => unit.objects()).flatMap((object) => change(object) ?? []);
  return new Map([["machine", { madeFrom: [Symbol("observed")], objects: () => objects }]]);
}

test("a link that takes the place of another on the bridge comes after that one has gone", () => {
  const steps = lines(spec(worldOf(vpc("a", subnet("other", 0), subnet("db", 1)))), tutorial);
  expect(steps.indexOf("delete link vpc.a v-web")).toBeLessThan(steps.indexOf("add link vpc.a v-other"));
  expect(steps.filter((line) => line.startsWith("delete link"))).toEqual(["delete link vpc.a v-web", "delete link vpc.a.web eth0"]);
});

test("a name without a namespace, left by a kill, is made a namespace and not entered", () => {
  const claims = drifted(nothing, () => undefined);
  const left: Spec = new Map([...claims, ["left", { madeFrom: [], objects: () => [{ kind: "namespace", namespace: "vpc.a", mark: "" }] }]]);
  expect(lines(tutorial, left)).toContain("add namespace vpc.a");
  expect(lines(nothing, left)).toEqual(["delete namespace vpc.a"]);
});

describe("a build", () => {
  const steps = lines(tutorial, nothing);
  const at = (line: string): number => {
    expect(steps).toContain(line);
    return steps.indexOf(line);
  };

  test("lists senders after everything they could reach, and lets the host forward last of all", () => {
    const lists = steps.findIndex((line) => line.startsWith("add nft element vpc.a"));
    for (const earlier of ["link vpc.a v-db", "nft chain vpc.a inet forward"]) expect(at(`add ${earlier}`)).toBeLessThan(lists);
    expect(at("add link up vpc.a br-a")).toBeGreaterThan(steps.findLastIndex((line) => line.startsWith("add nft element vpc.a")));
    expect(steps.slice(-2)).toEqual(["add sysctl  net/ipv4/conf/eth0/forwarding", "add sysctl  net/ipv4/conf/igw-a/forwarding"]);
  });

  test("fills a route table before its rule leads there, and guards the host before a gateway is on its list", () => {
    expect(at("add route vpc.a 1002 0.0.0.0/0")).toBeLessThan(at("add rule vpc.a 1002"));
    expect(at("add nft chain  inet forward")).toBeLessThan(at("add link  igw-a"));
    expect(at("add nft chain  inet input")).toBeLessThan(at("add nft element  inet gateways igw-a"));
  });

  test("of one more subnet is that subnet and nothing else", () => {
    const more = spec(worldOf(vpc("a", subnet("web", 0, "public"), subnet("db", 1), subnet("new", 2))));
    const [first, ...rest] = lines(more, tutorial);
    expect(first).toBe("add namespace vpc.a.new");
    expect(rest.filter((line) => !/vpc\.a\.new|v-new|10\.0\.3\.|0a:00:03:/.test(line))).toEqual([]);
  });
});

describe("a removal", () => {
  test("of a VPC names the namespaces, and what the kernel does not take along with them", () => {
    expect(lines(nothing, tutorial)).toEqual([
      "delete sysctl  net/ipv4/conf/eth0/forwarding",
      "delete link vpc.a igw",
      "delete nft table  inet",
      "delete namespace vpc.a.db",
      "delete namespace vpc.a.web",
      "delete namespace vpc.a",
    ]);
  });

  test("of IPv6 puts the host's setting back before anything that remembers it is changed", () => {
    const facts = (): HostFacts => ({ uplinks: [], uplinks6: [{ link: "eth0", forced: true }], barriers: [] });
    const ipv4 = vpc("a", subnet("web", 0, "public"));
    const [before, after] = [{ ...ipv4, ipv6Cidr: "fd00:a::/56" as Cidr6 }, ipv4].map((one) => compile(worldOf(one), facts));
    const steps = lines(after ?? nothing, before ?? nothing);
    expect(steps[0]).toBe("delete sysctl  net/ipv6/conf/eth0/force_forwarding");
    expect(steps).toContain("change link  igw-a");
    expect(steps).toContain("change nft chain  inet forward");
  });

  test("of one subnet closes its gates first, then cuts its wire, and deletes its namespace last", () => {
    const less = spec(worldOf(vpc("a", subnet("web", 0, "public"))));
    expect(lines(less, tutorial)).toEqual([
      "delete nft element vpc.a inet ingress 10.0.2.4",
      "delete nft element vpc.a inet egress 02:76:0a:00:02:04",
      "delete nft element vpc.a inet identities 10.0.2.4",
      "delete nft element vpc.a bridge sources v-db . 02:76:0a:00:02:04 . 10.0.2.4",
      "delete neighbour vpc.a br-a 10.0.2.4",
      "delete address vpc.a br-a 10.0.2.1/24",
      "delete link vpc.a v-db",
      "delete namespace vpc.a.db",
    ]);
  });
});

describe("two Specs of the same World", () => {
  test("differ in nothing, and objects of units that are alike are never made", () => {
    const world = worldOf(vpc("a", subnet("web", 0)));
    const unmade = (): Spec => new Map([...spec(world)].map(([key, unit]) => [key, { ...unit, objects: () => expect.unreachable() }]));
    expect(diff(unmade(), unmade())).toEqual([]);
    expect(diff(spec(world), drifted(spec(world), (object) => object))).toEqual([]);
  });
});

describe("a link that cannot be mended", () => {
  const pair = (...keys: readonly string[]): string[] => keys.map((key) => `delete link ${key}`);
  const anew = [
    "add link vpc.a v-db",
    "add link vpc.a.db eth0",
    "add address vpc.a.db eth0 10.0.2.4/24",
    "add neighbour vpc.a.db eth0 10.0.2.1",
    "add route vpc.a.db 254 0.0.0.0/0",
    "add fdb vpc.a v-db 02:76:0a:00:02:04",
  ];

  test("is made anew with its other end and all that hung on both", () => {
    const moved = drifted(tutorial, (o) => (o.kind === "veth" && o.link === "v-db" ? { ...o, mac: "02:00:00:00:00:01" } : o));
    expect(lines(tutorial, moved)).toEqual([...pair("vpc.a v-db", "vpc.a.db eth0"), ...anew]);
  });

  test("is made anew when only one end is left", () => {
    const alone = drifted(tutorial, (o) => ("link" in o && "namespace" in o && o.namespace === "vpc.a.db" && o.link === "eth0" ? undefined : o));
    expect(lines(tutorial, alone)).toEqual([...pair("vpc.a v-db"), ...anew]);
  });

  test("takes along all ports when it is the bridge", () => {
    const steps = lines(tutorial, drifted(tutorial, (o) => (o.kind === "bridge" ? { ...o, index: 77 } : o)));
    expect(steps.slice(0, 5)).toEqual(pair("vpc.a br-a", "vpc.a v-web", "vpc.a.web eth0", "vpc.a v-db", "vpc.a.db eth0"));
    for (const line of ["add link up vpc.a br-a", "add neighbour vpc.a br-a 10.0.1.4", "add sysctl vpc.a net/ipv4/conf/br-a/proxy_arp_pvlan"]) expect(steps).toContain(line);
    expect(steps.filter((line) => /nft|rule|namespace/.test(line))).toEqual([]);
  });
});

describe("what is read twice", () => {
  test("is one thing too many, and goes", () => {
    const rule = { kind: "rule", namespace: "vpc.a", priority: 1002, table: 1001 } as const;
    const twice: Spec = new Map([...drifted(tutorial, (object) => object), ["more", { madeFrom: [], objects: () => [rule] }]]);
    expect(lines(tutorial, twice)).toEqual(["delete rule vpc.a 1002"]);
  });

  test("from nothing is nothing", () => {
    expect(lines(emptySpec, emptySpec)).toEqual([]);
  });
});

const facts = (): HostFacts => ({ uplinks: [{ link: "eth0", forwardingWas: "0" }], barriers: [{ family: "ip", table: "filter", chain: "FORWARD" }] });

function withGateway(world: World, vpc: string): World {
  const one = addSubnet(createVpc(world, { name: vpc, cidr: "10.0.0.0/16" }), { vpc, name: "s", cidr: "10.0.1.0/24" });
  return enableInternet(one, { vpc, subnet: "s" });
}

test("the host guards a gateway until its link has gone", () => {
  const both = withGateway(withGateway(emptyWorld, "a"), "b");
  for (const after of [deleteVpc(both, { name: "a", force: true }), disableInternet(both, { vpc: "a", subnet: "s" })]) {
    const steps = diff(compile(after, facts), compile(both, facts));
    const place = (subject: string): number => steps.findIndex((step) => step.action === "delete" && step.subject === subject);
    const link = place("link vpc.a igw");
    expect(link).toBeGreaterThan(place("rule in foreign chain ip filter FORWARD iifname igw-a"));
    expect(place("nft element  inet gateways igw-a")).toBeGreaterThan(link);
    expect(place("nft element  inet publics igw-a . 169.254.64.3")).toBeGreaterThan(link);
  }
});

test("the host guards a gateway before its link is there, also when it is made anew for senders who have long been let in", () => {
  const world = withGateway(emptyWorld, "a");
  const want = compile(world, facts);
  // Somebody deleted the link and flushed the host's rules; the router and its lists are whole.
  const have = new Map([...want].filter(([key]) => key !== "host" && key !== "gateway a"));
  for (const steps of [diff(want, new Map()), diff(want, have)]) {
    const place = (subject: string): number => steps.findIndex((step) => step.subject === subject);
    const guard = place("nft element  inet gateways igw-a");
    expect(guard).toBeGreaterThan(place("nft chain  inet input"));
    expect(guard).toBeGreaterThan(place("nft chain  inet forward"));
    expect(guard).toBeLessThan(place("link vpc.a igw"));
  }
});
