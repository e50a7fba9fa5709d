// Attached instances whose namespace or interface is gone.
import { expect } from "bun:test";
import { diffSnapshots, snapshotHost } from "../support/host-snapshot.ts";
import { sandboxTest } from "../support/sandbox-test.ts";
import { startStranger } from "../support/stranger.ts";
import { inside, network, one } from "./stranger-vpc.ts";
import { vpcctl } from "./tutorial-vpc.ts";

sandboxTest("one whose program has ended lives on by its name; without that, as after a reboot, all the rest is put right, and it can be taken away", async (host) => {
  const clean = await snapshotHost(host);
  await vpcctl(host, ...network, "run-instance a web --name two");
  const pid = await startStranger(host);
  await vpcctl(host, `attach a db --name guest --pid ${pid}`, "run-instance a db --name last");
  await host.sh(`kill -KILL ${pid}; while [ -e /proc/${pid}/ns/net ]; do sleep 0.01; done`);
  expect(await vpcctl(host, "create-vpc a 10.0.0.0/16")).toStartWith("Nothing to do");
  expect(await host.ping(one, "10.0.2.5")).toBe(true);
  await host.sh("for name in $(ls /run/netns | grep ^vpc); do ip netns delete $name; done; while ip netns exec vpc.a true 2>/dev/null; do sleep 0.01; done");
  expect(await vpcctl(host, "create-vpc a 10.0.0.0/16")).toStartWith("Put right");
  expect(await vpcctl(host, "run-instance a db --name last")).toStartWith("Nothing to do");
  expect(await Promise.all(["10.0.1.6", "10.0.2.6", "10.0.2.5"].map((to) => host.ping(one, to)))).toEqual([true, true, false]);
  await vpcctl(host, "run-instance a web --name three", "terminate-instance a guest", "run-instance a db --name new");
  expect(await host.ping(one, "10.0.2.5")).toBe(true);
  await vpcctl(host, "cleanup");
  expect(diffSnapshots(clean, await snapshotHost(host))).toEqual([]);
});

sandboxTest("one whose interface or namespace is gone is shown as lost, and as running when it is back", async (host) => {
  await vpcctl(host, ...network);
  const pid = await startStranger(host);
  const attach = `attach a db --name guest --pid ${pid}`;
  await vpcctl(host, attach);
  const states = async (): Promise<unknown[]> => {
    const { instances } = JSON.parse(await vpcctl(host, "instances a --json")) as { instances: { name: string; state: string; lost?: string }[] };
    const { vpc } = JSON.parse(await vpcctl(host, "describe a --json")) as { vpc: { instances: { state: string; lost?: string }[] } };
    expect(vpc.instances.map(({ state, lost }) => [state, lost])).toEqual(instances.map(({ state, lost }) => [state, lost]));
    return [...instances.flatMap(({ state, lost = "-" }) => [state, lost]), await host.ping(one, "10.0.2.5")];
  };
  expect(await states()).toEqual(["running", "-", "running", "-", true]);
  await inside(host, pid, "ip link delete eth0");
  expect(await states()).toEqual(["running", "-", "lost", "interface", false]);
  await inside(host, pid, "ip link add eth0 type bridge");
  expect(await states()).toEqual(["running", "-", "lost", "interface", false]);
  await inside(host, pid, "ip link delete eth0");
  expect(await vpcctl(host, attach)).toContain("Put right");
  expect(await states()).toEqual(["running", "-", "running", "-", true]);
  // By the process it is found as well, and nobody says that what still answers is lost.
  await host.sh("ip netns delete vpc.a.db.guest");
  expect(await states()).toEqual(["running", "-", "running", "-", true]);
  await inside(host, pid, "ip link delete eth0");
  expect(await states()).toEqual(["running", "-", "lost", "interface", false]);
  await host.sh(`kill -KILL ${pid}; while [ -e /proc/${pid}/ns/net ]; do sleep 0.01; done`);
  expect(await states()).toEqual(["running", "-", "lost", "namespace", false]);
  expect(await vpcctl(host, "instances a")).toContain(`lost (its namespace is gone), was in process ${pid}`);
  expect(await vpcctl(host, "describe a")).toContain("lost (its namespace is gone)");
  await vpcctl(host, "terminate-instance a guest", `attach a db --name guest --pid ${await startStranger(host)}`);
  expect(await states()).toEqual(["running", "-", "running", "-", true]);
});
