// EC2's ReplaceRouteTableAssociation on the main table: who follows, who does not, and what becomes of the table that was the main one.
import { describe, expect, test } from "bun:test";
import { refused } from "../../test/support/memory-engine.ts";
import { worldAfter } from "../../test/support/verb-line.ts";
import { tableNameOf, type World } from "../model/world.ts";
import { validateWorld } from "../model/validate.ts";
import { planChanges } from "../plan/plan-changes.ts";

const base = worldAfter([
  "create-vpc a 10.0.0.0/16",
  "add-subnet a db 10.0.1.0/24",
  "add-subnet a own 10.0.2.0/24",
  "create-route-table a private",
  "associate-route-table a own main",
]);
const after = (...lines: readonly string[]): World => worldAfter(lines, base);
const refusal = (...lines: readonly string[]) => refused(() => after(...lines));
const tables = (world: World): Record<string, string> =>
  Object.fromEntries(Object.values(world.vpcs).flatMap((vpc) => Object.values(vpc.subnets).map((subnet) => [subnet.name, tableNameOf(vpc, subnet)])));
const says = (before: World, now: World): string[] => planChanges(before, now).map(({ action, subject, detail }) => `${action} ${subject}: ${detail}`);

describe("another main table", () => {
  const replaced = after("set-main-route-table a private");

  test("is used by subnets without a table of their own, by those of later too, and not by one that was associated with the old one", () => {
    expect(tables(base)).toEqual({ db: "main", own: "main" });
    expect(tables(replaced)).toEqual({ db: "private", own: "main" });
    expect(tables(worldAfter(["add-subnet a new 10.0.3.0/24", "disassociate-route-table a own"], replaced))).toEqual({ db: "private", own: "private", new: "private" });
  });

  test("is told, is sound, and again is no change; and back is as before", () => {
    expect(says(base, replaced)).toEqual(["update VPC a: main route table main -> private"]);
    expect(worldAfter(["set-main-route-table a private"], replaced)).toBe(replaced);
    expect(validateWorld(JSON.parse(JSON.stringify(replaced)))).toEqual(replaced);
    expect(worldAfter(["set-main-route-table a main"], replaced)).toEqual(base);
    expect(after("set-main-route-table a main")).toBe(base);
  });

  test("cannot be deleted; the one that was can, when no subnet is associated with it, and can be made anew", () => {
    expect(refused(() => worldAfter(["delete-route-table a private"], replaced))).toMatchObject({
      code: "DependencyViolation",
      message: "Route table a/private is the VPC's main route table, and no VPC is without one.",
      hint: "Make another the main one first: vpcctl set-main-route-table a main",
    });
    expect(refused(() => worldAfter(["delete-route-table a main"], replaced))).toMatchObject({ code: "DependencyViolation", details: ["subnet a/own"] });
    const gone = worldAfter(["disassociate-route-table a own", "delete-route-table a main"], replaced);
    expect(Object.keys(gone.vpcs["a"]?.routeTables ?? {})).toEqual(["private"]);
    expect(validateWorld(JSON.parse(JSON.stringify(gone)))).toEqual(gone);
    expect(says(replaced, gone)).toEqual(["update subnet a/own: route table main -> private", "delete route table a/main: local routes only"]);
    expect(refused(() => worldAfter(["delete-route-table a private"], gone)).hint).toContain("vpcctl set-main-route-table a TABLE");
    const anew = worldAfter(["create-route-table a main", "create-route a main 0.0.0.0/0 blackhole", "set-main-route-table a main"], gone);
    expect(tables(anew)).toEqual({ db: "main", own: "main" });
    expect(anew.vpcs["a"]?.mainRouteTable).toBeUndefined();
  });

  test("is one that exists, in a VPC that does", () => {
    expect(refusal("set-main-route-table a nope")).toMatchObject({ code: "InvalidRouteTableID.NotFound", hint: expect.stringContaining("There is main, private.") });
    expect(refusal("set-main-route-table a constructor").code).toBe("InvalidRouteTableID.NotFound");
    expect(refusal("set-main-route-table b private").code).toBe("InvalidVpcID.NotFound");
  });

  test("goes with its VPC, which the other tables keep from being deleted", () => {
    const bare = worldAfter(["delete-subnet a db", "delete-subnet a own"], replaced);
    expect(refused(() => worldAfter(["delete-vpc a"], bare))).toMatchObject({ code: "DependencyViolation", details: ["route table a/main"] });
    expect(worldAfter(["delete-route-table a main", "delete-vpc a"], bare).vpcs).toEqual({});
    expect(says(replaced, worldAfter(["delete-vpc a --force"], replaced))).toContain("delete route table a/private: local routes only");
    expect(says(worldAfter([]), replaced)).toContain("update VPC a: main route table main -> private");
  });
});

test("a subnet that is associated with the main table uses it already, and is told to do so for its own sake", () => {
  const explicit = after("associate-route-table a db main");
  expect(says(base, explicit)).toEqual(["update subnet a/db: route table main -> main (explicit)"]);
  expect(says(explicit, base)).toEqual(["update subnet a/db: route table main (explicit) -> main"]);
  expect(worldAfter(["disassociate-route-table a db"], explicit)).toEqual(base);
});

describe("the table `public` as the main one", () => {
  const open = after("enable-internet a db", "set-main-route-table a public");

  test("stays with the gateway it leads to when the last public subnet is private again", () => {
    const closed = worldAfter(["disable-internet a db"], open);
    expect(tables(closed)).toEqual({ db: "public", own: "main" });
    expect(closed.vpcs["a"]).toMatchObject({ internetGateway: true, routeTables: { public: { routes: [{ target: { kind: "internet-gateway" } }] } } });
    expect(closed.vpcs["a"]?.subnets["db"]?.publicAddress).toBeUndefined();
    expect(worldAfter(["disable-internet a db"], closed)).toBe(closed);
    expect(worldAfter(["delete-subnet a db"], open).vpcs["a"]?.routeTables["public"]).toBeDefined();
  });

  test("is one like others when it is that no more", () => {
    const back = worldAfter(["set-main-route-table a main", "disable-internet a db"], open);
    expect(back).toEqual(base);
  });
});
