import { expect, test } from "bun:test";
import { parseCidr4, parseIpv4 } from "../model/cidr.ts";
import { emptyWorld, type Vpc, type World } from "../model/world.ts";
import { addSubnet } from "./add-subnet.ts";
import { createVpc } from "./create-vpc.ts";
import { deleteSubnet } from "./delete-subnet.ts";
import { disableInternet } from "./disable-internet.ts";
import { enableInternet } from "./enable-internet.ts";
import {
  attachInternetGateway,
  createEgressOnlyInternetGateway,
  deleteEgressOnlyInternetGateway,
  detachInternetGateway,
} from "./internet-gateway.ts";
import { runInstance } from "./run-instance.ts";
import { startInstance } from "./start-instance.ts";
import { stopInstance } from "./stop-instance.ts";

const vpcOf = (world: World) => world.vpcs["a"] as Vpc;
const two = ["web", "db"].reduce(
  (world, name, n) => addSubnet(world, { vpc: "a", name, cidr: `10.0.${n}.0/24` }),
  createVpc(emptyWorld, { name: "a", cidr: "10.0.0.0/16" }),
);

test("the first public subnet brings the gateway and the table, the others only join", () => {
  const one = enableInternet(two, { vpc: "a", subnet: "web" });
  expect(vpcOf(one)).toMatchObject({
    internetGateway: true,
    routeTables: { main: { number: 1, routes: [] }, public: { number: 2, routes: [{ destination: "0.0.0.0/0", target: { kind: "internet-gateway" } }] } },
    subnets: { web: { routeTable: "public" } },
  });
  expect(vpcOf(one).subnets["db"]?.routeTable).toBeUndefined();
  const both = enableInternet(one, { vpc: "a", subnet: "db" });
  expect(vpcOf(both).routeTables).toBe(vpcOf(one).routeTables);
  expect(vpcOf(both).subnets["db"]?.routeTable).toBe("public");
});

test("the last public subnet takes the gateway and the table along, not an earlier one", () => {
  const both = enableInternet(enableInternet(two, { vpc: "a", subnet: "web" }), { vpc: "a", subnet: "db" });
  const one = disableInternet(both, { vpc: "a", subnet: "web" });
  expect(vpcOf(one)).toMatchObject({ internetGateway: true, routeTables: vpcOf(both).routeTables });
  expect(disableInternet(one, { vpc: "a", subnet: "db" })).toEqual(two);
});

test("a table `public` that leads nowhere is led to the gateway", () => {
  const vpc = vpcOf(two);
  const blackhole = { destination: "0.0.0.0/0", target: { kind: "blackhole" } } as unknown as Vpc["routeTables"][string]["routes"][number];
  const routeTables = { ...vpc.routeTables, public: { name: "public", number: 5, routes: [blackhole] } };
  const mended = enableInternet({ ...two, vpcs: { a: { ...vpc, routeTables } } }, { vpc: "a", subnet: "web" });
  expect(vpcOf(mended).routeTables["public"]).toEqual({
    name: "public",
    number: 5,
    routes: [{ destination: blackhole.destination, target: { kind: "internet-gateway" } }],
  });
});

test("deleting the last public subnet takes the gateway and the table along too", () => {
  const one = enableInternet(two, { vpc: "a", subnet: "web" });
  expect(deleteSubnet(one, { vpc: "a", name: "web" })).toEqual(deleteSubnet(two, { vpc: "a", name: "web" }));
});

test("the gateway stays as long as another table has a route to it", () => {
  const vpc = vpcOf(enableInternet(two, { vpc: "a", subnet: "web" }));
  const routes = vpc.routeTables["public"]?.routes ?? [];
  const routeTables = { ...vpc.routeTables, other: { name: "other", number: 3, routes } };
  const left = vpcOf(disableInternet({ ...two, vpcs: { a: { ...vpc, routeTables } } }, { vpc: "a", subnet: "web" }));
  expect(left.internetGateway).toBeTrue();
  expect(Object.keys(left.routeTables)).toEqual(["main", "other"]);
});

test("a public subnet has an address of the pool, which goes back with it and is given again", () => {
  const both = enableInternet(enableInternet(two, { vpc: "a", subnet: "web" }), { vpc: "a", subnet: "db" });
  expect(vpcOf(both).subnets).toMatchObject({ web: { publicAddress: "198.18.0.2", mapPublicIp: true }, db: { publicAddress: "198.18.0.3" } });
  const one = disableInternet(both, { vpc: "a", subnet: "web" });
  expect(vpcOf(one).subnets["web"]).toEqual(vpcOf(two).subnets["web"] as never);
  expect(vpcOf(enableInternet(one, { vpc: "a", subnet: "web" })).subnets["web"]?.publicAddress).toBe(parseIpv4("198.18.0.2"));
});

test("a pool that is used up gives no address, and the subnet stays private", () => {
  const small: World = { ...two, publicPool: parseCidr4("203.0.113.0/30") };
  expect(() => enableInternet(small, { vpc: "a", subnet: "web" })).not.toThrow();
  const one = enableInternet(small, { vpc: "a", subnet: "web" });
  expect(() => enableInternet(one, { vpc: "a", subnet: "db" })).toThrow("203.0.113.0/30 has no public address left");
});

test("a subnet that is not public any more leaves no instance in it with a public address, now or at its next start", () => {
  const open = enableInternet(two, { vpc: "a", subnet: "web" });
  const running = runInstance(open, { vpc: "a", subnet: "web", name: "web1" });
  expect(running.vpcs["a"]?.instances?.["web1"]?.publicAddress).toBe(parseIpv4("198.18.0.3"));
  const closed = disableInternet(running, { vpc: "a", subnet: "web" });
  const again = startInstance(stopInstance(closed, { vpc: "a", name: "web1" }), { vpc: "a", name: "web1" });
  expect(again.vpcs["a"]?.instances?.["web1"]).not.toHaveProperty("publicAddress");
  expect(vpcOf(closed).internetGateway).toBeFalse();
});

test("the gateway is not detached while addresses lead through it, and says which", () => {
  const open = enableInternet(two, { vpc: "a", subnet: "web" });
  expect(() => detachInternetGateway(open, { vpc: "a" })).toThrow("1 public address that leads");
  const bare = attachInternetGateway(two, { vpc: "a" });
  expect(attachInternetGateway(bare, { vpc: "a" })).toBe(bare);
  expect(detachInternetGateway(bare, { vpc: "a" })).toEqual(two);
  expect(detachInternetGateway(two, { vpc: "a" })).toBe(two);
});

test("an egress-only internet gateway comes and goes", () => {
  const made = createEgressOnlyInternetGateway(two, { vpc: "a" });
  expect(createEgressOnlyInternetGateway(made, { vpc: "a" })).toBe(made);
  expect(deleteEgressOnlyInternetGateway(made, { vpc: "a" })).toEqual(two);
  expect(deleteEgressOnlyInternetGateway(two, { vpc: "a" })).toBe(two);
});
