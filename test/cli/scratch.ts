import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

let root: string | undefined;

/** A fresh directory, gone when the test run is over. */
export function scratchDirectory(): string {
  root ??= makeRoot();
  return mkdtempSync(join(root, "test-"));
}

function makeRoot(): string {
  const directory = mkdtempSync(join(tmpdir(), "vpcctl-cli-"));
  process.on("exit", () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
