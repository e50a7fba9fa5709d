import { describe, expect, test } from "bun:test";
import { memoryEngine, refused } from "../../test/support/memory-engine.ts";
import type { Ipv4 } from "../model/cidr.ts";
import { VpcctlError } from "../model/errors.ts";
import { emptyWorld } from "../model/world.ts";

describe("cleanup", () => {
  const built = ["create-vpc a 10.0.0.0/16", "add-subnet a web 10.0.1.0/24", "create-vpc b 10.0.0.0/16"];

  test("takes away everything, also what no World accounts for", () => {
    const { run, engine, driver, state } = memoryEngine();
    for (const line of built) run(line);
    driver.held.set("vpc stranded", "left by somebody's lost state");
    engine.cleanup({ command: "cleanup" });
    expect(state()).toEqual([emptyWorld, new Map(), undefined]);
  });

  test("says that it took something away, also when no World knows of it", () => {
    const { engine, driver } = memoryEngine();
    driver.held.set("vpc stranded", "left by somebody's lost state");
    const planned = engine.cleanup({ command: "cleanup", dryRun: true });
    const done = engine.cleanup({ command: "cleanup" });
    const again = engine.cleanup({ command: "cleanup" });
    expect([planned, done, again].map(({ healed, changes, steps }) => [healed, changes.length, steps.length])).toEqual([
      [true, 0, 1],
      [true, 0, 1],
      [false, 0, 0],
    ]);
  });

  test("of one VPC leaves the others", () => {
    const { run, engine, driver } = memoryEngine();
    for (const line of built) run(line);
    engine.cleanup({ command: "cleanup a", vpc: "a" });
    expect([[...driver.held.keys()], Object.keys(engine.world().vpcs)]).toEqual([["vpc b"], ["b"]]);
  });

  test("of one VPC frees its Elastic IPs, and gives back those that its NAT gateways got by themselves", () => {
    const { run, engine } = memoryEngine();
    const addresses = ["allocate-address kept", "associate-address kept a one", "enable-internet a web", "create-nat-gateway a web nat"];
    for (const line of [...built, "attach-internet-gateway a", "run-instance a web --name one", ...addresses]) run(line);
    expect(Object.keys(engine.world().elasticIps ?? {})).toEqual(["kept", "a-nat"]);
    engine.cleanup({ command: "cleanup a", vpc: "a" });
    expect(engine.world().elasticIps).toEqual({ kept: { name: "kept", address: "198.18.0.2" as Ipv4 } });
  });

  test("of everything does not wait for room on a disk that is full", () => {
    const { run, engine, driver, store } = memoryEngine();
    for (const line of built) run(line);
    store.begin = () => {
      throw new VpcctlError({ code: "StoreUnavailable", message: "No space left on device.", hint: "Make room." });
    };
    expect(refused(() => engine.cleanup({ command: "cleanup a", vpc: "a" })).code).toBe("StoreUnavailable");
    engine.cleanup({ command: "cleanup" });
    expect([driver.held.size, engine.world()]).toEqual([0, emptyWorld]);
  });

  test("tries everything, and tells what would not go", () => {
    const { run, engine, driver, failures } = memoryEngine();
    for (const line of built) run(line);
    failures.set("vpc a", "Device or resource busy");
    expect(refused(() => engine.cleanup({ command: "cleanup" })).message).toContain("2 things were removed, 1 were not.");
    expect([...driver.held.keys()]).toEqual(["vpc a"]);
    failures.clear();
    engine.cleanup({ command: "cleanup" });
    expect(driver.held.size).toBe(0);
  });
});
