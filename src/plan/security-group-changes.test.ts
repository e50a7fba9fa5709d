import { expect, test } from "bun:test";
import { worldAfter } from "../../test/support/verb-line.ts";
import type { World } from "../model/world.ts";
import { applyPolicy } from "../operations/subnet-policy.ts";
import { planChanges } from "./plan-changes.ts";

const vpc = worldAfter(["create-vpc a 10.0.0.0/16", "add-subnet a web 10.0.1.0/24"]);
const said = (before: World, after: World): string[] => planChanges(before, after).map(({ action, subject, detail }) => `${action} ${subject}: ${detail}`);
const after = (before: World, ...lines: readonly string[]): string[] => said(before, worldAfter(lines, before));

test("rules come and go each as a change of its own; what every new group has is no news", () => {
  expect(after(vpc, "create-security-group a web", "authorize-ingress a web --protocol tcp --port 80 --cidr 0.0.0.0/0 --self")).toEqual([
    "create security group a/web: no description",
    "create rule of security group a/web: ingress tcp 80 from 0.0.0.0/0",
    "create rule of security group a/web: ingress tcp 80 from group web",
  ]);
  const group = worldAfter(["create-security-group a web --description front", "revoke-egress a web --protocol all --cidr ::/0"], vpc);
  expect(said(vpc, group)).toEqual(["create security group a/web: front", "delete rule of security group a/web: egress all to ::/0"]);
  expect(said(group, vpc)).toEqual(["delete security group a/web: front"]);
});

test("the default group is there by itself: only its rules change", () => {
  expect(after(vpc, "revoke-ingress a default --protocol all --self", "authorize-ingress a default --protocol icmp --icmp-type 8 --cidr 10.0.0.0/8")).toEqual([
    "create rule of security group a/default: ingress icmp 8 from 10.0.0.0/8",
    "delete rule of security group a/default: ingress all from group default",
  ]);
});

test("a subnet's own namespace changes groups, and its policy comes, changes and goes", () => {
  const group = worldAfter(["create-security-group a web"], vpc);
  expect(after(group, "set-security-groups a web --security-group web")).toEqual(["update subnet a/web: security groups default -> security groups web"]);
  const one = applyPolicy(vpc, { vpc: "a", policy: '{"subnet": "web", "ingress": [{"port": 80, "protocol": "tcp", "action": "allow"}]}' });
  const two = applyPolicy(vpc, { vpc: "a", policy: '{"subnet": "web", "ingress": [], "egress": [{"action": "deny", "destination": "10.0.0.0/8"}]}' });
  const [first, second] = ["ingress allow tcp 80 from anybody, all other ingress denied", "egress deny all to 10.0.0.0/8, all other ingress denied, all other egress denied"];
  expect(said(vpc, one)).toEqual([`create policy of subnet a/web: ${first}`]);
  expect(said(one, two)).toEqual([`update policy of subnet a/web: ${first} -> ${second}`]);
  expect(said(two, vpc)).toEqual([`delete policy of subnet a/web: ${second}`]);
});

test("prefix lists are told by their CIDRs", () => {
  const list = worldAfter(["create-prefix-list offices --cidr 192.0.2.0/24"], vpc);
  expect(said(vpc, list)).toEqual(["create prefix list offices: 192.0.2.0/24"]);
  expect(after(list, "modify-prefix-list offices --add ::/0")).toEqual(["update prefix list offices: 192.0.2.0/24 -> 192.0.2.0/24, ::/0"]);
  expect(after(list, "delete-prefix-list offices")).toEqual(["delete prefix list offices: 192.0.2.0/24"]);
});
