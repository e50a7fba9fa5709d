// Network ACLs where a packet takes more than one step: by a router instance, by a NAT gateway, over a peering. Each step that crosses a
// subnet's edge is judged, and no other.
import { expect } from "bun:test";
import type { FakeHost } from "../support/fake-host.ts";
import { countOnUplink } from "../support/packet-counter.ts";
import { sandboxTest } from "../support/sandbox-test.ts";
import { startTraffic } from "../support/traffic.ts";
import { watchPackets } from "./packet-watch.ts";
import { vpcctl } from "./tutorial-vpc.ts";

const vpc = ["create-vpc a 10.0.0.0/16", "add-subnet a web 10.0.1.0/24", "add-subnet a db 10.0.2.0/24", "create-network-acl a strict"];
const allow = (number: number, direction: "ingress" | "egress", cidr: string): string =>
  `create-network-acl-entry a strict --rule-number ${number} --${direction} --action allow --protocol icmp --cidr ${cidr}`;
const withdraw = (number: number, direction: "ingress" | "egress"): string => `delete-network-acl-entry a strict --rule-number ${number} --${direction}`;

/** Sends single echo requests, and does not wait long for an answer: everything is on one machine. */
async function pinger(host: FakeHost) {
  const traffic = await startTraffic(host);
  return { reaches: (from: string, to: string) => traffic.reaches({ from, to, protocol: "icmp" }), [Symbol.asyncDispose]: () => traffic[Symbol.asyncDispose]() };
}

sandboxTest("a step to a router instance of the same subnet stays inside, one to another subnet's does not", async (host) => {
  const routers = [["fw1", "web", "203.0.113.0/25"], ["fw2", "db", "203.0.113.128/25"]] as const;
  const commands = routers.flatMap(([name, subnet, block]) => [
    `run-instance a ${subnet} --name ${name}`,
    `modify-instance a ${name} --source-dest-check false`,
    `create-route a main ${block} instance/${name}`,
  ]);
  await vpcctl(host, ...vpc, ...commands, "associate-network-acl a web strict");
  const arrivals = await Promise.all(
    routers.map(([name, subnet]) => watchPackets(host, `vpc.a.${subnet}.${name}`, { family: "inet", hook: "prerouting priority -400" }, "icmp type echo-request")),
  );
  await using ping = await pinger(host);
  const send = async (): Promise<number[]> => {
    await Promise.all(["203.0.113.1", "203.0.113.129"].map((address) => ping.reaches("vpc.a.web", address)));
    return Promise.all(arrivals.map((watch) => watch.count()));
  };
  expect(await send()).toEqual([1, 0]);
  await vpcctl(host, "associate-network-acl a web default");
  expect(await send()).toEqual([2, 1]);
}, { internet: false });

sandboxTest("a NAT gateway's subnet judges what enters and leaves it for others, both ways", async (host) => {
  const nat = ["enable-internet a web", "create-nat-gateway a web nat1", "create-route-table a private", "create-route a private 0.0.0.0/0 nat-gateway/nat1"];
  await vpcctl(host, ...vpc, ...nat, "associate-route-table a db private");
  await using ping = await pinger(host);
  const reaches = (): Promise<boolean> => ping.reaches("vpc.a.db", "8.8.8.8");
  await using left = await countOnUplink(host, "icmp type echo-request");
  expect(await reaches()).toBe(true);
  await vpcctl(host, "associate-network-acl a web strict");
  expect([await reaches(), await left.packets()]).toEqual([false, 1]);
  // In from the private subnet is not enough to get out again ...
  await vpcctl(host, allow(10, "ingress", "10.0.2.0/24"));
  expect([await reaches(), await left.packets()]).toEqual([false, 1]);
  // ... and out is not enough for an answer, which has to get in and out again too.
  await vpcctl(host, allow(10, "egress", "8.8.8.8/32"));
  expect([await reaches(), await left.packets()]).toEqual([false, 2]);
  await vpcctl(host, allow(20, "ingress", "8.8.8.8/32"));
  expect(await reaches()).toBe(false);
  await vpcctl(host, allow(20, "egress", "10.0.2.0/24"));
  expect(await reaches()).toBe(true);
  const steps = [[10, "ingress", "10.0.2.0/24"], [10, "egress", "8.8.8.8/32"], [20, "ingress", "8.8.8.8/32"], [20, "egress", "10.0.2.0/24"]] as const;
  for (const [number, direction, cidr] of steps) {
    await vpcctl(host, withdraw(number, direction));
    expect(await reaches()).toBe(false);
    await vpcctl(host, allow(number, direction, cidr));
  }
  expect(await reaches()).toBe(true);
  expect(await vpcctl(host, "associate-network-acl a web strict")).toStartWith("Nothing to do");
});

sandboxTest("a partition from the subnet of a NAT gateway is one from what is behind it", async (host) => {
  const nat = ["enable-internet a web", "create-nat-gateway a web nat1", "create-route-table a private", "create-route a private 0.0.0.0/0 nat-gateway/nat1"];
  await vpcctl(host, ...vpc, ...nat, "associate-route-table a db private");
  await using ping = await pinger(host);
  const reaches = (): Promise<boolean> => ping.reaches("vpc.a.db", "8.8.8.8");
  for (const fault of ["partition a db web", "partition a web", "partition a db"]) {
    expect(await reaches()).toBe(true);
    await vpcctl(host, fault);
    expect(await reaches()).toBe(false);
    await vpcctl(host, "heal a");
  }
  expect(await reaches()).toBe(true);
});

sandboxTest("over a peering each side judges by its own subnet's ACL", async (host) => {
  const peer = ["create-vpc b 10.9.0.0/16", "add-subnet b lab 10.9.1.0/24", "peer a b", "authorize-ingress b default --protocol icmp --cidr 10.0.0.0/16"];
  await vpcctl(host, ...vpc, ...peer, "create-network-acl b closed");
  await using ping = await pinger(host);
  const reaches = (): Promise<boolean> => ping.reaches("vpc.a.web", "10.9.1.4");
  for (const [name, subnet, acl] of [["a", "web", "strict"], ["b", "lab", "closed"]] as const) {
    expect(await reaches()).toBe(true);
    await vpcctl(host, `associate-network-acl ${name} ${subnet} ${acl}`);
    expect(await reaches()).toBe(false);
    await vpcctl(host, `associate-network-acl ${name} ${subnet} default`);
  }
  await vpcctl(host, allow(10, "ingress", "10.9.1.4/32"), allow(10, "egress", "10.9.1.4/32"), "associate-network-acl a web strict");
  expect(await reaches()).toBe(true);
}, { internet: false });
