import { afterAll } from "bun:test";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const top = join(import.meta.dir, "../..");
const made: string[] = [];

afterAll(() => {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** A new empty directory, gone after the test file. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "vpcctl-toolchain-"));
  made.push(directory);
  return directory;
}

/** A checkout with the real scripts, launcher and node_modules, and these files as sources. */
export function temporaryCheckout(files: Readonly<Record<string, string>>): string {
  const directory = temporaryDirectory();
  for (const path of ["package.json", "package-lock.json", "tsconfig.json", "vpcctl.sh", "scripts"]) {
    cpSync(join(top, path), join(directory, path), { recursive: true });
  }
  symlinkSync(join(top, "node_modules"), join(directory, "node_modules"));
  writeFiles(directory, { ".gitignore": "node_modules\n", ...files });
  return directory;
}

export function writeFiles(directory: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
}

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, with these variables besides our own. */
export function runProgram(words: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}): Ended {
  const { exitCode, stdout, stderr } = Bun.spawnSync([...words], { cwd, env: { ...process.env, ...env }, stdin: "ignore" });
  return { status: exitCode, stdout: stdout.toString(), stderr: stderr.toString() };
}
