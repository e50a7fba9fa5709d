import { onTestFinished } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A fresh directory, gone when the test that asks for it is over. */
export function scratchDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "vpcctl-cli-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
