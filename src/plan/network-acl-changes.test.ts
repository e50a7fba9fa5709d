import { expect, test } from "bun:test";
import { worldAfter } from "../../test/support/verb-line.ts";
import { planChanges } from "./plan-changes.ts";

const base = ["create-vpc a 10.0.0.0/16", "add-subnet a web 10.0.1.0/24", "add-subnet a db 10.0.2.0/24", "run-instance a web --name one"];
const entry = (acl: string, number: number, action = "allow"): string =>
  `create-network-acl-entry a ${acl} --rule-number ${number} --ingress --action ${action} --protocol tcp --port 80 --cidr 10.0.0.0/8`;

/** What lines change, after others, as `create subject: detail`. */
function said(before: readonly string[], ...lines: readonly string[]): string[] {
  const world = worldAfter([...base, ...before]);
  return planChanges(world, worldAfter(lines, world)).map(({ action, subject, detail }) => `${action} ${subject}: ${detail}`);
}

test("a network ACL is told of entry by entry, and to whom it was given", () => {
  expect(said([], "create-network-acl a strict", entry("strict", 7), "associate-network-acl a web strict")).toEqual([
    "create network ACL a/strict: denies what no entry allows",
    "create network ACL entry a/strict ingress 7: allow tcp 80 10.0.0.0/8",
    "update subnet a/web: network ACL default -> network ACL strict",
  ]);
  const made = ["create-network-acl a strict", entry("strict", 7)];
  expect(said(made, entry("strict", 7).replace("create", "replace").replace("allow", "deny"))).toEqual([
    "update network ACL entry a/strict ingress 7: allow tcp 80 10.0.0.0/8 -> deny tcp 80 10.0.0.0/8",
  ]);
  expect(said(made, "delete-network-acl a strict")).toEqual(["delete network ACL a/strict: denies what no entry allows"]);
  expect(said(made, "add-subnet a app 10.0.3.0/24", "associate-network-acl a app strict")).toEqual(["create subnet a/app: 10.0.3.0/24, network ACL strict"]);
});

test("the default network ACL is never made or taken away, only changed", () => {
  expect(said([], entry("default", 50, "deny"))).toEqual(["create network ACL entry a/default ingress 50: deny tcp 80 10.0.0.0/8"]);
  expect(said([], "delete-network-acl-entry a default --rule-number 100 --egress")).toEqual(["delete network ACL entry a/default egress 100: allow all 0.0.0.0/0"]);
  expect(said([entry("default", 50)], "delete-vpc a --force").filter((line) => line.includes("network ACL"))).toEqual([]);
});

test("a fault is told of where it is, as it comes and as it goes", () => {
  expect(said([], "partition a web db", "partition a one", "link-down a one")).toEqual([
    "create fault at subnet a/web: no packet between subnet a/web and subnet a/db",
    "create fault at instance a/one: no packet between instance a/one and anything else",
    "create fault at instance a/one: link of instance a/one is down",
  ]);
  expect(said(["partition a web db", "link-down a one"], "heal a web db")).toEqual(["delete fault at subnet a/web: no packet between subnet a/web and subnet a/db"]);
});
