// Routes to prefix lists: what is refused, what follows the list, and which routes are in force.
import { describe, expect, test } from "bun:test";
import { lookupRoute } from "../analysis/route-lookup.ts";
import { parseIpv4 } from "../model/cidr.ts";
import { VpcctlError } from "../model/errors.ts";
import { requireRouteTable, requireVpc } from "../model/lookup.ts";
import { outsideAskers } from "../model/outside-askers.ts";
import { routesInForce } from "../model/routes-in-force.ts";
import { validateWorld } from "../model/validate.ts";
import type { World } from "../model/world.ts";
import { planChanges } from "../plan/plan-changes.ts";
import { worldAfter } from "../../test/support/verb-line.ts";

const base = worldAfter([
  "create-vpc a 10.0.0.0/16",
  "add-subnet a web 10.0.1.0/24",
  "enable-internet a web",
  "create-nat-gateway a web nat1",
  "create-prefix-list offices --cidr 192.0.2.0/24 --cidr 8.0.0.0/8",
  "create-prefix-list both --cidr 192.0.2.0/24 --cidr 2001:db8::/32",
]);
const after = (...lines: readonly string[]): World => worldAfter(lines, base);
const inForce = (world: World, table = "main"): string[] => {
  const vpc = requireVpc(world, "a");
  return routesInForce(world, vpc, requireRouteTable(vpc, table)).map(({ destination, target, list }) => `${destination} ${target.kind} ${list ?? "-"}`);
};
const way = (world: World, address: string, table = "main") => {
  const vpc = requireVpc(world, "a");
  const match = lookupRoute(world, vpc, requireRouteTable(vpc, table), parseIpv4(address));
  return match && `${match.destination} ${match.target.kind}`;
};

function refusal(...lines: readonly string[]): VpcctlError {
  try {
    after(...lines);
  } catch (error) {
    if (error instanceof VpcctlError) return error;
    throw error;
  }
  throw new Error("accepted");
}

const made = "create-route a main prefix-list/offices nat-gateway/nat1";

describe("a route to a prefix list", () => {
  test("is made, given another target, and taken away; each again is no change", () => {
    const one = after(made);
    expect(one.vpcs["a"]?.routeTables["main"]?.routes).toEqual([{ destination: "prefix-list/offices", target: { kind: "nat-gateway", name: "nat1" } }]);
    expect(worldAfter([made], one)).toBe(one);
    expect(refusal(made, "create-route a main prefix-list/offices blackhole").code).toBe("RouteAlreadyExists");
    expect(inForce(after(made, "replace-route a main prefix-list/offices blackhole"))).toEqual(["192.0.2.0/24 blackhole offices", "8.0.0.0/8 blackhole offices"]);
    expect(after(made, "delete-route a main prefix-list/offices")).toEqual(base);
    expect(planChanges(base, one)).toEqual([{ action: "create", subject: "route a/main prefix-list/offices", detail: "to NAT gateway nat1" }]);
    expect(validateWorld(JSON.parse(JSON.stringify(one)))).toEqual(one);
  });

  test("names a list that is there and a target that is there: both are told", () => {
    const both = refusal("create-route a main prefix-list/nope nat-gateway/nope");
    expect(both).toMatchObject({ code: "InvalidPrefixListID.NotFound", details: [expect.stringContaining("nope"), expect.stringContaining("nope")] });
    expect(refusal("create-route a main prefix-list/ moon").details).toHaveLength(2);
    const lost = JSON.parse(JSON.stringify(after(made)));
    delete lost.prefixLists.offices;
    expect(() => validateWorld(lost)).toThrow("names prefix list offices, which does not exist");
  });

  test("follows the list", () => {
    const one = after(made);
    expect(inForce(worldAfter(["modify-prefix-list offices --add 9.9.9.9/32 --remove 8.0.0.0/8"], one))).toEqual([
      "192.0.2.0/24 nat-gateway offices",
      "9.9.9.9/32 nat-gateway offices",
    ]);
  });

  test("keeps its list from being deleted", () => {
    const also = "authorize-ingress a default --protocol tcp --prefix-list offices";
    expect(refusal(made, "delete-prefix-list offices")).toMatchObject({
      code: "DependencyViolation",
      details: ["a/main sends it to nat-gateway/nat1"],
      message: "Prefix list offices is in use by a route: a/main sends it to nat-gateway/nat1.",
    });
    expect(refusal(made, also, "delete-prefix-list offices").message).toContain("in use by a rule and a route");
    expect(after(made, "delete-route a main prefix-list/offices", "delete-prefix-list offices").prefixLists?.["offices"]).toBeUndefined();
  });

  test("to a target of the other kind of IP is refused, and so is a CIDR that would make it one", () => {
    expect(refusal("create-route a main prefix-list/both nat-gateway/nat1").message).toBe("A NAT gateway is for IPv4, and prefix list both has 2001:db8::/32.");
    const grown = refusal(made, "modify-prefix-list offices --add 2001:db8::/32");
    expect(grown.message).toContain("Route table a/main sends it to nat-gateway/nat1: A NAT gateway is for IPv4");
    expect(refusal("create-egress-only-internet-gateway a", "create-route a main prefix-list/both egress-only-internet-gateway").code).toBe("InvalidParameterValue");
  });
});

describe("of the routes of a table", () => {
  test("the longest prefix wins; of two that are equally long the one that names the CIDR itself, then the list whose route was made first", () => {
    const one = after(made, "create-prefix-list more --cidr 8.8.0.0/16 --cidr 192.0.2.0/24", "create-route a main prefix-list/more blackhole");
    expect([way(one, "8.8.8.8"), way(one, "8.9.0.1"), way(one, "192.0.2.1")]).toEqual(["8.8.0.0/16 blackhole", "8.0.0.0/8 nat-gateway", "192.0.2.0/24 nat-gateway"]);
    const two = worldAfter(["create-route a main 192.0.2.0/24 internet-gateway", "create-route a main 0.0.0.0/0 blackhole"], one);
    expect([way(two, "192.0.2.1"), way(two, "8.9.0.1"), way(two, "9.0.0.1")]).toEqual(["192.0.2.0/24 internet-gateway", "8.0.0.0/8 nat-gateway", "0.0.0.0/0 blackhole"]);
    expect(inForce(two).filter((route) => route.startsWith("192.0.2.0/24"))).toEqual(["192.0.2.0/24 internet-gateway -"]);
  });

  test("a list has no say on what is inside the VPC, on link-local addresses, and on IPv6 where the VPC has none", () => {
    const list = "create-prefix-list odd --cidr 10.0.0.0/16 --cidr 10.0.1.0/24 --cidr 169.254.169.254/32 --cidr 127.0.0.0/8 --cidr 2001:db8::/32 --cidr 10.0.0.0/8";
    const one = after(list, "create-route a main prefix-list/odd blackhole");
    expect(inForce(one)).toEqual(["10.0.0.0/8 blackhole odd"]);
    expect([way(one, "10.0.1.4"), way(one, "10.1.0.1")]).toEqual(["10.0.0.0/16 local", "10.0.0.0/8 blackhole"]);
    expect(inForce(worldAfter(["associate-ipv6-cidr a"], one))).toContain("2001:db8::/32 blackhole odd");
    // A block that comes later is as local.
    const grown = worldAfter(["create-prefix-list b --cidr 10.9.0.0/16", "create-route a main prefix-list/b blackhole", "associate-cidr a 10.9.0.0/16"], one);
    expect(way(grown, "10.9.0.1")).toBe("10.9.0.0/16 local");
  });

  test("a default route may come of a list: who goes out by it asks for names outside", () => {
    const lines = ["create-route-table a out", "associate-route-table a web out", "create-prefix-list all --cidr 0.0.0.0/0", "create-route a out prefix-list/all internet-gateway"];
    const one = after(...lines);
    const askers = (world: World) => [...outsideAskers(world, requireVpc(world, "a")).keys()];
    expect(askers(one)).toEqual(["web"]);
    expect(askers(worldAfter(["modify-prefix-list all --remove 0.0.0.0/0"], one))).toEqual([]);
  });
});

describe("a route table of 1,000 routes", () => {
  const some = (count: number, second: number) => Array.from({ length: count }, (_, n) => `--cidr 172.${second}.${n >> 4}.${(n & 15) << 4}/28`).join(" ");
  const nearlyFull = after(`create-prefix-list big ${some(999, 16)}`, `create-prefix-list two ${some(2, 17)}`, "create-route a main prefix-list/big blackhole");

  function refused(from: World, line: string): VpcctlError {
    try {
      worldAfter([line], from);
    } catch (error) {
      if (error instanceof VpcctlError) return error;
      throw error;
    }
    throw new Error("accepted");
  }

  test("counts a list as many as it has CIDRs", () => {
    expect(refused(nearlyFull, "create-route a main prefix-list/two blackhole")).toMatchObject({
      code: "RouteLimitExceeded",
      message: "Route table a/main would have 1001 IPv4 routes; 1000 are the most.",
    });
    const full = worldAfter(["create-route a main 0.0.0.0/0 blackhole"], nearlyFull);
    expect(refused(full, "create-route a main 9.9.9.9/32 blackhole").code).toBe("RouteLimitExceeded");
    expect(refused(full, "modify-prefix-list big --add 9.9.9.9/32").code).toBe("RouteLimitExceeded");
    expect(worldAfter(["modify-prefix-list big --remove 172.16.0.0/28", "create-route a main 9.9.9.9/32 blackhole"], full).vpcs["a"]?.routeTables["main"]?.routes).toHaveLength(3);
  });

  test("counts each kind of IP for itself", () => {
    const full = worldAfter(["create-route a main 0.0.0.0/0 blackhole", "associate-ipv6-cidr a"], nearlyFull);
    const more = worldAfter(["create-route a main ::/0 blackhole", "create-prefix-list six --cidr 2001:db8::/32", "create-route a main prefix-list/six blackhole"], full);
    expect(validateWorld(JSON.parse(JSON.stringify(more)))).toEqual(more);
    expect(refused(more, "modify-prefix-list six --add 9.9.9.9/32").code).toBe("RouteLimitExceeded");
  });

  test("is not overfilled by what adds routes of its own", () => {
    const full = worldAfter(["create-route a main 0.0.0.0/0 blackhole", "create-vpc b 10.1.0.0/16"], nearlyFull);
    expect(refused(full, "peer a b").code).toBe("RouteLimitExceeded");
  });
});
