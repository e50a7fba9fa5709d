import { expect, test } from "bun:test";
import { routesInForce } from "../../../model/routes-in-force.ts";
import type { Vpc } from "../../../model/world.ts";
import { worldAfter } from "../../../../test/support/verb-line.ts";
import { routesByNat } from "./nat-routes.ts";

const base = ["create-vpc a 10.0.0.0/16", "add-subnet a web 10.0.1.0/24", "enable-internet a web", "create-nat-gateway a web nat1", "create-route-table a private"];

/** What becomes of the first route of `private`: each part with an arrow, or a cross where it leads nowhere. */
function parts(...lines: string[]): string[] {
  const world = worldAfter([...base, ...lines]);
  const vpc = world.vpcs["a"] as Vpc;
  const table = vpc.routeTables["private"];
  const route = table && routesInForce(world, vpc, table)[0];
  if (table === undefined || route === undefined) throw new Error("there is no route");
  return routesByNat(world, vpc, table, route).map(({ destination, leads }) => `${leads ? "->" : "x"} ${destination}`);
}

const byNat = "create-route a private 0.0.0.0/0 nat-gateway/nat1";

test("a route to a NAT gateway is one route where its subnet leads all of it to the internet gateway", () => {
  expect(parts(byNat)).toEqual(["-> 0.0.0.0/0"]);
  expect(parts("create-route a private 8.0.0.0/8 nat-gateway/nat1")).toEqual(["-> 8.0.0.0/8"]);
});

test("what the gateway's own table sends elsewhere leads nowhere, what it sends out again leads on", () => {
  const holes = ["create-route a public 8.0.0.0/8 blackhole", "create-route a public 8.8.8.0/24 internet-gateway"];
  expect(parts(byNat, ...holes)).toEqual(["-> 0.0.0.0/0", "x 8.0.0.0/8", "-> 8.8.8.0/24"]);
  expect(parts("create-route a private 8.0.0.0/8 nat-gateway/nat1", ...holes)).toEqual(["x 8.0.0.0/8", "-> 8.8.8.0/24"]);
  expect(parts("create-route a private 8.8.8.8/32 nat-gateway/nat1", ...holes)).toEqual(["-> 8.8.8.8/32"]);
});

test("longer routes of the subnet's own table are left alone", () => {
  const own = ["create-route a private 8.8.0.0/16 blackhole", "create-route a public 8.8.8.0/24 blackhole", "create-route a public 8.8.0.0/16 blackhole"];
  expect(parts(byNat, ...own)).toEqual(["-> 0.0.0.0/0"]);
});

test("without a way out of its own subnet a NAT gateway leads nowhere", () => {
  expect(parts(byNat, "delete-route a public 0.0.0.0/0")).toEqual(["x 0.0.0.0/0"]);
  expect(parts(byNat, "associate-route-table a web main")).toEqual(["x 0.0.0.0/0"]);
});
