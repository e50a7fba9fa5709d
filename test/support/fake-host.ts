// A fresh host for one test: the product's own sandbox, kept alive by a command that waits for its input to end. Each command enters
// the namespaces by itself (nsenter, about 5 ms). When the test ends, however it ends, the kernel takes everything away.
import { join } from "node:path";
import { processOne } from "../../src/sandbox/process-tree.ts";
import { sandboxEnvironment } from "../../src/sandbox/sandbox-environment.ts";
import { startSandbox, type Sandbox } from "../../src/sandbox/start-sandbox.ts";
import { type CommandResult, describeResult } from "./command-result.ts";
import { executable } from "./executable.ts";
import { linksSettle } from "./links-settle.ts";

export interface FakeHostOptions {
  /** An uplink, and 8.8.8.8, names and a web server behind it; true when absent. */
  readonly internet?: boolean;
  /** `vpcctl` is dist/vpcctl, built when stale; true when absent. False for tests of one layer, which need no whole program. */
  readonly program?: boolean;
}

export interface RunOptions {
  readonly stdin?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Milliseconds until the command is killed, and the host with it; then the test fails. */
  readonly timeout?: number;
}

/** Long enough for a loaded machine, shorter than the test runner's own. */
const TIMEOUT = 60_000;

export class FakeHost implements AsyncDisposable {
  readonly #sandbox: Sandbox;
  /** Number of its process 1, as the machine sees it. */
  readonly pid: number;

  constructor(sandbox: Sandbox, pid: number) {
    this.#sandbox = sandbox;
    this.pid = pid;
  }

  /** Starts a command: an array as it is, a string by `sh -c`. Standard output and error are pipes. */
  start(command: string | readonly string[], options: RunOptions = {}): Bun.Subprocess<"pipe", "pipe", "pipe"> {
    const words = typeof command === "string" ? ["sh", "-c", command] : command;
    return Bun.spawn([...enter(this.pid), ...words], {
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...sandboxEnvironment(), ...options.environment },
    });
  }

  /** Runs a command to its end, whatever its exit status. */
  async run(command: string | readonly string[], options: RunOptions = {}): Promise<CommandResult> {
    const child = this.start(command, options);
    const written = child.stdin.write(options.stdin ?? "");
    const ended = child.stdin.end();
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      child.kill("SIGKILL");
      // Our child is nsenter alone: what it started would live on, and hold the pipes open for ever.
      this.#sandbox.process.kill("SIGKILL");
    }, options.timeout ?? TIMEOUT);
    const [stdout, stderr, status] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text(), child.exited, written, ended]);
    clearTimeout(timer);
    const result = { command: typeof command === "string" ? command : command.join(" "), exitCode: status, stdout, stderr };
    if (isLate) throw new Error(`took too long: ${describeResult(result)}`);
    return result;
  }

  /** Runs a command that must succeed; returns its standard output. For what a test needs, not for what it tests. */
  async sh(command: string | readonly string[], options: RunOptions = {}): Promise<string> {
    const result = await this.run(command, options);
    if (result.exitCode !== 0) throw new Error(describeResult(result));
    return result.stdout;
  }

  /** Does the address answer one echo request within a second? `namespace` "" is the host's own. */
  async ping(namespace: string, address: string): Promise<boolean> {
    const { exitCode, stderr, ...result } = await this.run([...inNamespace(namespace), "ping", "-n", "-q", "-c", "1", "-W", "1", address]);
    // 1: no answer. 2 is anything else; an unreachable network is an answer to our question, a missing namespace is not.
    if (exitCode === 0 || exitCode === 1 || /unreachable/i.test(stderr)) return exitCode === 0;
    throw new Error(describeResult({ ...result, exitCode, stderr }));
  }

  /** Fetches a page with curl; undefined when there is no answer within three seconds. `namespace` "" is the host's own. */
  async http(namespace: string, url: string): Promise<HttpAnswer | undefined> {
    const result = await this.run([...inNamespace(namespace), "curl", "--silent", "--include", "--max-time", "3", url]);
    // Name not resolved, no connection, time-out, connection reset: no answer. Others are mistakes of the test.
    if ([6, 7, 28, 56].includes(result.exitCode)) return undefined;
    if (result.exitCode !== 0) throw new Error(describeResult(result));
    return parseAnswer(result.stdout);
  }

  /** Kills everything on the host and waits until it is gone. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#sandbox.process.kill("SIGKILL");
    await this.#sandbox.process.exited;
  }
}

export interface HttpAnswer {
  readonly status: number;
  /** By lower-case name. `x-client-address` is the address under which the fake internet saw the client. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Makes a fresh host. Rejects with the reason when the machine refuses: a test without its host fails. */
export async function fakeHost(options: FakeHostOptions = {}): Promise<FakeHost> {
  const self = options.program === false ? ["false"] : [await executable()];
  const internet = options.internet ?? true;
  const init = [process.execPath, join(import.meta.dir, "sandbox-init.ts")];
  // `cat` ends with its input, which ends with us.
  const sandbox = startSandbox({ command: ["cat"], internet, self, init, stdio: ["pipe", "ignore", "inherit"] });
  await sandbox.ready;
  const pid = processOne(sandbox.process.pid);
  if (pid === undefined) throw new Error("the fake host ended right after its start");
  const host = new FakeHost(sandbox, pid);
  if (internet) await linksSettle(host);
  return host;
}

function enter(pid: number): string[] {
  return ["nsenter", "--target", String(pid), "--user", "--preserve-credentials", "--net", "--mount", "--pid", "--"];
}

function inNamespace(name: string): string[] {
  return name === "" ? [] : ["ip", "netns", "exec", name];
}

function parseAnswer(text: string): HttpAnswer {
  const [head = "", ...body] = text.split("\r\n\r\n");
  const [statusLine = "", ...lines] = head.split("\r\n");
  const headers = lines.map((line): [string, string] => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]);
  return { status: Number(statusLine.split(" ")[1]), headers: Object.fromEntries(headers), body: body.join("\r\n\r\n") };
}
