import { expect, test } from "bun:test";
import { parseCidr4, parseIpv4 } from "../model/cidr.ts";
import { emptyWorld, type Subnet, type Vpc, type World } from "../model/world.ts";
import { addSubnet } from "../operations/add-subnet.ts";
import { createVpc } from "../operations/create-vpc.ts";
import { enableInternet } from "../operations/enable-internet.ts";
import { expectInternet, expectPair } from "./expect-connectivity.ts";
import { lookupRoute } from "./route-lookup.ts";
import { worldAfter } from "../../test/support/verb-line.ts";

const closed = ["web", "db"].reduce(
  (world, name, n) => addSubnet(world, { vpc: "a", name, cidr: `10.0.${n}.0/24` }),
  createVpc(emptyWorld, { name: "a", cidr: "10.0.0.0/16" }),
);
const open = withPublicAddress(enableInternet(closed, { vpc: "a", subnet: "web" }));

/** Whether enable-internet gives one or not. */
function withPublicAddress(world: World): World {
  const vpc = world.vpcs["a"] as Vpc;
  const web = { ...(vpc.subnets["web"] as Subnet), publicAddress: parseIpv4("198.18.0.2") };
  return { ...world, vpcs: { a: { ...vpc, subnets: { ...vpc.subnets, web } } } };
}

/** `open` with other routes in the table `public`. */
function routed(...routes: [string, "internet-gateway" | "blackhole"][]): World {
  const vpc = open.vpcs["a"] as Vpc;
  const table = { name: "public", number: 2, routes: routes.map(([cidr, kind]) => ({ destination: parseCidr4(cidr), target: { kind } })) };
  return { ...open, vpcs: { a: { ...vpc, routeTables: { ...vpc.routeTables, public: table } } } };
}

test("every pair of a VPC's subnets reaches each other by the local route, public or not", () => {
  for (const [from, to, table] of [["web", "db", "public"], ["db", "web", "main"]] as const) {
    expect(expectPair(open, "a", from, to)).toEqual({ expected: true, reason: `Route table ${table} sends 10.0.0.0/16 to the VPC's own router.` });
  }
});

test("a public subnet reaches the internet, a private one beside it does not", () => {
  expect(expectInternet(open, "a", "web")).toEqual({ expected: true, reason: "Route table public sends 0.0.0.0/0 to the internet gateway." });
  expect(expectInternet(open, "a", "db")).toEqual({
    expected: false,
    reason:
      "Route table main of a has no route to 8.8.8.8: it needs one to the internet gateway, or to a NAT gateway. " +
      "a/db has no public address, without which nobody passes the internet gateway.",
  });
});

test("a route to a gateway that is not attached leads nowhere", () => {
  const detached = { ...open, vpcs: { a: { ...(open.vpcs["a"] as Vpc), internetGateway: false } } };
  expect(expectInternet(detached, "a", "web")).toEqual({
    expected: false,
    reason: "VPC a has no internet gateway.",
  });
});

test("the longest prefix decides, whatever the order of the routes", () => {
  const routes: [string, "internet-gateway" | "blackhole"][] = [["0.0.0.0/0", "internet-gateway"], ["8.8.0.0/16", "blackhole"], ["8.8.4.0/24", "internet-gateway"]];
  for (const order of [routes, routes.toReversed()]) {
    const world = routed(...order);
    expect(expectInternet(world, "a", "web").reason).toBe("Route table public of a has a blackhole: its route 8.8.0.0/16 leads nowhere, and is meant to.");
    expect(expectInternet(world, "a", "web", parseIpv4("8.8.4.4")).expected).toBeTrue();
    expect(expectInternet(world, "a", "web", parseIpv4("1.1.1.1")).reason).toContain("sends 0.0.0.0/0");
  }
});

test("no route as long as the local one takes its place, a longer one does", () => {
  const vpc = (world: World) => world.vpcs["a"] as Vpc;
  const match = (world: World) => lookupRoute(world, vpc(world), vpc(world).routeTables["public"] as never, parseIpv4("10.0.1.4"))?.target.kind;
  expect(match(routed(["10.0.0.0/16", "blackhole"]))).toBe("local");
  expect(match(routed(["10.0.1.0/24", "blackhole"]))).toBe("blackhole");
});

test("a router instance on the way, or on the way back, is named: it has to forward", () => {
  const lines = ["create-vpc a 10.0.0.0/16", ...["web 10.0.1.0/24", "db 10.0.2.0/24", "edge 10.0.3.0/24"].map((subnet) => `add-subnet a ${subnet}`)];
  const router = ["run-instance a edge --name fw", "modify-instance a fw --source-dest-check false", "create-route-table a by-fw", "associate-route-table a web by-fw"];
  const world = worldAfter([...lines, ...router, "create-route a by-fw 10.0.2.0/24 instance/fw"], emptyWorld);
  const by = "On the way there or back is a/edge/fw, which has to forward (net.ipv4.ip_forward=1 in it).";
  for (const [from, to] of [["web", "db"], ["db", "web"]] as const) expect(expectPair(world, "a", from, to)).toEqual({ expected: true, reason: expect.stringContaining(by) });
  expect(expectPair(world, "a", "web", "edge").reason).not.toContain("forward");
});

test("what does not exist is refused, not guessed", () => {
  expect(() => expectPair(open, "b", "web", "db")).toThrow("There is no VPC");
  expect(() => expectPair(open, "a", "web", "nope")).toThrow("has no subnet");
  expect(() => expectInternet(open, "a", "nope")).toThrow("has no subnet");
});
