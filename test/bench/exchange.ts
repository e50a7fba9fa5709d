// One exchange between two namespaces, as numbers.
//
// Both ends of an exchange are pinned to one CPU. On two CPUs each message wakes a sleeping CPU: that is some 70 us, whatever the path.
import { availableParallelism } from "node:os";
import { programs } from "./programs.ts";
import { timeProgram } from "./stopwatch.ts";

export interface Ends {
  readonly from: string;
  readonly to: string;
  readonly address: string;
}

/** Exchanges per sample: some 100 ms. */
const exchanges = 15_000;
/** About a quarter of a second. */
const connectionsPerSample = 5000;
/** Per sample: about a quarter of a second. */
const transfer = "512M";
const port = 5201;
const cpu = String(availableParallelism() - 1);

export const ip = (...words: readonly string[]): number => timeProgram(["ip", ...words]);
export const inside = (namespace: string, ...words: readonly string[]): string[] => ["ip", "netns", "exec", namespace, ...words];

/** Median microseconds of an echo that the far side's kernel answers. */
export function icmpRoundTrip({ from, address }: Ends): number {
  return medianOf(inside(from, programs.roundTrip, "-c", cpu, "icmp", address, String(exchanges)));
}

/** Median microseconds of one byte there and back between two processes. */
export async function tcpRoundTrip({ from, to, address }: Ends): Promise<number> {
  const server = Bun.spawn(inside(to, programs.roundTrip, "-c", cpu, "serve", String(port)));
  try {
    return medianOf(inside(from, programs.roundTrip, "-c", cpu, "tcp", address, String(port), String(exchanges)));
  } finally {
    await end(server);
  }
}

/** New TCP connections that fit in a second, one after the other. */
export async function connections({ from, to, address }: Ends): Promise<number> {
  const server = Bun.spawn(inside(to, programs.roundTrip, "-c", cpu, "accept", String(port)));
  try {
    return 1e6 / medianOf(inside(from, programs.roundTrip, "-c", cpu, "connect", address, String(port), String(connectionsPerSample)));
  } finally {
    await end(server);
  }
}

const medianOf = (words: readonly string[]): number => (JSON.parse(output(words)) as { median: number }).median;

/** Bits per second of one TCP stream; sender and receiver on a CPU each where there are two. */
export async function throughput({ from, to, address }: Ends): Promise<number> {
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
