import { expect, onTestFinished, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { refused } from "../../test/support/memory-engine.ts";
import { startWorkload } from "./start-workload.ts";

test("a supervisor that ends without a word is no bug of this program, and leaves nothing", () => {
  const runtime = mkdtempSync(join(tmpdir(), "vpcctl-start-"));
  const before = process.env["VPCCTL_RUNTIME_DIR"];
  process.env["VPCCTL_RUNTIME_DIR"] = runtime;
  onTestFinished(() => {
    if (before === undefined) delete process.env["VPCCTL_RUNTIME_DIR"];
    else process.env["VPCCTL_RUNTIME_DIR"] = before;
    rmSync(runtime, { recursive: true });
  });
  const workload = { name: "web", vpc: "lab", subnet: "one", namespace: "vpc.lab.one", command: { argv: ["true"] } } as const;
  const killed = ["/bin/sh", "-c", "kill -TERM $$"];
  const { code, message } = refused(() => startWorkload(workload, () => undefined, { servers: [], text: "" }, killed));
  expect([code, message]).toEqual(["ApplyFailed", "The supervisor of workload web was ended before it ran."]);
  expect(readdirSync(`${runtime}/workloads`)).toEqual([]);
});
