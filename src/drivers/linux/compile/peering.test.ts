import { expect, test } from "bun:test";
import { emptyWorld, type World } from "../../../model/world.ts";
import { acceptPeering } from "../../../operations/accept-peering.ts";
import { addSubnet } from "../../../operations/add-subnet.ts";
import { createPeering } from "../../../operations/create-peering.ts";
import { createVpc } from "../../../operations/create-vpc.ts";
import { peer } from "../../../operations/peer.ts";
import { diff } from "../diff.ts";
import { restrict } from "../restrict.ts";
import type { Spec } from "../spec.ts";
import { compile } from "./compile.ts";
import { peeringHop } from "./peering.ts";

const vpcs = ["a", "b", "c", "d"].reduce((world, name, n) => createVpc(world, { name, cidr: `10.${n}.0.0/16` }), emptyWorld);
const world = addSubnet(addSubnet(vpcs, { vpc: "a", name: "web", cidr: "10.0.1.0/24" }), { vpc: "b", name: "db", cidr: "10.1.1.0/24" });
const compiled = (from: World): Spec => compile(from, () => ({ uplinks: [], barriers: [] }));
const steps = (before: World, after: World): string[] => diff(compiled(after), compiled(before)).map(({ action, subject }) => `${action} ${subject}`);

test("a request makes nothing, its acceptance the wire and the lists in both routers", () => {
  const asked = createPeering(world, { name: "x", requester: "a", accepter: "b" });
  expect(steps(world, asked)).toEqual([]);
  const made = steps(asked, acceptPeering(asked, { name: "x" }));
  for (const vpc of ["a", "b"]) {
    expect(made).toContain(`add link vpc.${vpc} pcx-x`);
    expect(made).toContain(`add nft set vpc.${vpc} inet from-peers`);
    expect(made).toContain(`change nft chain vpc.${vpc} inet forward`);
  }
  expect(made.filter((step) => /vpc\.[cd]/.test(step))).toEqual([]);
});

test("a second peering of a VPC adds elements to its lists, and no rule", () => {
  const one = peer(world, { vpc: "a", other: "b" });
  const more = steps(one, peer(one, { vpc: "c", other: "a" })).filter((step) => step.includes("vpc.a"));
  expect(more.filter((step) => step.includes("chain") || step.includes("set"))).toEqual([]);
  expect(more).toContain("add nft element vpc.a inet from-peers pcx-c-a . 10.2.0.0/16 . 10.0.0.0/16");
  expect(more).toHaveLength(7);
});

test("what changes inside one VPC is nothing to its peer", () => {
  const one = peer(world, { vpc: "a", other: "b" });
  expect(steps(one, addSubnet(one, { vpc: "a", name: "more", cidr: "10.0.2.0/24" })).filter((step) => step.includes("vpc.b"))).toEqual([]);
});

test("each side is in the scope of its own VPC", () => {
  const spec = compiled(peer(world, { vpc: "a", other: "b" }));
  const inScope = (vpc: string): string[] => [...restrict(spec, [{ vpc, subnets: [] }]).keys()].filter((key) => key.startsWith("peering"));
  expect([inScope("a"), inScope("b"), inScope("c")]).toEqual([["peering a-b a"], ["peering a-b b"], []]);
});

test("a route leads to the other side of an accepted peering of the VPC, and nowhere else", () => {
  const asked = createPeering(world, { name: "x", requester: "a", accepter: "b" });
  const active = acceptPeering(asked, { name: "x" });
  expect(peeringHop(asked, "a", "x")).toBeUndefined();
  expect([peeringHop(active, "a", "x")?.via, peeringHop(active, "b", "x")?.via]).toEqual(["169.254.128.3", "169.254.128.2"]);
  expect([peeringHop(active, "c", "x"), peeringHop(active, "a", "constructor"), peeringHop(active, "a", "x")?.via6]).toEqual([undefined, undefined, undefined]);
});
