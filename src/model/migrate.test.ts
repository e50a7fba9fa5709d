import { expect, test } from "bun:test";
import { enableInternet } from "../operations/enable-internet.ts";
import { worldAfter } from "../../test/support/verb-line.ts";
import { migrateWorld } from "./migrate.ts";
import { validateWorld } from "./validate.ts";
import type { World } from "./world.ts";

const present = worldAfter(["create-vpc a 10.0.0.0/16", "add-subnet a web 10.0.1.0/24", "add-subnet a db 10.0.2.0/24", "enable-internet a web"]);

/** As schema 2 had it: each subnet names its table, and the main one is `main`. */
const ofSchema2 = (world: World): World => {
  const copy = JSON.parse(JSON.stringify(world));
  copy.schema = 2;
  for (const vpc of Object.values<{ subnets: Record<string, { routeTable?: string }> }>(copy.vpcs)) {
    for (const subnet of Object.values(vpc.subnets)) subnet.routeTable ??= "main";
  }
  return copy;
};

test("a World of schema 2 is sound, and its subnets with the table `main` follow the main table now", () => {
  const old = ofSchema2(present);
  expect(old.vpcs["a"]?.subnets["db"]?.routeTable).toBe("main");
  expect(migrateWorld(validateWorld(old))).toEqual(present);
  expect(validateWorld(migrateWorld(old))).toEqual(present);
});

test("a World of schema 1 gets public addresses as well", () => {
  const old = JSON.parse(JSON.stringify(ofSchema2(present)));
  old.schema = 1;
  for (const key of ["mapPublicIp", "publicAddress"]) delete old.vpcs.a.subnets.web[key];
  expect(migrateWorld(validateWorld(old))).toEqual(present);
  expect(enableInternet(migrateWorld(old), { vpc: "a", subnet: "web" }).vpcs["a"]?.subnets["web"]?.publicAddress).toBe(present.vpcs["a"]?.subnets["web"]?.publicAddress);
});

test("a World of the present schema is left as it is, also one with a subnet that was associated with `main` itself", () => {
  const explicit = worldAfter(["associate-route-table a db main"], present);
  expect(migrateWorld(explicit)).toBe(explicit);
  expect(explicit.vpcs["a"]?.subnets["db"]?.routeTable).toBe("main");
});
