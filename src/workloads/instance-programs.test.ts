import { expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { ownRuntimeDirectory } from "../../test/support/runtime-directory.ts";
import { emptyWorld } from "../model/world.ts";
import { createInstancePrograms } from "./instance-programs.ts";

test("a record that cannot be read is the machine's refusal, and no bug", () => {
  mkdirSync(join(ownRuntimeDirectory(), "workloads", "a.one", "record.json"), { recursive: true });
  const programs = createInstancePrograms((vpc, path) => `vpc.${vpc}.${path}`);
  for (const act of ["plan", "settle"] as const) {
    expect(() => programs[act](emptyWorld, [{ vpc: "a", subnets: ["web/one"] }])).toThrow("Cannot look for the programs of instances: Is a directory (EISDIR)");
  }
});
