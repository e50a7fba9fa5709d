// Whoever gets the address of an instance that is gone gets none of its flows: they began under the old one's security groups.
import { expect } from "bun:test";
import { eventually } from "../support/eventually.ts";
import { sandboxTest } from "../support/sandbox-test.ts";
import { startTraffic } from "../support/traffic.ts";
import { watchPackets } from "./packet-watch.ts";
import { vpcctl } from "./tutorial-vpc.ts";

const vpc = [
  "create-vpc a 10.0.0.0/16",
  "associate-ipv6-cidr a fd00:1:2::/56",
  "add-subnet a web 10.0.1.0/24",
  "run-instance a web --name old --ip 10.0.1.20",
  "run-instance a web --name asker",
  "create-security-group a closed",
  "create-route-table a other",
];
const addresses = ["10.0.1.20", "fd00:1:2::a00:114"];

sandboxTest("a new instance with the address of one that is gone hears nothing of that one's connections", async (host) => {
  await vpcctl(host, ...vpc);
  await using traffic = await startTraffic(host);
  await traffic.listen("vpc.a.web", { tcp: [80] });
  await traffic.listen("vpc.a.web.old", { tcp: [80] });
  const flows = await Promise.all(addresses.map((to) => traffic.connect("vpc.a.web.asker", to, 80)));
  const other = await traffic.connect("vpc.a.web.asker", "10.0.1.4", 80);
  const work = (): Promise<boolean[]> => Promise.all(flows.map((flow) => flow.works()));
  // Its owner may change in all else.
  await vpcctl(host, "set-security-groups a old --security-group closed", "associate-route-table a web other");
  expect(await work()).toEqual([true, true]);
  await vpcctl(host, "terminate-instance a old", "run-instance a web --name new --ip 10.0.1.20 --security-group closed");
  const heard = await watchPackets(host, "vpc.a.web.new", { family: "inet", hook: "prerouting priority -400" }, "tcp dport 80");
  expect([await work(), await other.works()]).toEqual([[false, false], true]);
  expect(await heard.count()).toBe(0);
  // It is the groups that keep them out.
  await vpcctl(host, "authorize-ingress a closed --protocol tcp --port 80 --cidr 0.0.0.0/0");
  // What is still to be sent again may arrive before this; the new one knows no such connection and resets it, and sending fails.
  await Promise.allSettled(flows.map((flow) => flow.works()));
  await eventually("the new one hears of the old one's connection", async () => (await heard.count()) > 0);
}, { internet: false });
