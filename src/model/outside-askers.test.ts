import { expect, test } from "bun:test";
import { worldAfter } from "../../test/support/verb-line.ts";
import { requireVpc } from "./lookup.ts";
import { outsideAskers } from "./outside-askers.ts";

const base = ["create-vpc a 10.0.0.0/16", "add-subnet a web 10.0.1.0/24", "add-subnet a db 10.0.2.0/24", "create-route-table a out", "associate-route-table a db out"];
const publicWeb = [...base, "enable-internet a web"];
const firewall = ["run-instance a web --name fw --public", "modify-instance a fw --source-dest-check false", "create-route a out 0.0.0.0/0 instance/fw"];
function askers(...lines: readonly string[]): object {
  const world = worldAfter(lines);
  return Object.fromEntries(outsideAskers(world, requireVpc(world, "a")));
}

test("by an internet gateway ask those that have a public address", () => {
  expect(askers(...base)).toEqual({});
  expect(askers(...base, "attach-internet-gateway a", "create-route a out 0.0.0.0/0 internet-gateway")).toEqual({});
  expect(askers(...publicWeb)).toEqual({ web: ["10.0.1.4"] });
});

test("by a NAT gateway asks everybody, as long as that has a way out itself", () => {
  const behind = [...publicWeb, "create-nat-gateway a web nat1", "create-route a out 0.0.0.0/0 nat-gateway/nat1", "run-instance a db --name db1"];
  expect(askers(...behind)).toEqual({ web: ["10.0.1.4"], db: ["10.0.2.4", "10.0.2.5"] });
  expect(askers(...behind, "associate-route-table a web main")).toEqual({});
});

test("by an instance asks everybody, as long as that passes packets on and has a way out itself", () => {
  const web = ["10.0.1.4", "10.0.1.5"];
  expect(askers(...publicWeb, ...firewall)).toEqual({ web, db: ["10.0.2.4"] });
  for (const change of ["modify-instance a fw --source-dest-check true", "stop-instance a fw", "replace-route a public 0.0.0.0/0 blackhole"]) {
    expect(Object.keys(askers(...publicWeb, ...firewall, change))).not.toContain("db");
  }
  // Two that lead to each other lead nowhere.
  const circle = ["run-instance a db --name back", "modify-instance a back --source-dest-check false", "replace-route a public 0.0.0.0/0 instance/back"];
  expect(askers(...publicWeb, ...firewall, ...circle)).toEqual({});
});

test("by IPv6 asks everybody, by a gateway of either kind or by an instance", () => {
  const six = [...base, "associate-ipv6-cidr a"];
  const egressOnly = [...six, "create-egress-only-internet-gateway a", "create-route a out ::/0 egress-only-internet-gateway"];
  expect(askers(...egressOnly)).toEqual({ db: ["10.0.2.4"] });
  expect(askers(...egressOnly, "disassociate-ipv6-cidr a")).toEqual({});
  expect(askers(...egressOnly, "delete-egress-only-internet-gateway a")).toEqual({});
  expect(askers(...six, "attach-internet-gateway a", "create-route a out ::/0 internet-gateway")).toEqual({ db: ["10.0.2.4"] });
  const by = [...egressOnly, "run-instance a db --name fw", "modify-instance a fw --source-dest-check false", "create-route a main ::/0 instance/fw"];
  expect(askers(...by)).toEqual({ web: ["10.0.1.4"], db: ["10.0.2.4", "10.0.2.5"] });
});
