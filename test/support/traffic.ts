// Packets for tests: who reaches whom by TCP, UDP and ICMP, over IPv4 and IPv6. One program per host does it all: its sockets are opened in
// the namespaces and served from one place, so a thousand probes cost little more than one, and silence costs its time once for all.
import { join } from "node:path";
import type { FakeHost } from "./fake-host.ts";
import type { Outcome, Probe, Request } from "./traffic-program.ts";

export type { Outcome, Probe } from "./traffic-program.ts";

/** Milliseconds after which silence is silence: everything is on one machine. */
const PATIENCE = 250;

export interface Traffic extends AsyncDisposable {
  /** Opens ports in a namespace ("" is the host's own), for IPv4 and IPv6, or at one address. They answer with what they are sent, until the end. */
  listen(namespace: string, ports: { readonly tcp?: readonly number[]; readonly udp?: readonly number[]; readonly address?: string }): Promise<void>;
  /** Sends all at once. */
  probe(probes: readonly Probe[], patience?: number): Promise<Outcome[]>;
  /** Does one probe reach a target that answers? A TCP or UDP port must have been opened; for ICMP the kernel answers. */
  reaches(probe: Probe, patience?: number): Promise<boolean>;
  /** Opens a TCP connection that stays open. Throws when it cannot. */
  connect(from: string, to: string, port: number): Promise<Connection>;
}

export interface Connection {
  /** Does a byte that is sent come back? */
  works(patience?: number): Promise<boolean>;
}

/** Starts the program on a host; ends with the host at the latest. */
export async function startTraffic(host: FakeHost): Promise<Traffic> {
  const child = host.start([process.execPath, join(import.meta.dir, "traffic-program.ts")]);
  const lines = linesOf(child.stdout);
  // One request at a time: what is asked at once waits in line.
  let last: Promise<unknown> = Promise.resolve();
  const ask = <T>(request: Request): Promise<T> => {
    const answer = last.then(async () => {
      void child.stdin.write(`${JSON.stringify(request)}\n`);
      void child.stdin.flush();
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`the traffic program ended: ${await new Response(child.stderr).text()}`);
      const { result, error } = JSON.parse(value) as { readonly result: T; readonly error?: string };
      if (error !== undefined) throw new Error(`${JSON.stringify(request).slice(0, 200)}: ${error}`);
      return result;
    });
    last = answer.catch(() => undefined);
    return answer;
  };
  const probe = (probes: readonly Probe[], patience = PATIENCE): Promise<Outcome[]> => ask({ act: "probe", probes, patience });
  return {
    listen: (namespace, { tcp = [], udp = [], ...at }) => ask({ act: "listen", namespace, tcp, udp, ...at }),
    probe,
    reaches: async (one, patience) => (await probe([one], patience))[0] === "answered",
    async connect(from, to, port) {
      const connection = await ask<number>({ act: "connect", from, to, port, patience: PATIENCE });
      return { works: (patience = PATIENCE) => ask({ act: "exchange", connection, patience }) };
    },
    async [Symbol.asyncDispose]() {
      await child.stdin.end();
      await child.exited;
    },
  };
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, undefined> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  return undefined;
}
