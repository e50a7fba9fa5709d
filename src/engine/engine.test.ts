// What becomes of World, machine, journal and log, whatever goes wrong.
import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { memoryEngine, refused, subjects } from "../../test/support/memory-engine.ts";
import { VpcctlError } from "../model/errors.ts";
import { noServices } from "./services.ts";

describe("a command", () => {
  test("changes World and machine alike, and leaves no journal", () => {
    const { run, engine, driver, store } = memoryEngine();
    const report = run("create-vpc a 10.0.0.0/16");
    expect(subjects(report)).toEqual(["add vpc a"]);
    expect([report.healed, report.recovered, report.dryRun, report.applied?.done]).toEqual([false, false, false, 1]);
    expect([...driver.held.keys()]).toEqual(["vpc a"]);
    expect(engine.world().vpcs["a"]?.name).toBe("a");
    expect(store.journal()).toBeUndefined();
  });

  test("run again changes nothing, and says so", () => {
    const { run, state } = memoryEngine();
    run("create-vpc a 10.0.0.0/16");
    const before = state();
    const report = run("create-vpc a 10.0.0.0/16");
    expect([report.steps, report.changes, report.healed]).toEqual([[], [], false]);
    expect(state()).toEqual(before);
  });

  test("that does not fit the World touches nothing", () => {
    const { run, state } = memoryEngine();
    run("create-vpc a 10.0.0.0/16");
    const before = state();
    expect(refused(() => run("create-vpc a 10.1.0.0/16")).code).toBe("InvalidVpc.Duplicate");
    expect(refused(() => run("add-subnet missing web 10.0.1.0/24")).code).toBe("InvalidVpcID.NotFound");
    expect(state()).toEqual(before);
  });

  test("as a dry run shows the steps that it would take, and touches nothing, not even the log", () => {
    const { run, state, engine, directory } = memoryEngine();
    run("create-vpc a 10.0.0.0/16");
    const [before, log, files] = [state(), engine.log(), readdirSync(directory)];
    const planned = run("add-subnet a web 10.0.1.0/24", true);
    expect([subjects(planned), planned.dryRun]).toEqual([["add subnet a/web"], true]);
    expect([state(), engine.log(), readdirSync(directory)]).toEqual([before, log, files]);
    expect(subjects(run("add-subnet a web 10.0.1.0/24"))).toEqual(subjects(planned));
  });

  test("ends what runs in the namespaces that go, before they go", () => {
    const { run, ended } = memoryEngine();
    for (const line of ["create-vpc a 10.0.0.0/16", "add-subnet a web 10.0.1.0/24", "add-subnet a db 10.0.2.0/24"]) run(line);
    expect(run("delete-subnet a web").endedProcesses).toEqual([{ pid: 1, name: "vpc.a.web" }]);
    expect(ended).toEqual(["vpc.a.web"]);
  });
});

describe("a step that the machine refuses", () => {
  test("in a build takes everything back: World, machine and journal are as before", () => {
    const { run, failures, state, engine } = memoryEngine();
    run("create-vpc a 10.0.0.0/16");
    const before = state();
    failures.set("subnet a/web", "No buffer space");
    const error = refused(() => run("add-subnet a web 10.0.1.0/24"));
    expect(error.code).toBe("ApplyFailed");
    expect(error.message).toBe("No buffer space. Everything is as it was before.");
    expect(state()).toEqual(before);
    expect(engine.log().at(-1)).toMatchObject({ command: "add-subnet a web 10.0.1.0/24", result: "rolled back" });
    failures.clear();
    expect(subjects(run("add-subnet a web 10.0.1.0/24"))).toEqual(["add subnet a/web"]);
  });

  test("in a removal leaves it for the next command, whichever that is", () => {
    const { run, failures, store, driver } = memoryEngine();
    for (const line of ["create-vpc a 10.0.0.0/16", "add-subnet a web 10.0.1.0/24"]) run(line);
    failures.set("subnet a/web", "Device or resource busy");
    refused(() => run("delete-subnet a web"));
    expect(store.load().vpcs["a"]?.subnets).toEqual({});
    expect(store.journal()).toBeDefined();
    failures.clear();
    expect(run("create-vpc b 10.0.0.0/16").recovered).toBe(true);
    expect([...driver.held.keys()]).toEqual(["vpc a", "vpc b"]);
    expect(store.journal()).toBeUndefined();
  });

  test("in putting drift right leaves no journal that would hold up other commands", () => {
    const { run, failures, driver, store } = memoryEngine();
    for (const line of ["create-vpc a 10.0.0.0/16", "add-subnet a web 10.0.1.0/24"]) run(line);
    driver.held.delete("subnet a/web");
    failures.set("subnet a/web", "No such device");
    expect(refused(() => run("add-subnet a web 10.0.1.0/24")).message).toContain("Not all that had drifted could be put right.");
    expect(store.journal()).toBeUndefined();
    run("create-vpc b 10.0.0.0/16");
  });
});

describe("a program that cannot follow", () => {
  test("takes back even a change that the machine itself has nothing to do with", () => {
    let isBroken = false;
    const settle = (): [] => {
      if (isBroken) throw new VpcctlError({ code: "ApplyFailed", message: "It does not start.", hint: "Mend it." });
      return [];
    };
    const { run, state } = memoryEngine({ ...noServices, settle });
    run("create-vpc a 10.0.0.0/16");
    const before = state();
    isBroken = true;
    expect(refused(() => run("create-prefix-list offices --cidr 192.0.2.0/24")).message).toContain("It does not start.");
    // The journal stays: going back the program did not follow either.
    expect(state().slice(0, 2)).toEqual(before.slice(0, 2));
    isBroken = false;
    expect(run("create-prefix-list offices --cidr 192.0.2.0/24").steps).toEqual([]);
  });
});

test("a program that the kernel refuses says what became of the rest, as a step does", () => {
  let tries = 0;
  const settle = (): never[] => {
    tries++;
    if (tries !== 2) return [];
    throw Object.assign(new Error("Cannot keep the name servers: No space left on device (ENOSPC)"), { name: "KernelError", code: "ENOSPC" });
  };
  const { run, state } = memoryEngine({ ...noServices, settle });
  run("create-vpc a 10.0.0.0/16");
  const before = state();
  const { code, message } = refused(() => run("create-vpc b 10.1.0.0/16"));
  expect([code, message]).toEqual(["ApplyFailed", "Cannot keep the name servers: No space left on device (ENOSPC). Everything is as it was before."]);
  expect([tries, state()]).toEqual([3, before]);
});

describe("drift", () => {
  test("is put right by the same command, and said", () => {
    const { run, driver, state } = memoryEngine();
    for (const line of ["create-vpc a 10.0.0.0/16", "add-subnet a web 10.0.1.0/24"]) run(line);
    const right = state();
    driver.held.set("subnet a/web", "something else");
    expect(subjects(run("add-subnet a web 10.0.1.0/24", true))).toEqual(["change subnet a/web"]);
    const report = run("add-subnet a web 10.0.1.0/24");
    expect([subjects(report), report.healed, report.changes]).toEqual([["change subnet a/web"], true, []]);
    expect(state()).toEqual(right);
  });

  test("anywhere in the VPC is put right once any is seen where the command looks", () => {
    const { run, driver, state } = memoryEngine();
    for (const line of ["create-vpc a 10.0.0.0/16", "add-subnet a web 10.0.1.0/24", "add-subnet a db 10.0.2.0/24"]) run(line);
    const right = state();
    driver.held.delete("subnet a/db");
    expect(subjects(run("add-subnet a web 10.0.1.0/24"))).toEqual([]);
    driver.held.delete("vpc a");
    expect(subjects(run("add-subnet a web 10.0.1.0/24"))).toEqual(["add vpc a", "add subnet a/db"]);
    expect(state()).toEqual(right);
  });

  test("of another VPC is left to its own commands", () => {
    const { run, driver } = memoryEngine();
    for (const line of ["create-vpc a 10.0.0.0/16", "create-vpc b 10.0.0.0/16"]) run(line);
    driver.held.delete("vpc b");
    expect(subjects(run("create-vpc a 10.0.0.0/16"))).toEqual([]);
    expect(driver.held.has("vpc b")).toBe(false);
  });
});
