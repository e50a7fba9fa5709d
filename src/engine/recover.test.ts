import { describe, expect, test } from "bun:test";
import { memoryEngine, subjects } from "../../test/support/memory-engine.ts";
import type { Scope } from "../drivers/driver.ts";

describe("a journal on the table", () => {
  const scope: Scope = [{ vpc: "a", subnets: ["web"] }];

  test("of a build that was killed: what it had begun is undone, then the command is done", () => {
    const { run, driver, store } = memoryEngine();
    run("create-vpc a 10.0.0.0/16");
    store.begin({ command: "add-subnet a web 10.0.1.0/24", scope });
    driver.held.set("subnet a/web", "half built");
    const report = run("add-subnet a db 10.0.2.0/24");
    expect([report.recovered, subjects(report)]).toEqual([true, ["add subnet a/db"]]);
    expect([...driver.held.keys()]).toEqual(["vpc a", "subnet a/db"]);
  });

  test("that cannot be read makes the engine look at everything", () => {
    const { run, driver, store } = memoryEngine();
    run("create-vpc a 10.0.0.0/16");
    store.begin({ command: "an unknown command", scope: "all" });
    driver.held.set("vpc stranded", "half built");
    expect(run("create-vpc a 10.0.0.0/16").recovered).toBe(true);
    expect([...driver.held.keys()]).toEqual(["vpc a"]);
  });

  test("is left alone by a dry run", () => {
    const { run, store } = memoryEngine();
    store.begin({ command: "add-subnet a web 10.0.1.0/24", scope });
    run("create-vpc a 10.0.0.0/16", true);
    expect(store.journal()).toBeDefined();
  });
});
