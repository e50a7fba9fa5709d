// Four paths side by side in one sandbox, measured in turns. Runs inside the sandbox.
//
// Ours twice: two VPCs with the same blocks, one as the tool leaves it, one with its nftables tables deleted. What differs between the
// two is the price of the policy; what differs between the second and the direct veth is the price of bridge and router.
//
// Both ends of an exchange are pinned to one CPU. On two CPUs each message wakes a sleeping CPU: that is some 70 us, whatever the path.
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { batchPath } from "./contenders.ts";
import { paths } from "./data-plane.ts";
import { subnetAddress, vpcLines } from "./plans.ts";
import { programs } from "./programs.ts";
import type { Sample } from "./samples.ts";
import { median } from "./statistics.ts";
import { timeProgram } from "./stopwatch.ts";

interface Ends {
  readonly from: string;
  readonly to: string;
  readonly address: string;
}

type PathName = (typeof paths)[number]["name"];

const simple = (path: PathName): Ends => ({ from: `${path}-a`, to: `${path}-b`, address: "10.1.0.2" });
const ours = (vpc: string): Ends => ({ from: `vpc.${vpc}.s0`, to: `vpc.${vpc}.s1`, address: subnetAddress(1) });
const ends: Readonly<Record<PathName, Ends>> = { direct: simple("direct"), bridge: simple("bridge"), open: ours("open"), policy: ours("bench") };

/** Exchanges per sample: some 100 ms. */
const exchanges = 15_000;
/** Per sample: about a quarter of a second. */
const transfer = "512M";
const port = 5201;
const cpu = String(availableParallelism() - 1);

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

const ip = (...words: readonly string[]): number => timeProgram(["ip", ...words]);
const inside = (namespace: string, ...words: readonly string[]): string[] => ["ip", "netns", "exec", namespace, ...words];

/** Median microseconds of an echo that the far side's kernel answers. */
function icmpRoundTrip({ from, address }: Ends): number {
  return medianOf(inside(from, programs.roundTrip, "-c", cpu, "icmp", address, String(exchanges)));
}

/** Median microseconds of one byte there and back between two processes. */
async function tcpRoundTrip({ from, to, address }: Ends): Promise<number> {
  const server = Bun.spawn(inside(to, programs.roundTrip, "-c", cpu, "serve", String(port)));
  try {
    return medianOf(inside(from, programs.roundTrip, "-c", cpu, "tcp", address, String(port), String(exchanges)));
  } finally {
    await end(server);
  }
}

const medianOf = (words: readonly string[]): number => (JSON.parse(output(words)) as { median: number }).median;

/** Bits per second of one TCP stream; sender and receiver on a CPU each where there are two. */
async function throughput({ from, to, address }: Ends): Promise<number> {
  const server = Bun.spawn(inside(to, "iperf3", "--server", "--one-off", "--port", String(port)), { stdout: "ignore", stderr: "ignore" });
  try {
    waitForServer(to);
    const client = ["iperf3", "--client", address, "--port", String(port), "--bytes", transfer, "--json", "--affinity", `${cpu},0`];
    const result = JSON.parse(output(inside(from, ...client))) as { end: { sum_received: { bits_per_second: number } } };
    return result.end.sum_received.bits_per_second;
  } finally {
    await end(server);
  }
}

/** Waits for the end, too: the port must be free for the next one. */
async function end(server: Bun.Subprocess): Promise<void> {
  server.kill();
  await server.exited;
}

/** Asks the kernel, not the port: a connection would use up the server's one turn. */
function waitForServer(namespace: string): void {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (output(inside(namespace, "ss", "-Hltn", `sport = :${port}`)).trim() !== "") return;
    Bun.sleepSync(10);
  }
  throw new Error("iperf3 does not start");
}

function output(words: readonly string[]): string {
  const { exitCode, stdout, stderr } = Bun.spawnSync([...words], { stderr: "pipe" });
  if (exitCode !== 0) throw new Error(`"${words.join(" ")}" ended with ${exitCode}:\n${stderr.toString()}${stdout.toString()}`);
  return stdout.toString();
}
