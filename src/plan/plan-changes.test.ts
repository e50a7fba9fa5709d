import { expect, test } from "bun:test";
import { addSubnet } from "../operations/add-subnet.ts";
import { createVpc } from "../operations/create-vpc.ts";
import { deleteSubnet } from "../operations/delete-subnet.ts";
import { deleteVpc } from "../operations/delete-vpc.ts";
import { enableInternet } from "../operations/enable-internet.ts";
import { emptyWorld, type World } from "../model/world.ts";
import { planChanges } from "./plan-changes.ts";

const empty = createVpc(emptyWorld, { name: "a", cidr: "10.0.0.0/16" });
const closed = addSubnet(empty, { vpc: "a", name: "web", cidr: "10.0.1.0/24" });
const open = enableInternet(closed, { vpc: "a", subnet: "web" });

const lines = (before: World, after: World) => planChanges(before, after).map(({ action, subject, detail }) => `${action} ${subject}: ${detail}`);

test("nothing changed, nothing to say", () => {
  expect(lines(open, open)).toEqual([]);
  expect(lines(open, structuredClone(open))).toEqual([]);
});

test("outer things are created before inner ones, and deleted after them", () => {
  expect(lines(emptyWorld, open)).toEqual([
    "create VPC a: 10.0.0.0/16",
    "create internet gateway a: attached",
    "create route table a/public: 0.0.0.0/0 to internet gateway",
    "create subnet a/web: 10.0.1.0/24, route table public",
  ]);
  expect(lines(open, emptyWorld)).toEqual([
    "delete subnet a/web: 10.0.1.0/24, route table public",
    "delete route table a/public: 0.0.0.0/0 to internet gateway",
    "delete internet gateway a: attached",
    "delete VPC a: 10.0.0.0/16",
  ]);
});

test("a subnet that moves to another route table says from which to which", () => {
  expect(lines(closed, open)).toEqual([
    "create internet gateway a: attached",
    "create route table a/public: 0.0.0.0/0 to internet gateway",
    "update subnet a/web: route table main -> public",
    "update subnet a/web: public address none -> public address 198.18.0.2, and one for each instance",
  ]);
  expect(lines(open, closed)[0]).toBe("update subnet a/web: route table public -> main");
});

test("what was deleted and made again under its name is one update", () => {
  const moved = addSubnet(deleteSubnet(closed, { vpc: "a", name: "web" }), { vpc: "a", name: "web", cidr: "10.0.9.0/24" });
  expect(lines(closed, moved)).toEqual(["update subnet a/web: 10.0.1.0/24 -> 10.0.9.0/24"]);
  const two = createVpc(createVpc(emptyWorld, { name: "b", cidr: "10.0.0.0/16" }), { name: "a", cidr: "10.0.0.0/16" });
  const renumbered = createVpc(deleteVpc(deleteVpc(two, { name: "b" }), { name: "a" }), { name: "a", cidr: "10.0.0.0/16" });
  expect(lines(two, renumbered)).toEqual(["update VPC a: 10.0.0.0/16, made anew", "delete VPC b: 10.0.0.0/16"]);
});

test("routes that come to the main table are news, its existence is not", () => {
  const vpc = open.vpcs["a"];
  const routes = vpc?.routeTables["public"]?.routes ?? [];
  const routed = { ...open, vpcs: { a: { ...vpc, routeTables: { ...vpc?.routeTables, main: { name: "main", number: 1, routes } } } } } as World;
  expect(lines(open, routed)).toEqual(["create route a/main 0.0.0.0/0: to internet gateway"]);
});
