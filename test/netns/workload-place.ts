// Where tests of workloads run: user, network, mount and process namespaces for each test (so that no process can outlive it), with /run
// empty but for two named namespaces, `vpc.lab.one` and `vpc.lab.two`. `program` is src/workloads behind a command line.
import { join } from "node:path";
import { describeResult } from "../support/command-result.ts";

/** `program` for scripts that need it as words, not as the shell function. */
export const program = `${process.execPath} ${join(import.meta.dir, "workload-program.ts")}`;

const setUp = `
mount -t tmpfs tmpfs /run && mkdir /run/netns && ip netns add vpc.lab.one && ip netns add vpc.lab.two
program() { ${program} "$@"; }
# Waits until a command succeeds; the limit of \`run\` ends it when it never does.
until_true() { until "$@" >/dev/null 2>&1; do sleep 0.01; done; }
`;

/** The words that run a script of bash in such a place. */
export function sandboxed(script: string): string[] {
  const namespaces = ["--user", "--map-root-user", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
  return ["unshare", ...namespaces, "bash", "-c", `${setUp}\n${script}`];
}

/** Milliseconds. The test runner cannot interrupt what is waited for in one go. */
const TIMEOUT = 60_000;

/** Runs a script there to its end; throws when that takes too long. */
export function run(script: string, stdin?: Uint8Array) {
  const options = { stdin: stdin ?? "ignore", stdout: "pipe", stderr: "pipe", timeout: TIMEOUT, killSignal: "SIGKILL" } as const;
  const { stdout, stderr, exitCode, signalCode, exitedDueToTimeout } = Bun.spawnSync(sandboxed(script), options);
  if (exitedDueToTimeout === true) throw new Error(`took too long: ${describeResult({ command: script, exitCode, stdout: stdout.toString(), stderr: stderr.toString() })}`);
  return { stdout: stdout.toString(), stderr: stderr.toString(), bytes: stdout, exitCode, signalCode };
}
