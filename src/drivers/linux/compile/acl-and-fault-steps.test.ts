// How little of the router changes with an ACL, an entry, a fault: the steps from one World to the next.
import { describe, expect, test } from "bun:test";
import { worldAfter } from "../../../../test/support/verb-line.ts";
import { diff } from "../diff.ts";
import { compile } from "./compile.ts";

const facts = () => ({ uplinks: [], barriers: [] });
const base = [
  "create-vpc a 10.0.0.0/16",
  "add-subnet a web 10.0.1.0/24",
  "add-subnet a db 10.0.2.0/24",
  "add-subnet a app 10.0.3.0/24",
  "run-instance a web --name one",
  "create-network-acl a strict",
];
const entry = "--ingress --action allow --protocol tcp --port 80 --cidr 10.0.0.0/8";

/** The steps that lines take after others, without those of an instance's or subnet's own. */
function steps(before: readonly string[], ...lines: readonly string[]): string[] {
  const world = worldAfter([...base, ...before]);
  const taken = diff(compile(worldAfter(lines, world), facts), compile(world, facts));
  return taken.map(({ action, subject }) => `${action} ${subject.replace(" vpc.a ", " ").replace("inet ", "")}`);
}

const elements = (verb: string): string[] => [
  `${verb} nft element acl-inside4 02:76:0a:00:02:00-02:76:0a:00:02:ff . 10.0.2.0/24`,
  `${verb} nft element acl-out 02:76:0a:00:02:00-02:76:0a:00:02:ff`,
  `${verb} nft element acl-in4 10.0.2.0/24`,
];

describe("a network ACL", () => {
  test("is nothing on the machine until a subnet has it, nor with entries that allow everything", () => {
    expect(steps([], "create-network-acl-entry a strict --rule-number 1 " + entry)).toEqual([]);
    const open = ["ingress", "egress"].map((way) => `create-network-acl-entry a strict --rule-number 1 --${way} --action allow --protocol all --cidr 0.0.0.0/0`);
    expect(steps(open, "associate-network-acl a db strict")).toEqual([]);
    expect(steps(open.slice(1), "associate-network-acl a db strict")).not.toEqual([]);
  });

  test("comes in an order that nft takes: chains, the maps that lead to them, the chain that asks the maps, elements", () => {
    const maps = ["acl-inside4", "acl-inside6", "acl-out", "acl-in4", "acl-in6"].map((map) => `add nft set ${map}`);
    const chains = ["acl.strict.in", "acl.strict.out"].map((chain) => `add nft chain ${chain}`);
    expect(steps([], "associate-network-acl a db strict")).toEqual([...chains, ...maps, "add nft chain acl", ...elements("add")]);
  });

  test("of a further subnet is three elements", () => {
    expect(steps(["associate-network-acl a web strict"], "associate-network-acl a db strict")).toEqual(elements("add"));
    const both = ["associate-network-acl a web strict", "associate-network-acl a db strict"];
    expect(steps(both, "associate-network-acl a db default")).toEqual(elements("delete").toReversed());
    expect(steps(both, "create-network-acl a closed", "associate-network-acl a db closed")).toEqual([
      "add nft chain acl.closed.in",
      "add nft chain acl.closed.out",
      ...elements("change").slice(1),
    ]);
  });

  test("with another entry is one chain, and instances and other subnets are none of its business", () => {
    const used = ["associate-network-acl a web strict", "associate-network-acl a db strict"];
    expect(steps(used, `create-network-acl-entry a strict --rule-number 1 ${entry}`)).toEqual(["change nft chain acl.strict.in"]);
    const others = steps(used, "run-instance a web --name two", "add-subnet a more 10.0.4.0/24", "terminate-instance a one");
    expect(others.length).toBeGreaterThan(10);
    expect(others.filter((step) => /acl/.test(step))).toEqual([]);
  });
});

describe("a fault", () => {
  test("between two places is a change of one chain, and so is its end", () => {
    expect(steps([], "partition a web db", "partition a one app")).toEqual(["change nft chain forward"]);
    expect(steps(["partition a web db"], "heal a")).toEqual(["change nft chain forward"]);
    expect(steps(["partition a one"], "terminate-instance a one")).toContain("change nft chain forward");
  });

  test("of a link switches the ports of what is there, and of what comes later", () => {
    expect(steps([], "link-down a one")).toEqual(["change link i-one"]);
    expect(steps([], "link-down a web")).toEqual(["change link v-web", "change link i-one"]);
    expect(steps(["link-down a one"], "link-down a web")).toEqual(["change link v-web"]);
    expect(steps(["link-down a web"], "link-up a web")).toEqual(["change link v-web", "change link i-one"]);
    expect(steps(["link-down a web"], "stop-instance a one", "start-instance a one", "partition a web db")).toEqual(["change nft chain forward"]);
  });
});
