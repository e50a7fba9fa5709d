import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { refused } from "../../test/support/memory-engine.ts";
import { ownRuntimeDirectory } from "../../test/support/runtime-directory.ts";
import { startWorkload } from "./start-workload.ts";

test("a supervisor that ends without a word is no bug of this program, and leaves nothing", () => {
  const runtime = ownRuntimeDirectory();
  const workload = { name: "web", vpc: "lab", subnet: "one", namespace: "vpc.lab.one", command: { argv: ["true"] } } as const;
  const killed = ["/bin/sh", "-c", "kill -TERM $$"];
  const { code, message } = refused(() => startWorkload(workload, () => undefined, { servers: [], text: "" }, killed));
  expect([code, message]).toEqual(["ApplyFailed", "The supervisor of workload web was ended before it ran."]);
  expect(readdirSync(`${runtime}/workloads`)).toEqual([]);
});
