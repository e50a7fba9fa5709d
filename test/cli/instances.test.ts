import { describe, expect, onTestFinished, test } from "bun:test";
import { readlinkSync } from "node:fs";
import type { LostPart } from "../../src/drivers/driver.ts";
import { eventually } from "../support/eventually.ts";
import { createFakeMachine, type FakeMachine } from "./run-cli.ts";

async function machineWithInstances(): Promise<FakeMachine> {
  const machine = createFakeMachine();
  await machine.must("create-vpc a 10.0.0.0/16");
  await machine.must("add-subnet a web 10.0.1.0/24");
  await machine.must("run-instance a web --name one --ip 10.0.1.20 --public");
  await machine.must(["run-instance", "a", "web", "--name", "two", "--restart", "always", "--", "sh", "-c", "echo 'two words'"]);
  return machine;
}

describe("run-instance", () => {
  test("says which addresses it has, and how to go inside", async () => {
    const machine = await machineWithInstances();
    const { stdout, stderr } = await machine.must("run-instance a web --name three --public");
    expect(stdout).toStartWith("Instance a/three runs in subnet web with 10.0.1.6 and public address 198.18.0.3. That address does not work until");
    expect(stderr).toContain("vpcctl shell a three");
  });

  test("again has nothing to do, and words after -- are compared as they are", async () => {
    const machine = await machineWithInstances();
    const again = ["run-instance", "a", "web", "--name", "two", "--restart", "always", "--", "sh", "-c"];
    expect((await machine.must([...again, "echo 'two words'"])).stdout).toBe("Nothing to do: Instance a/two exists already, with 10.0.1.5.\n");
    const other = await machine.run([...again, "echo", "two words"]);
    expect([other.status, other.stderr]).toEqual([4, expect.stringContaining(`program sh -c "echo 'two words'", not sh -c echo "two words"`)]);
  });

  test("without a name, with a policy that does not exist, and with a policy for nothing is a mistake of use", async () => {
    const machine = await machineWithInstances();
    for (const [line, says] of [
      ["run-instance a web", "The instance has no name."],
      ["run-instance a web --name x --restart sometimes", "--restart must be one of always, on-failure, never"],
      ["run-instance a web --name x --restart never", "--restart is about a program, and there is none."],
      ["run-instance a web --name x --", undefined],
    ] as const) {
      const { status, stderr } = await machine.run(line);
      expect([line, status]).toEqual([line, says === undefined ? 0 : 2]);
      if (says !== undefined) expect(stderr).toContain(says);
    }
  });

  test("in a batch is all or nothing, with every mistake at its line", async () => {
    const machine = await machineWithInstances();
    const file = `/tmp/vpcctl-test-${process.pid}-instances`;
    await Bun.write(file, "run-instance a web --name x\nrun-instance a web --name y --ip 10.0.1.20\nstop-instance a nope\n");
    const { status, stderr } = await machine.run(`batch ${file}`);
    await Bun.file(file).delete();
    expect(status).toBe(4);
    expect(stderr).toContain(`${file}:2: 10.0.1.20 is taken: instance a/one has it.`);
    expect(stderr).toContain(`${file}:3: VPC a has no instance "nope". There is one, two, x.`);
    expect((await machine.must("instances a")).stdout).not.toContain("a/x");
  });
});

describe("instances", () => {
  test("shows a line each, of one VPC or all", async () => {
    const machine = await machineWithInstances();
    await machine.must("create-vpc b 10.0.0.0/16");
    await machine.must("stop-instance a one");
    expect((await machine.must("instances")).stdout).toBe(
      "INSTANCE  SUBNET  ADDRESS    PUBLIC ADDRESS  SECURITY GROUPS  STATE    PROGRAM\n" +
        "a/one     web     10.0.1.20  none            default          stopped  none\n" +
        "a/two     web     10.0.1.5   none            default          running  not started\n",
    );
    expect((await machine.must("instances b")).stdout).toBe("VPC b has no instances.\n");
    expect((await machine.run("instances c")).status).toBe(3);
    expect((await createFakeMachine().must("instances")).stdout).toBe("There are no instances.\n");
  });

  test("--json has all there is to know", async () => {
    const machine = await machineWithInstances();
    expect(JSON.parse((await machine.must("instances a --json")).stdout)).toMatchObject({
      schemaVersion: 1,
      instances: [
        { vpc: "a", name: "one", subnet: "web", address: "10.0.1.20", publicAddress: "198.18.0.2", securityGroups: ["default"], state: "running" },
        { vpc: "a", name: "two", program: { command: ["sh", "-c", "echo 'two words'"], restart: "always", state: { kind: "absent" } } },
      ],
    });
  });
});

test("describe shows instances, with the names of their namespaces", async () => {
  const machine = await machineWithInstances();
  await machine.must("modify-instance a one --source-dest-check false");
  const { stdout } = await machine.must("describe a");
  expect(stdout).toContain("├─ 2 instances\n");
  expect(stdout).toMatch(/│ {2}├─ one +web +10\.0\.1\.20 +198\.18\.0\.2 +default +running, a router +vpc\.a\.web\.one\n/);
  const { vpc } = JSON.parse((await machine.must("describe a --json")).stdout) as { vpc: { instances: unknown[] } };
  expect(vpc.instances).toMatchObject([{ name: "one", namespace: "vpc.a.web.one", mac: "02:76:0a:00:01:14" }, { name: "two" }]);
});

test("an attached instance that has lost its namespace or its interface is shown as lost; a stopped one that has lost nothing is stopped", async () => {
  const lost = new Map<string, LostPart>();
  const machine = createFakeMachine({ lost });
  for (const line of ["create-vpc a 10.0.0.0/16", "add-subnet a web 10.0.1.0/24", "run-instance a web --name own"]) await machine.must(line);
  const program = Bun.spawn(["unshare", "--user", "--net", "sleep", "1000"]);
  onTestFinished(() => program.kill());
  await eventually("it has a network of its own", async () => readlinkSync(`/proc/${program.pid}/ns/net`) !== readlinkSync("/proc/self/ns/net"));
  await machine.must(`attach a web --name guest --pid ${program.pid}`);
  const shown = async (): Promise<unknown[]> => {
    const { instances } = JSON.parse((await machine.must("instances a --json")).stdout);
    const { vpc } = JSON.parse((await machine.must("describe a --json")).stdout);
    expect(vpc.instances[1]).toMatchObject({ state: instances[1].state });
    expect(vpc.instances[1].lost).toBe(instances[1].lost);
    return [instances[0].state, instances[1].state, instances[1].lost];
  };
  expect(await shown()).toEqual(["running", "running", undefined]);
  lost.set("a/guest", "interface").set("a/own", "interface");
  expect(await shown()).toEqual(["running", "lost", "interface"]);
  lost.set("a/guest", "namespace");
  expect(await shown()).toEqual(["running", "lost", "namespace"]);
  expect((await machine.must("instances a")).stdout).toContain(` lost (its namespace is gone), was in process ${program.pid} `);
  expect((await machine.must("describe a")).stdout).toContain(" lost (its namespace is gone) ");
  lost.clear();
  await machine.must("stop-instance a guest");
  expect(await shown()).toEqual(["running", "stopped", undefined]);
});

describe("what needs a running instance", () => {
  test("says so, and how to start it", async () => {
    const machine = await machineWithInstances();
    await machine.must("stop-instance a one");
    for (const command of ["exec a one -- true", "shell a one"]) {
      const { status, stderr } = await machine.run(command);
      expect([command, status]).toEqual([command, 4]);
      expect(stderr).toContain("vpcctl start-instance a one");
      expect(stderr).toContain("[IncorrectInstanceState]");
    }
  });

  test("says when there is none of the name, or no command", async () => {
    const machine = await machineWithInstances();
    expect(await machine.run("exec a nope -- true")).toMatchObject({ status: 3, stderr: expect.stringContaining("There is one, two.") });
    expect(await machine.run("exec a one")).toMatchObject({ status: 2, stderr: expect.stringContaining("There is no command to run.") });
    expect((await machine.run("exec a One -- true")).status).toBe(2);
  });
});

test("an instance with a program is started with the way to its log, one without is not", async () => {
  const machine = await machineWithInstances();
  expect((await machine.must("run-instance a web --name three")).stderr).toBe("Go inside: vpcctl shell a three\n");
  const { stderr } = await machine.must("run-instance a web --name four -- sleep 5");
  expect(stderr).toBe("Go inside: vpcctl shell a four. What its program prints: vpcctl logs a/four -f\n");
});

test("names of instances' programs are names of workloads", async () => {
  const machine = await machineWithInstances();
  for (const name of ["a/one", "nothing"]) expect(await machine.run(`logs ${name}`)).toMatchObject({ status: 3, stderr: expect.stringContaining("[WorkloadNotFound]") });
  expect((await machine.run("logs a/one")).stderr).toContain("Instance a/one has no program of its own");
  for (const name of ["a/one/two", "/one", "a/", "A/one"]) {
    expect(await machine.run(`logs ${name}`)).toMatchObject({ status: 2, stderr: expect.stringContaining("[InvalidParameterValue]") });
  }
});
