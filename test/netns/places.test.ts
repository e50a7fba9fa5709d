// One batch takes things away and puts others into their places: the same port of the bridge, the same addresses.
import { expect } from "bun:test";
import { sandboxTest } from "../support/sandbox-test.ts";
import { startTraffic } from "../support/traffic.ts";
import { observed } from "./observed.ts";
import { vpcctl } from "./tutorial-vpc.ts";

const before = ["create-vpc a 10.0.0.0/16", "add-subnet a db 10.0.2.0/24", "add-subnet a web 10.0.1.0/24", "run-instance a db --name one", "run-instance a web --name two"];
const exchange = [
  "delete-subnet a web --force",
  "add-subnet a half 10.0.1.0/25",
  "terminate-instance a one",
  "run-instance a half --name three",
  "run-instance a db --name four",
];
const batch = (lines: readonly string[]) => ["vpcctl batch -", { stdin: lines.join("\n") }] as const;

sandboxTest("who takes the place of another in one batch works like any other", async (host) => {
  await vpcctl(host, ...before);
  await host.sh(...batch(exchange));
  await using traffic = await startTraffic(host);
  const [half, three, db, four] = ["10.0.1.4", "10.0.1.5", "10.0.2.4", "10.0.2.5"];
  const pairs = [["vpc.a.half", db], ["vpc.a.half", four], ["vpc.a.half.three", half], ["vpc.a.half.three", four], ["vpc.a.db", three], ["vpc.a.db.four", half]] as const;
  expect(await traffic.probe(pairs.map(([from, to]) => ({ from, to, protocol: "icmp" })))).toEqual(pairs.map(() => "answered"));
  // Looked at, the machine is as it should be; made from nothing, it would be the same.
  expect(await vpcctl(host, "add-subnet a half 10.0.1.0/25 --dry-run")).not.toContain("ip ");
  const exchanged = await observed(host);
  await vpcctl(host, "cleanup");
  await host.sh(...batch([...before, ...exchange]));
  expect(await observed(host)).toEqual(exchanged);
}, { internet: false });
