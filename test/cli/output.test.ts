import { describe, expect, test } from "bun:test";
import { formatJson, Output } from "../../src/cli/output.ts";
import { formatScript } from "../../src/cli/script.ts";
import { formatTable, wrapText } from "../../src/cli/table.ts";
import { createFakeMachine, tutorialMachine } from "./run-cli.ts";

const colourCode = "\u001b[3";

test("list shows a table, one line per VPC", async () => {
  const machine = await tutorialMachine();
  await machine.must("create-vpc b 172.16.0.0/12 --any-prefix");
  expect((await machine.must("list")).stdout).toBe(
    ["VPC        CIDR           SUBNETS  INTERNET", "company-a  10.0.0.0/16    2        yes", "b          172.16.0.0/12  0        no", ""].join("\n"),
  );
});

describe("describe", () => {
  test("shows what was meant and what it became", async () => {
    const { stdout } = await (await tutorialMachine()).must("describe company-a");
    for (const text of [
      "VPC company-a  10.0.0.0/16",
      "namespace vpc.company-a, bridge br-company-a",
      "igw-company-a on the host (169.254.64.2) to igw in the router (169.254.64.3)",
      "public  10.0.0.0/16 -> local, 0.0.0.0/0 -> internet-gateway",
      "└─ 2 subnets",
      "ip netns exec vpc.company-a.public-web ip address",
    ]) {
      expect(stdout).toContain(text);
    }
    expect(stdout).toMatch(/├─ public-web +10\.0\.1\.0\/24 +public +as 198\.18\.0\.2 +10\.0\.1\.4 +vpc\.company-a\.public-web\n/);
    expect(stdout).toMatch(/└─ private-db +10\.0\.2\.0\/24 +main +no /);
  });

  test("of an empty VPC looks into the router", async () => {
    const machine = createFakeMachine();
    await machine.must("create-vpc a 10.0.0.0/16");
    const { stdout } = await machine.must("describe a");
    expect(stdout).toContain("└─ 0 subnets");
    expect(stdout).toContain("ip netns exec vpc.a ip address");
  });

  test("of 1,000 subnets shows each", async () => {
    const machine = createFakeMachine();
    await machine.must("create-vpc a 10.0.0.0/8 --any-prefix");
    const engine = await machine.wiring.engine();
    const { verbCommands } = await import("../../src/cli/verb-commands.ts");
    const addSubnet = verbCommands.find((command) => command.name === "add-subnet");
    const verbs = Array.from({ length: 1000 }, (_, at) =>
      addSubnet?.bind({ arguments: { vpc: "a", name: `s${at}`, cidr: `10.${at >> 8}.${at & 255}.0/24` }, options: {}, lists: {} }),
    );
    engine.change({ command: "test", operate: (world) => verbs.reduce((now, verb) => verb?.operate(now) ?? now, world), touches: () => [{ vpc: "a" }] });
    expect((await machine.must("describe a")).stdout.match(/vpc\.a\.s\d+/g)?.length).toBe(1001);
  });
});

describe("test-connectivity", () => {
  test("shows every pair, and who has internet", async () => {
    const { stdout } = await (await tutorialMachine()).must("test-connectivity company-a");
    expect(stdout).toContain("  public-web -> private-db (10.0.2.4)  SUCCESS  0.05 ms\n");
    expect(stdout).toContain("  private-db -> public-web (10.0.1.4)  SUCCESS  0.05 ms\n");
    expect(stdout).toContain("  public-web  Has internet access  0.05 ms\n  private-db  No internet access\n");
    expect(stdout).toContain("All as it should be: 4 results");
    expect(stdout).not.toContain("Round trips");
  });

  test("draws a matrix on a terminal", async () => {
    const { stdout } = await (await tutorialMachine()).run("test-connectivity company-a --no-color", true);
    expect(stdout).toStartWith("Round trips in ms, from row to column\n                1     2\n  1 public-web  .     0.05\n  2 private-db  0.05  .\n");
  });

  test("exits 1 and gives the reason when a result differs", async () => {
    const machine = await tutorialMachine({ answers: ({ address }) => address === "10.0.1.4" });
    const { status, stdout } = await machine.run("test-connectivity company-a");
    expect(status).toBe(1);
    expect(stdout).toMatch(/public-web -> private-db \(10\.0\.2\.4\) +FAILED +but it should: /);
    expect(stdout).toContain("Not as it should be: 2 of 4 results differ");
  });

  test("tells when the host itself has no internet", async () => {
    const machine = await tutorialMachine({ answers: ({ address }) => (address === "8.8.8.8" ? false : undefined), hostReaches: false });
    const { status, stdout } = await machine.run("test-connectivity company-a");
    expect(status).toBe(1);
    expect(stdout).toContain("The host itself cannot reach 8.8.8.8");
  });

  test("tells when a private subnet reaches the internet", async () => {
    const machine = await tutorialMachine({ answers: () => true });
    const { status, stdout } = await machine.run("test-connectivity company-a");
    expect(status).toBe(1);
    expect(stdout).toMatch(/private-db +Has internet access +0\.05 ms +but it should not: /);
  });

  test("of many subnets shows only what differs", async () => {
    const machine = createFakeMachine({ answers: (probe) => (probe.subnet === "s3" && probe.address === "10.0.7.4" ? false : undefined) });
    await machine.must("create-vpc a 10.0.0.0/16");
    for (let at = 0; at < 13; at++) await machine.must(`add-subnet a s${at} 10.0.${at}.0/24`);
    const { status, stdout } = await machine.run("test-connectivity a", true);
    expect(status).toBe(1);
    expect(stdout.match(/ -> /g)?.length).toBe(1);
    expect(stdout).toContain("s3 -> s7 (10.0.7.4)");
    expect(stdout).toContain("1 of 169 results differ");
  });

  test("of a VPC without subnets has nothing to test", async () => {
    const machine = createFakeMachine();
    await machine.must("create-vpc a 10.0.0.0/16");
    expect((await machine.must("test-connectivity a")).stdout).toBe("VPC a has no subnets, so there is nothing to test.\n");
  });
});

test("log shows the newest last, as many as asked for", async () => {
  const machine = await tutorialMachine();
  const { stdout } = await machine.must("log --limit 2");
  const lines = stdout.trimEnd().split("\n");
  expect(lines).toHaveLength(3);
  expect(lines[2]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ +done +\d+ +\d+ ms +vpcctl enable-internet company-a public-web$/);
});

describe("--json", () => {
  const lines = [
    "list",
    "describe company-a",
    "test-connectivity company-a",
    "log",
    "workloads",
    "doctor",
    "completion bash",
    "create-vpc b 10.0.0.0/16",
    "create-vpc b 10.0.0.0/16 --dry-run",
    "create-vpc b 10.0.0.0/16 --explain",
    "cleanup",
  ];
  for (const line of lines) {
    test(`${line} prints one object with the schema's version, and nothing else`, async () => {
      const { stdout, stderr } = await (await tutorialMachine()).must(`${line} --json`);
      expect(Object.entries(JSON.parse(stdout))[0]).toEqual(["schemaVersion", 1]);
      expect(stderr).toBe("");
    });
  }

  test("times end at the microsecond", () => {
    expect(JSON.parse(formatJson({ milliseconds: 0.16642000000000046, steps: 27 }))).toEqual({ schemaVersion: 1, milliseconds: 0.166, steps: 27 });
  });

  test("a dry run holds the script, step by step", async () => {
    const { stdout } = await createFakeMachine().must("create-vpc b 10.0.0.0/16 --dry-run --json");
    expect(JSON.parse(stdout)).toMatchObject({ result: "changed", dryRun: true, steps: [{ action: "add", subject: "vpc b", script: [": add vpc b"] }] });
  });

  test("an error is an object on standard error, even when the command line itself is wrong", async () => {
    for (const line of ["describe nope --json", "describe --json", "frobnicate --json"]) {
      const { stdout, stderr } = await createFakeMachine().run(line);
      expect(stdout).toBe("");
      expect(JSON.parse(stderr)).toMatchObject({ schemaVersion: 1, error: { code: expect.any(String), message: expect.any(String), hint: expect.any(String) } });
    }
  });
});

describe("colour", () => {
  test("is for terminals only, and for those who want it", async () => {
    const machine = await tutorialMachine();
    const plain = await tutorialMachine({ environment: { NO_COLOR: "1" } });
    const dumb = await tutorialMachine({ environment: { TERM: "dumb" } });
    const line = "test-connectivity company-a";
    expect((await machine.run(line, true)).stdout).toContain(colourCode);
    for (const result of [await machine.run(line), await machine.run(`${line} --no-color`, true), await plain.run(line, true), await dumb.run(line, true)]) {
      expect(result.stdout + result.stderr).not.toContain("\u001b");
    }
  });

  test("does not disturb the columns of a table", () => {
    expect(formatTable([["\u001b[31mab\u001b[39m", "x"], ["a", "y"]])).toBe("\u001b[31mab\u001b[39m  x\na   y\n");
  });
});

test("text is wrapped at spaces, never inside a word", () => {
  expect(wrapText("one two three-and-a-long-word four", 12, "  ")).toBe("  one two\n  three-and-a-long-word\n  four\n");
});

test("a script says why once for steps that belong together", () => {
  const step = (subject: string, why: string) => ({ action: "add", subject, why, script: [`: ${subject}`] }) as const;
  const script = formatScript("vpcctl x --dry-run a -n", [step("a", "First."), step("b", "First."), step("c", "Second.")]);
  expect(script).toBe("#!/usr/bin/env bash\n# Does the same as: vpcctl x a\nset -euo pipefail\n\n# First.\n: a\n: b\n\n# Second.\n: c\n");
});

test("what is printed after the reader has gone is dropped", () => {
  let written = 0;
  const out = { terminal: false, write: () => (written++, false) };
  const output = new Output({ json: false, quiet: false, color: false }, out, { terminal: false, write: () => true });
  output.print("one");
  output.print("two");
  expect({ written, closed: output.closed }).toEqual({ written: 1, closed: true });
});
