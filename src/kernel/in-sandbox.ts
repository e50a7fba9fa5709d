// For tests of this folder: each runs in a fresh host of its own. A test process has many threads, and the kernel lets only a process
// with one thread into a new user namespace; so the test starts its own file once more, below `unshare`, for itself alone.
import { expect, test } from "bun:test";
import { KernelError } from "./errors.ts";

const INSIDE = "VPCCTL_KERNEL_TEST";
const DONE = "the test in the sandbox came to its end";

/** Declares a test in a fresh user, network and mount namespace with an empty, private /run. It fails when it cannot have them. */
export function inSandbox(file: string, name: string, body: () => void | Promise<void>): void {
  if (process.env[INSIDE] !== undefined) {
    if (process.env[INSIDE] !== name) return;
    test(name, async () => {
      await body();
      console.log(DONE);
    });
    return;
  }
  test(name, async () => {
    const inner = `mount -t tmpfs none /run && exec "$@"`;
    const sandbox = ["unshare", "--user", "--map-root-user", "--net", "--mount", "--pid", "--fork", "--kill-child"];
    const child = Bun.spawn([...sandbox, "sh", "-c", inner, "sh", process.execPath, "test", file], {
      env: { ...process.env, [INSIDE]: name },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [stdout, stderr, status] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text(), child.exited]);
    // The runner ends with 0 also when it did not find this test.
    if (status !== 0 || !stdout.includes(DONE)) expect.unreachable(`in the sandbox:\n${stdout}${stderr}`);
  });
}

/** The KernelError that an action ends with; a test whose action succeeds fails. */
export function caught(action: () => void): KernelError {
  try {
    action();
  } catch (error) {
    if (error instanceof KernelError) return error;
    throw error;
  }
  return expect.unreachable();
}

/** Runs a shell command that must succeed; returns what it printed. */
export function shell(command: string): string {
  const { exitCode, stdout, stderr } = Bun.spawnSync(["sh", "-ec", command], { stdio: ["ignore", "pipe", "pipe"] });
  if (exitCode !== 0) throw new Error(`${command} ended with ${exitCode}: ${stderr.toString()}`);
  return stdout.toString();
}

/** What `ip -j -d <words>` prints in a namespace, as data. */
export function ip(namespace: string, words: string): Readonly<Record<string, unknown>>[] {
  const text = shell(`ip ${namespace === "" ? "" : `-n ${namespace}`} -j -d ${words}`);
  return text.trim() === "" ? [] : JSON.parse(text);
}
