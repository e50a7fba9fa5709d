import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { emptyWorld } from "../model/world.ts";
import { createInstancePrograms } from "./instance-programs.ts";

test("a record that cannot be read is the machine's refusal, and no bug", () => {
  const runtime = mkdtempSync(join(tmpdir(), "vpcctl-programs-"));
  const before = process.env["VPCCTL_RUNTIME_DIR"];
  process.env["VPCCTL_RUNTIME_DIR"] = runtime;
  try {
    mkdirSync(join(runtime, "workloads", "a.one", "record.json"), { recursive: true });
    const programs = createInstancePrograms((vpc, path) => `vpc.${vpc}.${path}`);
    for (const act of ["plan", "settle"] as const) {
      expect(() => programs[act](emptyWorld, [{ vpc: "a", subnets: ["web/one"] }])).toThrow("Cannot look for the programs of instances: Is a directory (EISDIR)");
    }
  } finally {
    rmSync(runtime, { recursive: true });
    if (before === undefined) delete process.env["VPCCTL_RUNTIME_DIR"];
    else process.env["VPCCTL_RUNTIME_DIR"] = before;
  }
});
