// Gate 11. A thousand subnets in a VPC, a thousand VPCs, more attachments than a bridge has ports: packets go where they should and nowhere
// else, cleanup is exact, and one more costs what it costs among few. The cost is counted, not timed: steps, and calls to the kernel.
import { describe, expect } from "bun:test";
import type { FakeHost } from "../../support/fake-host.ts";
import { diffSnapshots, snapshotHost } from "../../support/host-snapshot.ts";
import { sandboxTest } from "../../support/sandbox-test.ts";
import { startTraffic, type Probe } from "../../support/traffic.ts";
import { callsOf, stepsOf } from "./cost.ts";

/** A model of so many things, and the command that adds one more to it. */
interface Crowd {
  lines(size: number): string[];
  oneMore(size: number): string;
  /** Who must reach whom, and who must not. */
  pairs(size: number): { readonly open: readonly Probe[]; readonly closed: readonly Probe[] };
}

const numbers = (size: number): number[] => Array.from({ length: size }, (_, n) => n);
const icmp = (from: string, to: string): Probe => ({ from, to, protocol: "icmp" });
/** Some of so many, the first and the last among them. */
const sample = (size: number): number[] => [...new Set(numbers(20).map((n) => Math.floor((n * (size - 1)) / 19)))];

const blockOf = (n: number): string => `10.0.${n >> 2}.${(n & 3) * 64}`;
const hostOf = (n: number): string => `10.0.${n >> 2}.${(n & 3) * 64 + 4}`;

const subnets: Crowd = {
  lines: (size) => ["create-vpc big 10.0.0.0/16", ...numbers(size).map((n) => `add-subnet big s${n} ${blockOf(n)}/26`)],
  oneMore: (size) => `add-subnet big s${size} ${blockOf(size)}/26`,
  pairs(size) {
    const some = sample(size);
    const open = some.flatMap((from) => some.filter((to) => to !== from).map((to) => icmp(`vpc.big.s${from}`, hostOf(to))));
    return { open, closed: some.map((from) => icmp(`vpc.big.s${from}`, hostOf(size + 5))) };
  },
};

const addressOf = (n: number): string => `10.0.${16 + (n >> 8)}.${n & 255}`;

const instances: Crowd = {
  lines: (size) => ["create-vpc big 10.0.0.0/16", "add-subnet big s0 10.0.16.0/20", ...numbers(size).map((n) => `run-instance big s0 --name i${n} --ip ${addressOf(n + 5)}`)],
  oneMore: (size) => `run-instance big s0 --name i${size} --ip ${addressOf(size + 5)}`,
  pairs(size) {
    const some = sample(size);
    const open = some.flatMap((from) => some.filter((to) => to !== from).map((to) => icmp(`vpc.big.s0.i${from}`, addressOf(to + 5))));
    return { open, closed: some.map((from) => icmp(`vpc.big.s0.i${from}`, addressOf(size + 9))) };
  },
};

/** All alike: the same block, and two subnets that know each other; every hundredth has internet. */
const vpcs: Crowd = {
  lines: (size) =>
    numbers(size).flatMap((n) => [
      `create-vpc v${n} 10.0.0.0/16`, `add-subnet v${n} a 10.0.1.0/24`, `add-subnet v${n} b 10.0.${2 + (n % 200)}.0/24`,
      ...(n % 100 === 0 ? [`enable-internet v${n} a`] : []),
    ]),
  oneMore: (size) => `create-vpc v${size} 10.0.0.0/16`,
  pairs(size) {
    const some = sample(size);
    const own = some.map((n) => icmp(`vpc.v${n}.a`, `10.0.${2 + (n % 200)}.4`));
    // Subnets of other VPCs that this one has not: the address is somebody's, next door.
    const others = some.map((n) => icmp(`vpc.v${n}.a`, `10.0.${2 + ((n + 7) % 200)}.4`));
    const [outward, inward] = [some.filter((n) => n % 100 === 0), some.filter((n) => n % 100 !== 0)];
    return {
      open: [...own, ...outward.map((n) => icmp(`vpc.v${n}.a`, "8.8.8.8"))],
      closed: [...others, ...inward.map((n) => icmp(`vpc.v${n}.a`, "8.8.8.8")), ...outward.map((n) => icmp(`vpc.v${n}.b`, "8.8.8.8"))],
    };
  },
};

const few = 10;

async function build(host: FakeHost, crowd: Crowd, size: number): Promise<void> {
  await host.sh("vpcctl batch -", { stdin: crowd.lines(size).join("\n"), timeout: 110_000 });
}

async function expectOwnWays(host: FakeHost, crowd: Crowd, size: number): Promise<void> {
  await using traffic = await startTraffic(host);
  const { open, closed } = crowd.pairs(size);
  // A busy machine is no finding: what is silent is asked again, with more patience.
  const answers = await traffic.probe(open, 1000);
  const silent = open.filter((_, at) => answers[at] !== "answered");
  expect(silent.length === 0 ? [] : await traffic.probe(silent, 5000)).toEqual(silent.map(() => "answered"));
  expect(await traffic.probe(closed, 1000)).toEqual(closed.map(() => "silent"));
}

for (const [what, crowd, many] of [["subnets in a VPC", subnets, 1000], ["instances in a VPC, over two bridges", instances, 1100], ["VPCs", vpcs, 1000]] as const) {
  describe(`${many} ${what}`, () => {
    sandboxTest("reach whom they should and nobody else, and cleanup leaves the host as it was", async (host) => {
      const before = await snapshotHost(host);
      await build(host, crowd, many);
      await expectOwnWays(host, crowd, many);
      await host.sh("vpcctl cleanup", { timeout: 110_000 });
      expect(diffSnapshots(before, await snapshotHost(host))).toEqual([]);
    });

    sandboxTest("one more takes the steps and the calls that it takes among ten", async (host) => {
      await build(host, crowd, few);
      const amongFew = { steps: await stepsOf(host, crowd.oneMore(few)), calls: await callsOf(host, crowd.oneMore(few)) };
      await host.sh("vpcctl cleanup");
      await build(host, crowd, many);
      const amongMany = { steps: await stepsOf(host, crowd.oneMore(many)), calls: await callsOf(host, crowd.oneMore(many)) };
      expect(amongFew.steps).toBeGreaterThan(0);
      // In a second bridge's port the way to it is a step of its own.
      expect(amongMany.steps - amongFew.steps).toBeLessThanOrEqual(1);
      // Files are read and written in pieces, and memory is asked for: that grows, slowly, with the World.
      expect(amongMany.calls).toBeLessThan(1.5 * amongFew.calls);
    });
  });
}
