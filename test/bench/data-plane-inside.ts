// Four paths side by side in one sandbox, measured in turns. Runs inside the sandbox.
//
// Ours twice: two VPCs with the same blocks, one as the tool leaves it, one with its nftables tables deleted. What differs between the
// two is the price of the policy; what differs between the second and the direct veth is the price of bridge and router.
import { writeFileSync } from "node:fs";
import { batchPath } from "./contenders.ts";
import { paths } from "./data-plane.ts";
import { type Ends, icmpRoundTrip, inside, ip, tcpRoundTrip, throughput } from "./exchange.ts";
import { subnetAddress, vpcLines } from "./plans.ts";
import { programs } from "./programs.ts";
import type { Sample } from "./samples.ts";
import { median } from "./statistics.ts";
import { timeProgram } from "./stopwatch.ts";

type PathName = (typeof paths)[number]["name"];

const simple = (path: PathName): Ends => ({ from: `${path}-a`, to: `${path}-b`, address: "10.1.0.2" });
const ours = (vpc: string): Ends => ({ from: `vpc.${vpc}.s0`, to: `vpc.${vpc}.s1`, address: subnetAddress(1) });
const ends: Readonly<Record<PathName, Ends>> = { direct: simple("direct"), bridge: simple("bridge"), open: ours("open"), policy: ours("bench") };

/** Turns per round and path. A turn takes half a second, and anything else that runs on the machine spoils one or two of them. */
const turns = 8;

type Measure = (ends: Ends) => number | Promise<number>;

/** `best` of the turns: for throughput the largest, since a disturbance only ever takes away from it (it halves a turn, or leaves it). */
const measures: readonly { readonly action: string; readonly measure: Measure; readonly best: (values: readonly number[]) => number }[] = [
  { action: "icmp", measure: icmpRoundTrip, best: median },
  { action: "tcp", measure: tcpRoundTrip, best: median },
  { action: "throughput", measure: throughput, best: (values) => Math.max(...values) },
];

export async function runDataPlane(rounds: number): Promise<Sample[]> {
  buildPaths();
  const samples: Sample[] = [];
  for (let round = 1; round <= rounds; round++) {
    for (const { action, measure, best } of measures) {
      const values = new Map<PathName, number[]>(paths.map(({ name }) => [name, []]));
      for (let turn = 0; turn < turns; turn++) {
        for (const [name, list] of values) list.push(await measure(ends[name]));
      }
      for (const [name, list] of values) samples.push({ contender: name, action, size: 2, round, value: best(list) });
    }
  }
  return samples;
}

function buildPaths(): void {
  for (const namespace of ["direct-a", "direct-b", "bridge-a", "bridge-b", "bridge-switch"]) ip("netns", "add", namespace);
  ip("-n", "direct-a", "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", "direct-b");
  ip("-n", "bridge-switch", "link", "add", "name", "switch0", "type", "bridge");
  ip("-n", "bridge-switch", "link", "set", "switch0", "up");
  for (const end of ["a", "b"]) {
    ip("-n", "bridge-switch", "link", "add", `port-${end}`, "type", "veth", "peer", "name", "eth0", "netns", `bridge-${end}`);
    ip("-n", "bridge-switch", "link", "set", `port-${end}`, "master", "switch0");
    ip("-n", "bridge-switch", "link", "set", `port-${end}`, "up");
  }
  for (const path of ["direct", "bridge"]) {
    for (const [end, address] of [["a", "10.1.0.1/24"], ["b", "10.1.0.2/24"]] as const) {
      ip("-n", `${path}-${end}`, "address", "add", address, "dev", "eth0");
      ip("-n", `${path}-${end}`, "link", "set", "eth0", "up");
    }
  }
  for (const vpc of ["bench", "open"]) {
    writeFileSync(batchPath, `${vpcLines(2, vpc).join("\n")}\n`);
    timeProgram([programs.tool, "batch", batchPath]);
  }
  for (const family of ["bridge", "inet"]) timeProgram(inside("vpc.open", "nft", "delete", "table", family, "vpcctl"));
}
