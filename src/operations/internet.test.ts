import { expect, test } from "bun:test";
import { emptyWorld, type Vpc, type World } from "../model/world.ts";
import { addSubnet } from "./add-subnet.ts";
import { createVpc } from "./create-vpc.ts";
import { deleteSubnet } from "./delete-subnet.ts";
import { disableInternet } from "./disable-internet.ts";
import { enableInternet } from "./enable-internet.ts";

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
    subnets: { web: { routeTable: "public" }, db: { routeTable: "main" } },
  });
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
