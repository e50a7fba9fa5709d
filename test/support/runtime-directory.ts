import { onTestFinished } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A runtime directory of the test's own, for code that runs in this process; it goes with the test. */
export function ownRuntimeDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "vpcctl-run-"));
  const before = process.env["VPCCTL_RUNTIME_DIR"];
  process.env["VPCCTL_RUNTIME_DIR"] = directory;
  onTestFinished(() => {
    if (before === undefined) delete process.env["VPCCTL_RUNTIME_DIR"];
    else process.env["VPCCTL_RUNTIME_DIR"] = before;
    rmSync(directory, { recursive: true, force: true });
  });
  return directory;
}
