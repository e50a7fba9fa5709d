// How fast TCP gets from one namespace to another: bytes that arrive in a second, after the start has settled.
import type { FakeHost } from "./fake-host.ts";

export interface Flow {
  readonly from: string;
  readonly to: string;
  readonly address: string;
}

/** Milliseconds that what queues and bursts give away at the start is over in, and that are measured then. */
const SETTLING = 300;
const MEASURED = 1000;

/** Mbit/s of each flow, all at once and in one and the same second. Throws when a flow does not get through at all. */
export async function throughput(host: FakeHost, ...flows: readonly Flow[]): Promise<number[]> {
  const base = nextPort;
  nextPort += flows.length;
  const receivers = flows.map(({ to }, at) => host.start(inside(to, receiver, String(base + at))));
  const said = receivers.map(({ stdout }) => stdout.getReader());
  const allSay = () => Promise.all(said.map((reader) => reader.read()));
  await allSay();
  const senders = flows.map(({ from, address }, at) => host.start(inside(from, sender, address, String(base + at))));
  await allSay();
  const begin = Date.now() + SETTLING;
  for (const { stdin } of receivers) {
    await stdin.write(`${begin} ${begin + MEASURED}`);
    await stdin.end();
  }
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

/** Says on standard output that it listens, then that it is connected; is told when to begin and end, and says on standard error what it measured. */
const receiver = `
let bytes = 0, began = 0;
const [port] = process.argv.slice(-1);
Bun.listen({ hostname: "::", port: Number(port), socket: {
  open() { process.stdout.write("connected"); },
  data(socket, chunk) { bytes += chunk.length; },
} });
setTimeout(() => process.exit(1), 20000);
process.stdout.write("listening");
const [begin, end] = (await Bun.stdin.text()).split(" ").map(Number);
setTimeout(() => { bytes = 0; began = performance.now(); }, begin - Date.now());
setTimeout(() => { process.stderr.write(String(bytes * 8 / 1000 / (performance.now() - began))); process.exit(0); }, end - Date.now());
`;

const sender = `
const [address, port] = process.argv.slice(-2);
const chunk = Buffer.alloc(65536);
const fill = (socket) => { while (socket.write(chunk) === chunk.length); };
Bun.connect({ hostname: address, port: Number(port), socket: { open: fill, drain: fill, data() {}, error() {}, close: () => process.exit(0) } });
`;
