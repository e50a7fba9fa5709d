import { describe, expect, test } from "bun:test";
import { createFakeMachine, tutorialMachine } from "./run-cli.ts";

describe("a change", () => {
  test("is told in a sentence, with a next step on standard error", async () => {
    const machine = createFakeMachine();
    const { stdout, stderr } = await machine.must("create-vpc company-a 10.0.0.0/16");
    expect(stdout).toBe("Created VPC company-a with 10.0.0.0/16.\n");
    expect(stderr).toContain("vpcctl add-subnet company-a public-web 10.0.1.0/24");
  });

  test("suggests a subnet that fits a small VPC", async () => {
    const machine = createFakeMachine();
    const { stderr } = await machine.must("create-vpc small 10.9.8.0/24");
    const suggestion = /vpcctl (add-subnet .*)\n/.exec(stderr)?.[1] ?? "";
    await machine.must(suggestion);
  });

  test("gives no hints with --quiet", async () => {
    expect((await createFakeMachine().must("create-vpc company-a 10.0.0.0/16 -q")).stderr).toBe("");
  });

  test("--quiet confirms nothing", async () => {
    const machine = await tutorialMachine();
    const { stdout, stderr } = await machine.must("add-subnet company-a quiet 10.0.9.0/24 -q");
    expect([stdout, stderr]).toEqual(["", ""]);
  });

  test("done twice has nothing to do the second time", async () => {
    const machine = await tutorialMachine();
    const { stdout } = await machine.must("add-subnet company-a public-web 10.0.1.0/24");
    expect(stdout).toBe("Nothing to do: Subnet company-a/public-web with 10.0.1.0/24 exists already.\n");
  });

  test("puts right what has drifted and says so", async () => {
    const machine = await tutorialMachine();
    machine.driver.held.delete("subnet company-a/public-web");
    const { stdout } = await machine.must("enable-internet company-a public-web");
    expect(stdout).toContain("Put right 1 thing that had drifted on the machine.");
    expect(machine.driver.held.has("subnet company-a/public-web")).toBe(true);
  });

  test("of which the kernel refuses a step exits 1 and changes nothing", async () => {
    const machine = createFakeMachine({ failures: new Map([["subnet a/x", "no buffer space"]]) });
    await machine.must("create-vpc a 10.0.0.0/16");
    const { status, stderr, stdout } = await machine.run("add-subnet a x 10.0.0.0/24");
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain("no buffer space");
    expect([...machine.driver.held.keys()]).toEqual(["vpc a"]);
  });
});

describe("a dry run", () => {
  test("prints a script that plain bash accepts, and changes nothing", async () => {
    const machine = createFakeMachine();
    const { stdout } = await machine.must("create-vpc company-a 10.0.0.0/16 --dry-run");
    expect(stdout).toStartWith("#!/usr/bin/env bash\n# Does the same as: vpcctl create-vpc company-a 10.0.0.0/16\nset -euo pipefail\n");
    expect(Bun.spawnSync(["bash", "-c", stdout]).exitCode).toBe(0);
    expect(machine.driver.held.size).toBe(0);
    expect((await machine.must("list")).stdout).toBe("There are no VPCs.\n");
  });

  test("needs no rights", async () => {
    const machine = createFakeMachine({ forbidden: () => "this process is not root." });
    await machine.must("create-vpc company-a 10.0.0.0/16 -n");
  });

  test("refuses what the command itself would refuse", async () => {
    const machine = await tutorialMachine();
    expect((await machine.run("delete-vpc company-a --dry-run")).status).toBe(4);
  });
});

test("--explain does it, prints the script alone on standard output, and the sentence beside it", async () => {
  const machine = createFakeMachine();
  const { stdout, stderr } = await machine.must("create-vpc company-a 10.0.0.0/16 --explain");
  expect(stdout).toContain("set -euo pipefail\n\n# ");
  expect(stdout).not.toContain("Created VPC");
  expect(stderr).toContain("Created VPC company-a with 10.0.0.0/16.");
  expect(machine.driver.held.has("vpc company-a")).toBe(true);
});

describe("cleanup", () => {
  test("takes one VPC away and leaves the others", async () => {
    const machine = await tutorialMachine();
    await machine.must("create-vpc other 10.0.0.0/16");
    await machine.must("cleanup company-a");
    expect([...machine.driver.held.keys()]).toEqual(["vpc other"]);
  });

  test("takes everything away, and has nothing to do the second time", async () => {
    const machine = await tutorialMachine();
    expect((await machine.must("cleanup")).stdout).toContain("Deleted VPC company-a (10.0.0.0/16).\n");
    expect(machine.driver.held.size).toBe(0);
    expect((await machine.must("cleanup")).stdout).toBe("Nothing to do: This machine holds nothing of vpcctl's.\n");
  });
});

describe("exit status", () => {
  const cases: readonly [line: string, status: number, says: string][] = [
    ["create-vpc Bad 10.0.0.0/16", 2, "capital letter"],
    ["create-vpc a 10.0.0.1/16", 2, "10.0.0.0/16"],
    ["frobnicate", 2, "There is no command"],
    ["lsit", 2, "Did you mean `vpcctl list`?"],
    ["describe nope", 3, "InvalidVpcID.NotFound"],
    ["test-connectivity nope", 3, "InvalidVpcID.NotFound"],
    ["test-connectivity company-a --timeout soon", 2, "--timeout"],
    ["test-connectivity company-a --internet-target ::1", 2, "company-a has no IPv6"],
    ["test-connectivity company-a --internet-target 1.2.3", 2, "IPv4 address"],
    ["test-connectivity company-a --internet-target 198.18.0.2", 2, "the public side of the VPCs"],
    ["log --limit -1", 2, "--limit"],
    ["enable-internet company-a nope", 3, "InvalidSubnetID.NotFound"],
    ["create-vpc company-a 10.1.0.0/16", 4, "InvalidVpc.Duplicate"],
    ["add-subnet company-a x 10.0.1.0/28", 4, "overlaps subnet company-a/public-web"],
    ["delete-vpc company-a", 4, "subnet company-a/private-db (10.0.2.0/24)"],
    ["run-workload company-a nope -- true", 3, "InvalidSubnetID.NotFound"],
    ["run-workload company-a public-web", 2, "no command to run"],
    ["run-workload company-a public-web true --detach", 2, "--name"],
    ["run-workload company-a public-web true -- true", 2, "two commands"],
  ];
  for (const [line, status, says] of cases) {
    test(`${line} exits ${status} and says why`, async () => {
      const machine = await tutorialMachine();
      const before = new Map(machine.driver.held);
      const result = await machine.run(line);
      expect({ status: result.status, stdout: result.stdout }).toEqual({ status, stdout: "" });
      expect(result.stderr).toContain(says);
      expect(machine.driver.held).toEqual(before);
    });
  }

  test("without rights a change exits 5 and points at sudo and the sandbox", async () => {
    const machine = createFakeMachine({ forbidden: () => "this process is not root." });
    const { status, stderr } = await machine.run("create-vpc a 10.0.0.0/16");
    expect(status).toBe(5);
    expect(stderr).toMatch(/not root(.|\n)*sudo(.|\n)*vpcctl sandbox/);
  });

  test("a refusal by the kernel is no bug: it exits 5 for want of rights, 1 otherwise, and says what to do", async () => {
    for (const [code, status, says] of [["EPERM", 5, "sudo"], ["ENOENT", 1, "made it again"], ["ENOMEM", 1, "doctor"]] as const) {
      const refusal = Object.assign(new Error("Cannot enter namespace vpc.a"), { name: "KernelError", code });
      const result = await createFakeMachine({ world: () => Promise.reject(refusal) }).run("list");
      expect(result.status).toBe(status);
      expect(result.stderr).toMatch(new RegExp(`Cannot enter namespace vpc\\.a\\.(.|\n)*${says}`));
    }
  });

  test("a bug exits 70 with its stack", async () => {
    const machine = createFakeMachine({ world: () => Promise.reject(new TypeError("x is not a function")) });
    const { status, stderr } = await machine.run("list");
    expect(status).toBe(70);
    expect(stderr).toMatch(/This is a bug(.|\n)*x is not a function(.|\n)*change\.test\.ts/);
  });

  test("doctor exits 5 when something is missing, 0 when something is only to be known", async () => {
    const finding = { subject: "kernel: veth pairs", found: "refused", why: "It is the cable.", fix: "modprobe veth" };
    const failing = createFakeMachine({ diagnose: async () => [{ ...finding, status: "fail" }] });
    const { status, stdout } = await failing.run("doctor");
    expect(status).toBe(5);
    expect(stdout).toMatch(/fail +kernel: veth pairs +refused\n +It is the cable\.\n +Fix: modprobe veth\n/);
    await createFakeMachine({ diagnose: async () => [{ ...finding, status: "warn" }] }).must("doctor");
  });
});
