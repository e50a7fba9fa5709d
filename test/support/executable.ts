// dist/vpcctl, for tests of the whole program: built when a source is newer, once per test process.
import { afterAll } from "bun:test";
import { chmodSync, copyFileSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dir, "../..");

let built: Promise<string> | undefined;

/** Path of an executable that is up to date. Rejects with the compiler's words when it cannot be built. */
export function executable(): Promise<string> {
  return (built ??= build());
}

/** A copy that any user may start: the checkout may be where only its owner may enter. Gone after the test file. */
export async function executableForAnybody(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), "vpcctl-anybody-"));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  chmodSync(directory, 0o755);
  const copy = join(directory, "vpcctl");
  copyFileSync(await executable(), copy);
  return copy;
}

async function build(): Promise<string> {
  const path = join(root, "dist/vpcctl");
  const age = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (newest(join(root, "src")) < age) return path;
  const child = Bun.spawn([Bun.which("node") ?? process.execPath, join(root, "scripts/build.mjs")], { cwd: root, stdout: "pipe", stderr: "pipe" });
  const [status, output, complaint] = await Promise.all([child.exited, new Response(child.stdout).text(), new Response(child.stderr).text()]);
  if (status !== 0) throw new Error(`dist/vpcctl cannot be built:\n${output}${complaint}`);
  return path;
}

/** Time of the last change below a directory, in milliseconds; tests do not count, deleted files do by their directory. */
function newest(directory: string): number {
  let latest = statSync(directory).mtimeMs;
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (entry.name.endsWith(".test.ts")) continue;
    const path = join(directory, entry.name);
    latest = Math.max(latest, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs);
  }
  return latest;
}
