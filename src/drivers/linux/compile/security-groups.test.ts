import { describe, expect, test } from "bun:test";
import { refused } from "../../../../test/support/memory-engine.ts";
import { worldAfter } from "../../../../test/support/verb-line.ts";
import type { Vpc, World } from "../../../model/world.ts";
import { diff } from "../diff.ts";
import { compile } from "./compile.ts";
import { combinationsOf, identityOf } from "./group-combinations.ts";

const spec = (world: World) => compile(world, () => ({ uplinks: [], barriers: [] }));
/** What a line does to the machine: `add nft element ...`. */
function change(before: World, ...lines: readonly string[]): string[] {
  return diff(spec(worldAfter(lines, before)), spec(before)).map(({ action, subject }) => `${action} ${subject.replace("nft element vpc.a inet ", "")}`);
}

const vpc = ["create-vpc a 10.0.0.0/16", "add-subnet a web 10.0.1.0/24", "add-subnet a db 10.0.2.0/24", "create-security-group a web"];
const closed = worldAfter([...vpc, "set-security-groups a web --security-group web"]);
const http = "authorize-ingress a web --protocol tcp --port 80 --cidr 10.0.0.0/8";

describe("a rule", () => {
  test("is an element, and nothing else changes", () => {
    expect(change(closed, http)).toEqual(["add sg.web.in4 10.0.0.0/8 . 6 . 80"]);
    expect(change(worldAfter([http], closed), http.replace("authorize", "revoke"))).toEqual(["delete sg.web.in4 10.0.0.0/8 . 6 . 80"]);
    expect(change(closed, http.replace("10.0.0.0/8", "fd00::/8").replace("ingress", "egress"))).toEqual([]);
    expect(change(closed, "authorize-ingress a web --protocol icmp --icmp-type 8/0 --self")).toEqual([`add sg.web.in-id ${identityOf("a", ["web"])} . 1 . 2048`]);
  });

  test("that overlaps others takes their elements out before it comes, in one go", () => {
    const open = worldAfter([http, http.replace("10.0.0.0/8", "10.1.0.0/16").replace("80", "90")], closed);
    expect(change(open, http.replace("--port 80 ", ""))).toEqual([
      "delete sg.web.in4 10.0.0.0/8 . 6 . 80",
      "delete sg.web.in4 10.1.0.0/16 . 6 . 90",
      "add sg.web.in4 10.0.0.0/8 . 6 . 0-65535",
    ]);
  });

  test("of a group that nothing is in is nothing to the machine", () => {
    expect(change(worldAfter(vpc), http)).toEqual([]);
  });

  test("that names a prefix list follows it", () => {
    const offices = worldAfter(["create-prefix-list p --cidr 10.0.0.0/8 --cidr fd00::/8", "authorize-ingress a web --protocol icmp --prefix-list p"], closed);
    expect(change(closed, "create-prefix-list p --cidr 10.0.0.0/8")).toEqual([]);
    expect(change(offices, "modify-prefix-list p --add 11.0.0.0/8 --add fc00::/8")).toEqual(["add sg.web.in4 11.0.0.0/8 . 1 . 0-65535"]);
  });
});

describe("membership", () => {
  test("in groups that somebody is in together already is three entries in the lists", () => {
    const both = worldAfter(["set-security-groups a db --security-group web"], closed);
    expect(change(both, "set-security-groups a db --security-group web")).toEqual([]);
    const steps = change(worldAfter(["run-instance a web --name web1"], closed), "set-security-groups a web/web1 --security-group web");
    expect(steps).toEqual(["change identities 10.0.1.5", "change egress 02:76:0a:00:01:05", "change ingress 10.0.1.5"]);
  });

  test("in groups that nobody had together makes their chains, and whoever names one of them learns the number", () => {
    const named = worldAfter(["create-security-group a db", "authorize-ingress a web --protocol tcp --port 80 --group db"], closed);
    const steps = change(named, "set-security-groups a db --security-group db --security-group web");
    const element = `add sg.web.in-id ${identityOf("a", ["db", "web"])} . 6 . 80`;
    expect(steps).toContain(element);
    expect(steps).toContain("add nft chain vpc.a inet in.db.web");
    expect(steps.indexOf(element)).toBeLessThan(steps.indexOf("change ingress 10.0.2.4"));
    // Nobody is in `default` any more.
    expect(steps).toContain("delete nft chain vpc.a inet in.default");
  });

  test("and rules change as little in a VPC of many instances", () => {
    const many = worldAfter(Array.from({ length: 250 }, (_, i) => `run-instance a web --name i${i}${i % 2 === 0 ? " --security-group web" : ""}`), closed);
    expect(change(many, http)).toHaveLength(1);
    expect(change(many, "set-security-groups a web/i1 --security-group web")).toHaveLength(3);
  });
});

describe("identities", () => {
  test("differ by VPC and by combination, not by order, and are no mark of a route table", () => {
    const numbers = [identityOf("a", ["x", "y"]), identityOf("b", ["x", "y"]), identityOf("a", ["x"]), identityOf("a", ["default"])];
    expect(new Set(numbers).size).toBe(4);
    expect(identityOf("a", ["y", "x"])).toBe(identityOf("a", ["x", "y"]));
    for (const number of numbers) expect(number).toBeGreaterThanOrEqual(2 ** 31);
  });

  test("that two combinations have at once refuse the World", () => {
    // Found by trying: two group names of one VPC with one number.
    const [one, other] = sameIdentity();
    const { subnets } = worldAfter(["create-vpc a 10.0.0.0/16", "add-subnet a s 10.0.1.0/24", "add-subnet a t 10.0.2.0/24"]).vpcs["a"] as Vpc;
    const clash = { ...(closed.vpcs["a"] as Vpc), subnets: { s: { ...subnets["s"], securityGroups: [one] }, t: { ...subnets["t"], securityGroups: [other] } } } as Vpc;
    expect(refused(() => combinationsOf(clash)).code).toBe("HostConflict");
  });
});

/** Among 100,000 numbers of 31 bits two are equal, as good as surely (the birthday problem); the search is always the same. */
function sameIdentity(): readonly [string, string] {
  const seen = new Map<number, string>();
  for (let i = 0; ; i++) {
    const name = `g${i}`;
    const number = identityOf("a", [name]);
    const other = seen.get(number);
    if (other !== undefined) return [other, name];
    seen.set(number, name);
  }
}

test("a policy stands in the place of the groups for everything in the subnet, and is two chains", () => {
  const before = worldAfter(["run-instance a web --name web1", "run-instance a db --name db1"], closed);
  const policy = { ingress: [{ action: "allow", protocol: "tcp", ports: { from: 80, to: 80 } }] } as const;
  const a = before.vpcs["a"] as Vpc;
  const web = { ...a.subnets["web"], policy } as Vpc["subnets"][string];
  const after: World = { ...before, vpcs: { a: { ...a, subnets: { ...a.subnets, web } } } };
  expect(diff(spec(after), spec(before)).map(({ action, subject }) => `${action} ${subject}`)).toEqual([
    "add nft chain vpc.a inet policy-in.web",
    "add nft chain vpc.a inet policy-out.web",
    "change nft element vpc.a inet egress 02:76:0a:00:01:04",
    "change nft element vpc.a inet ingress 10.0.1.4",
    "change nft element vpc.a inet egress 02:76:0a:00:01:05",
    "change nft element vpc.a inet ingress 10.0.1.5",
  ]);
});
