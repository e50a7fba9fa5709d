// A fake host that is made into one World after the other, and the packets on it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attachmentNamespace } from "../../../src/drivers/linux/names.ts";
import { emptyWorld, type World } from "../../../src/model/world.ts";
import { internetNamespace } from "../../../src/sandbox/make-believe.ts";
import { fakeHost, type FakeHost } from "../../support/fake-host.ts";
import { startTraffic, type Probe, type Traffic } from "../../support/traffic.ts";
import { nodesOf } from "./nodes.ts";
import { outside, type Question } from "./questions.ts";

const tcpPorts = [80, 443];
const udpPorts = [54, 5000];

export class TruthMachine implements AsyncDisposable {
  readonly #host: FakeHost;
  readonly #child: Bun.Subprocess<"pipe", "pipe", "pipe">;
  readonly #lines: AsyncIterator<string>;
  #traffic: Traffic | undefined;

  /** A sandbox has the machine's /tmp. */
  readonly #store = mkdtempSync(join(tmpdir(), "vpcctl-truth-"));

  private constructor(host: FakeHost) {
    this.#host = host;
    this.#child = host.start([process.execPath, join(import.meta.dir, "world-program.ts"), this.#store]);
    this.#lines = lines(this.#child.stdout);
  }

  static async open(): Promise<TruthMachine> {
    return new TruthMachine(await fakeHost({ program: false }));
  }

  /** Makes it real. Returns what is on the machine and should not be, or the other way round. */
  async make(world: World): Promise<string[]> {
    void this.#child.stdin.write(`${JSON.stringify(world)}\n`);
    void this.#child.stdin.flush();
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error(`the world program ended: ${await new Response(this.#child.stderr).text()}`);
    const { drift, error } = JSON.parse(value) as { readonly drift: string[]; readonly error?: string };
    if (error !== undefined) throw new Error(error);
    return drift;
  }

  /** Opens the ports of everybody in it; once for each new set of namespaces. */
  async listen(world: World): Promise<void> {
    this.#traffic = await startTraffic(this.#host);
    for (const { vpc, path } of nodesOf(world)) await this.#traffic.listen(attachmentNamespace(vpc, path), { tcp: tcpPorts, udp: udpPorts });
    await this.#traffic.listen(internetNamespace, { tcp: [443], udp: udpPorts, address: outside.v4 });
    // The web server of the make-believe internet is there by IPv4 only.
    await this.#traffic.listen(internetNamespace, { tcp: tcpPorts, udp: udpPorts, address: outside.v6 });
  }

  /** Which questions get an answer. */
  async ask(questions: readonly Question[], patience: number): Promise<boolean[]> {
    const outcomes = await this.#traffic?.probe(questions.map(probeOf), patience);
    return questions.map((_, at) => outcomes?.[at] === "answered");
  }

  /** Takes all away. */
  async clear(): Promise<void> {
    await this.#traffic?.[Symbol.asyncDispose]();
    this.#traffic = undefined;
    const left = await this.make(emptyWorld);
    if (left.length > 0) throw new Error(`left behind: ${left.join(", ")}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#traffic?.[Symbol.asyncDispose]();
    await this.#child.stdin.end();
    await this.#host[Symbol.asyncDispose]();
    rmSync(this.#store, { recursive: true });
  }
}

function probeOf({ from, dst, sent: { protocol, port } }: Question): Probe {
  const where = { from: from === "host" ? "" : attachmentNamespace(from.vpc, from.path), to: dst };
  return protocol === "tcp" || protocol === "udp" ? { ...where, protocol, port: port ?? 0 } : { ...where, protocol: "icmp" };
}

async function* lines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, undefined> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const all = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = all.pop() ?? "";
    yield* all;
  }
  return undefined;
}
