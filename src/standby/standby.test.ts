import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Found } from "../../test/support/standby-program.ts";

const program = [process.execPath, join(import.meta.dir, "../../test/support/standby-program.ts")];

let runtime: string;
let standby: Bun.Subprocess<"ignore", "pipe", "inherit"> | undefined;

beforeEach(() => {
  runtime = mkdtempSync(join(tmpdir(), "vpcctl-standby-"));
});

afterEach(() => {
  standby?.kill("SIGKILL");
  standby = undefined;
  rmSync(runtime, { recursive: true, force: true });
});

const socket = () => join(runtime, "standby/socket");

async function serve(idle = 60_000, before: readonly string[] = []): Promise<void> {
  standby = Bun.spawn([...before, ...program, "serve", String(idle)], { stdout: "pipe", env: { ...process.env, VPCCTL_RUNTIME_DIR: runtime, ONLY: "its own" } });
  const { value } = await standby.stdout.getReader().read();
  expect(Number(new TextDecoder().decode(value))).toBe(standby.pid);
}

interface Asked {
  readonly before?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly directory?: string;
  readonly input?: string;
}

const ask = (words: readonly string[], asked?: Asked) => run("ask", words, asked);

async function run(verb: string, words: readonly string[], { before = [], environment = {}, directory = runtime, input = "" }: Asked = {}) {
  const env = { PATH: process.env["PATH"] ?? "", VPCCTL_RUNTIME_DIR: runtime, ...environment };
  const child = Bun.spawn([...before, ...program, verb, ...words], { cwd: directory, env, stdin: new Blob([input]), stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr, status] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text(), child.exited]);
  return { stdout, stderr, status };
}

test("a command finds the streams, the directory, the umask and the environment of its caller, and its status comes back", async () => {
  await serve();
  for (const name of ["one", "two"]) {
    const directory = join(runtime, name);
    mkdirSync(directory);
    writeFileSync(join(directory, "name"), name);
    const umask = name === "one" ? "0027" : "0077";
    const before = ["sh", "-c", `umask ${umask}; exec "$@"`, "sh"];
    const { stdout, stderr, status } = await ask(["look", "42", name], { directory, input: `from ${name}`, environment: { MINE: name }, before });
    const { words, environment, ...found } = JSON.parse(stdout) as Found;
    expect(found).toEqual({ directory: name, umask, input: `from ${name}` });
    expect(words).toEqual(["look", "42", name]);
    expect(environment).toMatchObject({ MINE: name, VPCCTL_RUNTIME_DIR: runtime });
    expect(environment).not.toHaveProperty("ONLY");
    expect({ stderr, status }).toEqual({ stderr: "said aside", status: 42 });
  }
});

const notTaken = { stdout: "none", stderr: "", status: 0 };

test("nothing is taken where nobody listens: never started, or killed", async () => {
  expect(await ask(["look"])).toEqual(notTaken);
  await serve();
  expect((await ask(["wait", "0"])).stdout).toBe("");
  standby?.kill("SIGKILL");
  await standby?.exited;
  expect(existsSync(socket())).toBe(true);
  expect(await ask(["look"])).toEqual(notTaken);
});

test("nothing is taken from who has other rights or is in another place", async () => {
  await serve();
  expect((await ask(["wait", "0"], { before: ["setpriv", "--no-new-privs"] })).stdout).toBe("none");
  expect((await ask(["wait", "0"], { before: ["unshare", "--user", "--map-root-user"] })).stdout).toBe("none");
  expect((await ask(["wait", "0"], { before: ["unshare", "--user", "--map-root-user", "--net"] })).stdout).toBe("none");
  // Nor is it put off by them.
  expect((await ask(["wait", "0"])).stdout).toBe("");
});

test("nothing is taken through a connection that somebody else has made", async () => {
  await serve();
  expect((await run("lend", ["wait", "0"])).stdout).toBe("none");
  expect((await ask(["wait", "0"])).stdout).toBe("");
});

test("what is no request puts nobody off", async () => {
  await serve();
  expect((await run("babble", [])).stdout).toBe("none\n".repeat(6));
  expect((await ask(["wait", "0"])).stdout).toBe("");
});

test("nobody else may call, whatever its mask is", async () => {
  await serve(60_000, ["sh", "-c", 'umask 0; exec "$@"', "sh"]);
  expect(statSync(socket()).mode & 0o777).toBe(0o600);
});

test("nothing is taken that is too large for a message", async () => {
  await serve();
  const word = "x".repeat(120_000);
  expect((await ask(["wait", "0", word, word])).stdout).toBe("none");
  expect((await ask(["wait", "0", word])).stdout).toBe("");
  expect((await ask(["wait", "0"])).stdout).toBe("");
});

test("who comes while it is at work, or while it is stopped, does not wait for it", async () => {
  await serve();
  const first = ask(["wait", "3000"]);
  await Bun.sleep(500);
  const began = performance.now();
  expect((await ask(["wait", "0"])).stdout).toBe("none");
  expect(performance.now() - began).toBeLessThan(2000);
  expect((await first).stdout).toBe("");
  standby?.kill("SIGSTOP");
  expect((await ask(["wait", "0"])).stdout).toBe("none");
  standby?.kill("SIGCONT");
});

test("a command whose process ends in the middle is lost, not done again", async () => {
  await serve();
  expect(await ask(["die"])).toEqual({ stdout: "lost", stderr: "", status: 0 });
  await standby?.exited;
  expect(standby?.signalCode).toBe("SIGKILL");
});

test("it ends when it has had nothing to do for as long as it was told, and takes its socket and directory along", async () => {
  // Together the turns take longer than that, and each leaves two seconds for a slow start of the caller.
  await serve(3000);
  for (let turn = 0; turn < 4; turn++) {
    await Bun.sleep(1000);
    expect((await ask(["wait", "0"])).stdout).toBe("");
  }
  expect(await standby?.exited).toBe(0);
  expect(existsSync(runtime)).toBe(false);
  expect((await ask(["wait", "0"], { directory: tmpdir() })).stdout).toBe("none");
});
