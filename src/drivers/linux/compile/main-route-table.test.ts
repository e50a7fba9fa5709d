// Whoever follows the main table must be found when another takes its place. Only what differs is expanded, so what was forgotten shows
// when a World is compared in which no part is the same object as before.
import { expect, test } from "bun:test";
import { worldAfter } from "../../../../test/support/verb-line.ts";
import type { World } from "../../../model/world.ts";
import { diff } from "../diff.ts";
import { compile } from "./compile.ts";

// Of everything that is made from a subnet's table: marks, a router's too; what is open by IPv6; routes of a NAT gateway, whose subnet
// follows the main table; who may ask for names outside; what stays inside a subnet that an appliance leads to.
const before = worldAfter([
  "create-vpc a 10.0.0.0/16 --ipv6",
  ...["db", "web", "own"].map((name, at) => `add-subnet a ${name} 10.0.${at}.0/24`),
  "enable-internet a web",
  "create-route-table a other",
  "run-instance a db --name fw",
  "modify-instance a fw --source-dest-check false",
  "associate-route-table a own main",
  "create-route a main 0.0.0.0/0 internet-gateway",
  "create-nat-gateway a db nat",
  "create-route a public 9.9.9.9/32 nat-gateway/nat",
  "create-route a other ::/0 internet-gateway",
  "create-route a other 10.0.0.0/24 instance/fw",
  "enable-dns a",
]);
const copyOf = (world: World): World => JSON.parse(JSON.stringify(world));
const spec = (world: World) => compile(world, () => ({ uplinks: [{ link: "eth0", forwardingWas: "0" }], barriers: [] }));
const steps = (now: World, then: World): string[] => diff(spec(now), spec(then)).map(({ action, subject }) => `${action} ${subject}`).toSorted();

test("another main table changes whatever follows the main table, there and back", () => {
  const after = worldAfter(["set-main-route-table a other"], before);
  const changed = steps(after, before);
  expect(changed).toEqual(steps(copyOf(after), copyOf(before)));
  expect(steps(before, after)).toEqual(steps(copyOf(before), copyOf(after)));
  for (const part of ["bridge sources v-db", "bridge sources i-fw", "bridge forwarders i-fw", "9.9.9.9/32", "same-subnet", "open6"]) {
    expect([part, changed.some((step) => step.includes(part))]).toEqual([part, true]);
  }
  expect(changed.filter((step) => step.includes("v-own") || step.includes("v-web"))).toEqual([]);
});
