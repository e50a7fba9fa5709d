// Slow wires, with real traffic.
import { describe, expect } from "bun:test";
import type { FakeHost } from "../support/fake-host.ts";
import { diffSnapshots, snapshotHost } from "../support/host-snapshot.ts";
import { sandboxTest } from "../support/sandbox-test.ts";
import { throughput, type Flow } from "../support/throughput.ts";
import { vpcctl } from "./tutorial-vpc.ts";

const router = "vpc.a";
const one = { namespace: "vpc.a.web.one", address: "10.0.1.5" };
const two = { namespace: "vpc.a.web.two", address: "10.0.1.6" };
const db = { namespace: "vpc.a.db", address: "10.0.2.4" };

/** Subnet web with instances `one` and `two`, and subnet db. */
async function build(host: FakeHost): Promise<void> {
  await vpcctl(host, "create-vpc a 10.0.0.0/16", "add-subnet a web 10.0.1.0/24", "add-subnet a db 10.0.2.0/24");
  await vpcctl(host, "run-instance a web --name one --ip 10.0.1.5", "run-instance a web --name two --ip 10.0.1.6");
}

const flow = (from: typeof one, to: typeof one): Flow => ({ from: from.namespace, to: to.namespace, address: to.address });
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const around = (mbit: number, wanted: number): boolean => mbit > 0.85 * wanted && mbit < 1.15 * wanted;

describe("the bandwidth of an instance", () => {
  sandboxTest("holds each way, also within its subnet, and for nobody else", async (host) => {
    await build(host);
    await vpcctl(host, "shape a web/one --bandwidth 20mbit");
    const [out = 0, free = 0] = await throughput(host, flow(one, db), flow(two, db));
    expect(around(out, 20), `out ${out} Mbit/s`).toBe(true);
    expect(free).toBeGreaterThan(60);
    const [into = 0] = await throughput(host, flow(two, one));
    expect(around(into, 20), `in ${into} Mbit/s`).toBe(true);
  });

  sandboxTest("holds when both ends have one: the smaller counts, by IPv4 and by IPv6", async (host) => {
    await build(host);
    await vpcctl(host, "associate-ipv6-cidr a fd00:1234:5678::/56", "shape a web/one --bandwidth 80mbit", "shape a db --bandwidth 20mbit");
    // The kernel does not ask the egress hook of the bridge about what has waited in a block before.
    const [into = 0] = await throughput(host, flow(one, db));
    const [into6 = 0] = await throughput(host, flow(one, { ...db, address: "fd00:1234:5678:1::a00:204" }));
    const [back = 0] = await throughput(host, flow(db, one));
    for (const mbit of [into, into6, back]) expect(mbit > 8 && mbit < 23, `${[into, into6, back].join(", ")} Mbit/s`).toBe(true);
    await host.sh(`ip netns exec ${router} nft flush chain inet vpcctl to-shaped`);
    const [unheld = 0] = await throughput(host, flow(one, db));
    expect(unheld).toBeGreaterThan(60);
  });

  sandboxTest("is gone after unshape, and with it everything that was made for it", async (host) => {
    await build(host);
    const before = await snapshotHost(host);
    await vpcctl(host, "shape a one --bandwidth 20mbit", "unshape a one");
    expect(diffSnapshots(before, await snapshotHost(host))).toEqual([]);
    const [free = 0] = await throughput(host, flow(one, db));
    expect(free).toBeGreaterThan(60);
  });
});

describe("the bandwidth of a subnet", () => {
  for (const direction of ["out of", "into"] as const) {
    sandboxTest(`is shared by everything that goes ${direction} it, and an instance in it may have less`, async (host) => {
      await build(host);
      await vpcctl(host, "shape a web --bandwidth 40mbit", "shape a two --bandwidth 10mbit");
      const own = { namespace: "vpc.a.web", address: "10.0.1.4" };
      const flows = [one, two, own].map((inside) => (direction === "out of" ? flow(inside, db) : flow(db, inside)));
      const mbit = await throughput(host, ...flows);
      expect(around(sum(mbit), 40), `${mbit.join(" + ")} Mbit/s`).toBe(true);
      expect(mbit[1]).toBeLessThan(11.5);
      const [alone = 0] = await throughput(host, flows[0] ?? flow(one, db));
      expect(around(alone, 40), `${alone} Mbit/s`).toBe(true);
    });
  }

  sandboxTest("changes, comes and goes without a trace of how it was", async (host) => {
    await build(host);
    await vpcctl(host, "shape a one --bandwidth 20mbit");
    const before = await vpcctl(host, "shape a one --bandwidth 20mbit");
    expect(before).toStartWith("Nothing to do");
    const snapshot = await host.sh(`tc -n ${router} class show dev shape; tc -n ${router} class show dev br-a; tc -n ${router} qdisc show`);
    await vpcctl(host, "shape a web --bandwidth 40mbit", "shape a web --bandwidth 30mbit", "run-instance a web --name three", "terminate-instance a three", "unshape a web");
    expect(await vpcctl(host, "unshape a web")).toStartWith("Nothing to do");
    const after = await host.sh(`tc -n ${router} class show dev shape; tc -n ${router} class show dev br-a; tc -n ${router} qdisc show`);
    // Counters apart.
    expect(after.replaceAll(/direct_packets_stat \d+/g, "")).toBe(snapshot.replaceAll(/direct_packets_stat \d+/g, ""));
  });
});

describe("what makes packets wait", () => {
  sandboxTest("is put back when somebody took it away", async (host) => {
    await build(host);
    await vpcctl(host, "shape a one --bandwidth 20mbit");
    const lost = ["flush map netdev vpcctl shaped", "flush map inet vpcctl shaped4", "delete chain inet vpcctl to-shaped"];
    const rules = lost.map((nft) => `ip netns exec ${router} nft ${nft}`);
    for (const damage of [`tc -n ${router} qdisc delete dev br-a root`, `ip -n ${router} link delete shape`, ...rules]) {
      await host.sh(damage);
      expect(await vpcctl(host, "shape a one --bandwidth 20mbit")).toStartWith("Put right");
      expect(await vpcctl(host, "shape a one --bandwidth 20mbit")).toStartWith("Nothing to do");
    }
    const [mbit = 0] = await throughput(host, flow(one, db));
    expect(around(mbit, 20), `${mbit} Mbit/s`).toBe(true);
  });

  sandboxTest("is made just so by the script of --dry-run", async (host) => {
    await build(host);
    const script = await vpcctl(host, "shape a web --bandwidth 40mbit --dry-run");
    await host.sh(["bash", "-c", script]);
    await vpcctl(host, "shape a web --bandwidth 40mbit");
    expect(await vpcctl(host, "shape a web --bandwidth 40mbit")).toStartWith("Nothing to do");
  });

  sandboxTest("makes them late too where the kernel has netem; elsewhere it is refused before anything is touched", async (host) => {
    await build(host);
    const before = await snapshotHost(host);
    const { exitCode, stderr } = await host.run("vpcctl shape a one --delay 40ms");
    const doctor = await host.run("vpcctl doctor");
    if (/ok +kernel: netem queues/.test(doctor.stdout)) {
      const ping = await host.sh(["ip", "netns", "exec", db.namespace, "ping", "-c", "2", one.address]);
      const milliseconds = Number(/= ([\d.]+)\//.exec(ping)?.[1]);
      expect(milliseconds).toBeGreaterThan(79);
    } else {
      expect([exitCode, stderr.includes("UnsupportedKernel")]).toEqual([5, true]);
      expect(diffSnapshots(before, await snapshotHost(host))).toEqual([]);
    }
  });
});
