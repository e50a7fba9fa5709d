// How fast TCP gets from one namespace to another: bytes that arrive in a second, after the start has settled.
import type { FakeHost } from "./fake-host.ts";

export interface Flow {
  readonly from: string;
  readonly to: string;
  readonly address: string;
}

/** Mbit/s of each flow, all at once. Throws when a flow does not get through at all. */
export async function throughput(host: FakeHost, ...flows: readonly Flow[]): Promise<number[]> {
  const base = nextPort;
  nextPort += flows.length;
  const receivers = flows.map(({ to }, at) => host.start(inside(to, receiver, String(base + at))));
  await Promise.all(receivers.map(async ({ stdout }) => stdout.getReader().read().then(() => undefined)));
  const senders = flows.map(({ from, address }, at) => host.start(inside(from, sender, address, String(base + at))));
  const results = await Promise.all(receivers.map(async ({ stderr, exited }) => [await new Response(stderr).text(), await exited] as const));
  for (const child of senders) child.kill("SIGKILL");
  await Promise.all(senders.map((child) => child.exited));
  return results.map(([text]) => {
    const mbit = Number(text);
    if (text === "" || Number.isNaN(mbit)) throw new Error(`no throughput: ${text}`);
    return mbit;
  });
}

let nextPort = 7000;

const inside = (namespace: string, program: string, ...words: readonly string[]): string[] => ["ip", "netns", "exec", namespace, process.execPath, "-e", program, ...words];

/** Says on standard output that it listens, and on standard error what it measured. */
const receiver = `
let bytes = 0, began = 0;
const [port] = process.argv.slice(-1);
Bun.listen({ hostname: "::", port: Number(port), socket: {
  open() {
    // What queues and bursts give away at the start is over by then.
    setTimeout(() => { bytes = 0; began = performance.now(); }, 300);
    setTimeout(() => { process.stderr.write(String(bytes * 8 / 1000 / (performance.now() - began))); process.exit(0); }, 1000);
  },
  data(socket, chunk) { bytes += chunk.length; },
} });
setTimeout(() => process.exit(1), 10000);
process.stdout.write("listening");
`;

const sender = `
const [address, port] = process.argv.slice(-2);
const chunk = Buffer.alloc(65536);
const fill = (socket) => { while (socket.write(chunk) === chunk.length); };
Bun.connect({ hostname: address, port: Number(port), socket: { open: fill, drain: fill, data() {}, error() {}, close: () => process.exit(0) } });
`;
