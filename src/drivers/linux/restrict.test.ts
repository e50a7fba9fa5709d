import { describe, expect, test } from "bun:test";
import type { Cidr4 } from "../../model/cidr.ts";
import type { Subnet, Vpc, World } from "../../model/world.ts";
import type { Scope } from "../driver.ts";
import { compile } from "./compile/compile.ts";
import { objectKey } from "./objects/identity.ts";
import { restrict } from "./restrict.ts";

const subnet = (name: string, third: number, slot: number): Subnet => ({ name, cidr: `10.0.${third}.0/24` as Cidr4, slot, routeTable: "main" });
const vpc = (name: string, number: number): Vpc => ({
  name,
  number,
  cidr: "10.0.0.0/16" as Cidr4,
  subnets: { web: subnet("web", 1, 0), db: subnet("db", 2, 1) },
  routeTables: { main: { name: "main", number: 1, routes: [] } },
  internetGateway: true,
});
const world: World = { schema: 2, vpcs: { a: vpc("a", 1), b: vpc("b", 2) } };
const whole = compile(world, () => ({ uplinks: [{ link: "eth0", forwardingWas: "0" }], barriers: [] }));

const keysIn = (scope: Scope): string[] => [...restrict(whole, scope).values()].flatMap((unit) => unit.objects().map(objectKey));

describe("a compiled Spec, restricted to what observation of a scope can see,", () => {
  test("is the very same for everything", () => {
    expect(restrict(whole, "all")).toBe(whole);
  });

  test("keeps of a VPC all it has, and the host's share, and nothing of another", () => {
    const keys = keysIn([{ vpc: "a" }]);
    expect(keys.filter((key) => / vpc\.b|igw-b|v-b/.test(key))).toEqual([]);
    expect(keys).toContain("nft table  inet");
    for (const key of ["namespace vpc.a.web", "namespace vpc.a.db", "link  igw-a", "address vpc.a.db eth0 10.0.2.4/24"]) expect(keys).toContain(key);
  });

  test("keeps of a subnet that is not named what the router has of it, and nothing of its inside", () => {
    const keys = keysIn([{ vpc: "a", subnets: ["web"] }]);
    expect(keys.filter((key) => key.includes("vpc.a.db"))).toEqual([]);
    for (const key of ["link vpc.a v-db", "fdb vpc.a v-db 02:76:0a:00:02:04", "nft element vpc.a inet ingress 10.0.2.4"]) expect(keys).toContain(key);
    expect(keys).toContain("link vpc.a.web eth0");
  });

  test("of no subnet at all is the router with its ports", () => {
    const keys = keysIn([{ vpc: "a", subnets: [] }]);
    expect(keys.filter((key) => /vpc\.a\.(web|db)/.test(key))).toEqual([]);
    expect(keys).toContain("link vpc.a v-web");
  });

  test("joins the parts of a scope that name one VPC twice", () => {
    const keys = keysIn([{ vpc: "a", subnets: ["web"] }, { vpc: "a", subnets: ["db"] }, { vpc: "b", subnets: [] }]);
    for (const key of ["namespace vpc.a.web", "namespace vpc.a.db", "namespace vpc.b"]) expect(keys).toContain(key);
    expect(keys).not.toContain("namespace vpc.b.web");
  });
});
