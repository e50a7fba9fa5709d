// Route tables and routes: what is refused, with which code, and what stays when a target goes.
import { describe, expect, test } from "bun:test";
import { VpcctlError } from "../model/errors.ts";
import { limits } from "../model/limits.ts";
import { emptyWorld, type World } from "../model/world.ts";
import { worldAfter } from "../../test/support/verb-line.ts";
import { createRoute, deleteRoute, replaceRoute } from "./route.ts";
import { associateRouteTable, createRouteTable, deleteRouteTable, disassociateRouteTable } from "./route-table.ts";

const base = worldAfter(
  [
    "create-vpc a 10.0.0.0/16",
    "add-subnet a web 10.0.1.0/24",
    "add-subnet a db 10.0.2.0/24",
    "run-instance a web --name fw",
    "attach-internet-gateway a",
    "create-nat-gateway a web nat1",
  ],
  emptyWorld,
);
const main = { vpc: "a", table: "main" } as const;
const outward = { ...main, destination: "0.0.0.0/0", target: "internet-gateway" };
const routesOf = (world: World, table = "main") => world.vpcs["a"]?.routeTables[table]?.routes;

function refusal(attempt: () => World): VpcctlError {
  try {
    attempt();
  } catch (error) {
    if (error instanceof VpcctlError) return error;
    throw error;
  }
  throw new Error("accepted");
}

describe("a route table", () => {
  test("is made once, has the lowest free number, and is gone when it is deleted", () => {
    const one = createRouteTable(base, { vpc: "a", name: "private" });
    expect(one.vpcs["a"]?.routeTables["private"]).toEqual({ name: "private", number: 2, routes: [] });
    expect(createRouteTable(one, { vpc: "a", name: "private" })).toBe(one);
    expect(deleteRouteTable(one, { vpc: "a", name: "private" })).toEqual(base);
    expect(deleteRouteTable(base, { vpc: "a", name: "constructor" })).toBe(base);
  });

  test("stays while a subnet is associated with it, and the main one for ever", () => {
    const used = associateRouteTable(createRouteTable(base, { vpc: "a", name: "private" }), { vpc: "a", subnet: "db", table: "private" });
    expect(refusal(() => deleteRouteTable(used, { vpc: "a", name: "private" }))).toMatchObject({
      code: "DependencyViolation",
      details: ["subnet a/db"],
      hint: expect.stringContaining("vpcctl disassociate-route-table a db"),
    });
    expect(refusal(() => deleteRouteTable(used, { vpc: "a", name: "main" }))).toMatchObject({
      code: "DependencyViolation",
      hint: "Make another the main one first: vpcctl set-main-route-table a private",
    });
    const freed = disassociateRouteTable(used, { vpc: "a", subnet: "db" });
    expect(disassociateRouteTable(freed, { vpc: "a", subnet: "db" })).toBe(freed);
    expect(deleteRouteTable(freed, { vpc: "a", name: "private" })).toEqual(base);
  });

  test("is one of 200 at most", () => {
    let world = base;
    for (let n = 1; n < limits.routeTablesPerVpc.value; n++) world = createRouteTable(world, { vpc: "a", name: `t${n}` });
    expect(refusal(() => createRouteTable(world, { vpc: "a", name: "more" })).code).toBe("RouteTableLimitExceeded");
  });

  test("that does not exist is told with those that do", () => {
    for (const table of ["nope", "constructor"]) {
      expect(refusal(() => associateRouteTable(base, { vpc: "a", subnet: "db", table }))).toMatchObject({
        code: "InvalidRouteTableID.NotFound",
        exitStatus: 3,
        hint: "There is main. See what exists: vpcctl describe a",
      });
    }
  });
});

describe("a route", () => {
  test("is made, given another target, and taken away; each again is no change", () => {
    const made = createRoute(base, outward);
    expect(routesOf(made)).toEqual([{ destination: "0.0.0.0/0", target: { kind: "internet-gateway" } }] as never);
    expect(createRoute(made, outward)).toBe(made);
    const nat = { ...outward, target: "nat-gateway/nat1" };
    expect(refusal(() => createRoute(made, nat))).toMatchObject({
      code: "RouteAlreadyExists",
      hint: "To change that: vpcctl replace-route a main 0.0.0.0/0 nat-gateway/nat1",
    });
    const replaced = replaceRoute(made, nat);
    expect(routesOf(replaced)?.[0]?.target).toEqual({ kind: "nat-gateway", name: "nat1" });
    expect(replaceRoute(replaced, nat)).toBe(replaced);
    expect(deleteRoute(replaced, outward)).toEqual(base);
    expect(deleteRoute(base, outward)).toBe(base);
    expect(refusal(() => replaceRoute(base, nat)).code).toBe("InvalidRoute.NotFound");
  });

  test.each([
    ["egress-only-internet-gateway", "::/0", "InvalidParameterValue"],
    ["nat-gateway/nope", "0.0.0.0/0", "NatGatewayNotFound"],
    ["instance/nope", "0.0.0.0/0", "InvalidInstanceID.NotFound"],
    ["peering/nope", "0.0.0.0/0", "InvalidVpcPeeringConnectionID.NotFound"],
    ["constructor", "0.0.0.0/0", "InvalidParameterValue"],
    ["nat-gateway", "0.0.0.0/0", "InvalidParameterValue"],
    ["nat-gateway/a/b", "0.0.0.0/0", "InvalidParameterValue"],
    ["egress-only-internet-gateway", "0.0.0.0/0", "InvalidParameterValue"],
  ])("to %s for %s is refused as %s", (target, destination, code) => {
    expect(refusal(() => createRoute(base, { ...main, destination, target })).code).toBe(code as never);
  });

  test("needs its gateway when it is made, and stays when that goes", () => {
    const bare = worldAfter(["create-vpc a 10.0.0.0/16"], emptyWorld);
    expect(refusal(() => createRoute(bare, outward))).toMatchObject({ code: "InvalidGatewayID.NotFound", hint: "Make it first: vpcctl attach-internet-gateway a" });
    const gone = worldAfter(["create-route a main 0.0.0.0/0 nat-gateway/nat1", "delete-nat-gateway a nat1"], base);
    expect(routesOf(gone)).toHaveLength(1);
  });

  test("tells a bad destination and a bad target at once", () => {
    expect(refusal(() => createRoute(base, { ...main, destination: "10.0.0.1/8", target: "moon" })).details).toHaveLength(2);
  });

  test.each(["10.0.0.0/16", "10.0.1.0/25", "10.0.0.0/20", "127.0.0.0/8", "169.254.169.254/32", "224.0.0.0/4"])("to %s does not lead to a gateway", (destination) => {
    expect(refusal(() => createRoute(base, { ...main, destination, target: "internet-gateway" })).code).toBe("InvalidParameterValue");
  });

  test.each(["::1/128", "fe80::/10", "fe80::7676:2/128", "ff00::/8", "ff02::1/128", "fd00:ec2::254/128"])("to %s leads nowhere by IPv6 either", (destination) => {
    const dual = worldAfter(["associate-ipv6-cidr a fd00:a::/56"], base);
    expect(refusal(() => createRoute(dual, { ...main, destination, target: "internet-gateway" })).message).toStartWith(`No route leads to ${destination}`);
    for (const whole of ["::/0", "fc00::/7", "::/1"]) expect(routesOf(createRoute(dual, { ...main, destination: whole, target: "internet-gateway" }))).toHaveLength(1);
  });

  test("inside the VPC leads to an instance, for the whole of a subnet and nothing else", () => {
    const inside = { ...main, destination: "10.0.2.0/24", target: "instance/fw" };
    expect(routesOf(createRoute(base, inside))).toHaveLength(1);
    for (const destination of ["10.0.2.0/25", "10.0.3.0/24", "10.0.0.0/16"]) {
      expect(refusal(() => createRoute(base, { ...inside, destination })).code).toBe("InvalidParameterValue");
    }
    expect(refusal(() => createRoute(base, { ...inside, target: "nat-gateway/nat1" })).code).toBe("InvalidParameterValue");
  });

  test("that is local cannot be deleted, nor given another target", () => {
    expect(refusal(() => replaceRoute(base, { ...outward, destination: "10.0.0.0/16" }))).toMatchObject({
      code: "InvalidParameterValue",
      message: "10.0.0.0/16 is VPC a itself: every route table has a local route to it, which cannot be changed.",
    });
    expect(refusal(() => deleteRoute(base, { ...main, destination: "10.0.0.0/16" })).message).toContain("every route table has it");
  });

  test("is one of 1,000 at most", () => {
    const block = (n: number) => `172.${16 + (n >> 8)}.${n & 255}.0/24`;
    const routes = Array.from({ length: limits.routesPerTable.value }, (_, n) => ({ destination: block(n), target: { kind: "blackhole" } }));
    const vpc = base.vpcs["a"];
    const full = { ...base, vpcs: { a: { ...vpc, routeTables: { main: { name: "main", number: 1, routes } } } } } as unknown as World;
    expect(refusal(() => createRoute(full, outward)).code).toBe("RouteLimitExceeded");
    expect(createRoute(full, { ...main, destination: block(7), target: "blackhole" })).toBe(full);
  });
});
