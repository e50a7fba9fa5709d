// Another table becomes the main one: the packets of subnets without a table of their own follow it, and nobody else's.
import { expect } from "bun:test";
import type { FakeHost } from "../support/fake-host.ts";
import { sandboxTest } from "../support/sandbox-test.ts";
import { startTraffic } from "../support/traffic.ts";
import { batch, noInternet, openVpc, tcp } from "./peered-vpcs.ts";
import { vpcctl } from "./tutorial-vpc.ts";

/** `web` is public and has a NAT gateway; `db` has no table of its own, `own` was associated with `main`. Table `private` leads out by the gateway. */
const network = [
  ...openVpc("a", "10.0.0.0/16"),
  "add-subnet a own 10.0.3.0/24",
  "enable-internet a web",
  "create-nat-gateway a web nat1",
  "create-route-table a private",
  "create-route a private 0.0.0.0/0 nat-gateway/nat1",
  "associate-route-table a own main",
  "run-instance a db --name one",
];
const reaches = async (host: FakeHost, ...places: readonly string[]): Promise<string[]> => {
  const answers = await Promise.all(places.map((place) => host.ping(`vpc.a.${place}`, "8.8.8.8")));
  return places.filter((_, at) => answers[at]);
};

sandboxTest("subnets and instances without a table of their own follow the main table, those of later too; others do not", async (host) => {
  await batch(host, ...network);
  const places = ["web", "db", "db.one", "own"];
  expect(await reaches(host, ...places)).toEqual(["web"]);
  expect(await vpcctl(host, "set-main-route-table a private")).toBe("Route table a/private is the VPC's main route table.\n");
  expect(await reaches(host, ...places)).toEqual(["web", "db", "db.one"]);
  expect(await vpcctl(host, "set-main-route-table a private")).toStartWith("Nothing to do");
  await vpcctl(host, "add-subnet a new 10.0.4.0/24", "run-instance a new --name two");
  expect(await reaches(host, "new", "new.two", "own")).toEqual(["new", "new.two"]);
  // What the model expects, and what packets say.
  expect(await vpcctl(host, "test-connectivity a")).toContain("All as it should be");
  // Not the table's name: its route.
  await vpcctl(host, "delete-route a private 0.0.0.0/0");
  expect(await reaches(host, ...places, "new")).toEqual(["web"]);
});

sandboxTest("the table that was the main one can go when nobody uses it, and the main one cannot", async (host) => {
  await batch(host, ...network, "set-main-route-table a private");
  const tables = async (): Promise<string> => (await host.sh("ip -n vpc.a rule")).match(/fwmark (0x)?\w+/g)?.join(" ") ?? "";
  const refused = async (table: string): Promise<unknown[]> => {
    const { exitCode, stderr } = await host.run(`vpcctl delete-route-table a ${table}`);
    return [exitCode, stderr.includes("[DependencyViolation]")];
  };
  expect([await refused("private"), await refused("main")]).toEqual([[4, true], [4, true]]);
  await vpcctl(host, "disassociate-route-table a own");
  expect(await reaches(host, "db", "own")).toEqual(["db", "own"]);
  expect(await tables()).toContain("fwmark 0x1 ");
  await vpcctl(host, "delete-route-table a main");
  expect(`${await tables()} `).not.toContain("fwmark 0x1 ");
  expect(await reaches(host, "web", "db", "db.one", "own")).toEqual(["web", "db", "db.one", "own"]);
  expect(await refused("private")).toEqual([4, true]);
  expect(await vpcctl(host, "set-main-route-table a private")).toStartWith("Nothing to do");
});

sandboxTest("what has drifted from the main table is put right", async (host) => {
  await batch(host, ...network, "set-main-route-table a private");
  const element = (await host.sh("ip netns exec vpc.a nft list map bridge vpcctl sources")).match(/"v-db" \. \S+ \. 10\.0\.2\.4 : 0x\w+/)?.[0] ?? "";
  await host.sh(`ip netns exec vpc.a nft delete element bridge vpcctl sources '{ ${element} }'`);
  await host.sh(`ip netns exec vpc.a nft add element bridge vpcctl sources '{ ${element.replace(/0x\w+$/, "1")} }'`);
  expect(await reaches(host, "db")).toEqual([]);
  expect(await vpcctl(host, "set-main-route-table a private")).toContain("Put right");
  expect(await reaches(host, "db")).toEqual(["db"]);
});

sandboxTest("open connections between subnets outlive the change", async (host) => {
  await batch(host, ...openVpc("a", "10.0.0.0/16"), "create-route-table a private");
  await using traffic = await startTraffic(host);
  await traffic.listen("vpc.a.web", { tcp: [80, 81] });
  const flow = await traffic.connect("vpc.a.db", "10.0.1.4", 81);
  expect(await flow.works()).toBe(true);
  await batch(host, "set-main-route-table a private", "delete-route-table a main");
  expect([await flow.works(), await traffic.probe([tcp("a.db", "10.0.1.4")])]).toEqual([true, ["answered"]]);
}, noInternet);
