import { describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commands } from "../../src/cli/commands.ts";
import { createFakeMachine, tutorialMachine } from "./run-cli.ts";
import { scratchDirectory } from "./scratch.ts";

const main = join(import.meta.dir, "../../src/main.ts");

async function candidates(...words: readonly string[]): Promise<string[]> {
  const { stdout } = await (await tutorialMachine()).must(["__complete", "--", ...words]);
  return stdout.split("\n").filter((line) => line !== "");
}

describe("what comes next", () => {
  test("is a command first", async () => {
    expect(await candidates("")).toEqual(commands.filter((command) => !command.hidden).map((command) => command.name));
    expect(await candidates("dem")).toEqual(["demo"]);
    expect(await candidates("delete-v")).toEqual(["delete-vpc"]);
  });

  test("is the name of a VPC or of its subnets where one is wanted", async () => {
    expect(await candidates("describe", "")).toEqual(["company-a"]);
    expect(await candidates("run-workload", "company-a", "p")).toEqual(["public-web", "private-db"]);
    expect(await candidates("enable-internet", "nope", "")).toEqual([]);
    expect(await candidates("add-subnet", "company-a", "")).toEqual([]);
    expect(await candidates("describe", "constructor", "")).toEqual([]);
  });

  test("is an option after a dash", async () => {
    expect(await candidates("delete-vpc", "--f")).toEqual(["--force"]);
    expect(await candidates("create-vpc", "a", "--d")).toEqual(["--dry-run"]);
  });

  test("skips options and their values", async () => {
    expect(await candidates("test-connectivity", "--timeout", "3", "-q", "")).toEqual(["company-a"]);
    expect(await candidates("test-connectivity", "--timeout", "")).toEqual([]);
  });

  test("is a place of any VPC, or one outside, for analyze", async () => {
    expect(await candidates("analyze", "")).toEqual(["company-a/public-web", "company-a/private-db", "internet", "host"]);
    expect(await candidates("analyze", "internet", "company-a/pr")).toEqual(["company-a/private-db"]);
  });

  test("is a file for batch, a shell for completion, nothing after --", async () => {
    expect(await candidates("batch", "")).toEqual([":files"]);
    expect(await candidates("completion", "")).toEqual(["bash", "zsh", "fish"]);
    expect(await candidates("run-workload", "company-a", "public-web", "--", "")).toEqual([]);
  });
});

describe("bash", () => {
  /** What bash offers for a line, with this program's own script sourced and the program itself asked. */
  function complete(...words: readonly string[]): string[] {
    const directory = scratchDirectory();
    const state = join(directory, "state");
    mkdirSync(state);
    const vpc = { name: "company-a", number: 1, cidr: "10.0.0.0/16", subnets: {}, routeTables: { main: { name: "main", number: 1, routes: [] } }, internetGateway: false };
    writeFileSync(join(state, "world.json"), JSON.stringify({ schema: 3, vpcs: { "company-a": vpc } }));
    writeFileSync(join(directory, "network.txt"), "");
    const program = join(directory, "vpcctl");
    writeFileSync(program, `#!/bin/sh\nexec ${process.execPath} ${main} "$@"\n`);
    chmodSync(program, 0o755);
    const script = [
      'eval "$(vpcctl completion bash)"',
      `COMP_WORDS=(vpcctl "$@")`,
      "COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))",
      "$(complete -p vpcctl | sed 's/.*-F \\([^ ]*\\).*/\\1/')",
      'printf "%s\\n" "${COMPREPLY[@]}"',
    ].join("\n");
    const environment = { PATH: `${directory}:${process.env["PATH"]}`, VPCCTL_STATE_DIR: state };
    const { stdout, stderr, exitCode } = Bun.spawnSync(["bash", "-c", script, "bash", ...words], { cwd: directory, env: environment });
    expect({ exitCode, stderr: stderr.toString() }).toEqual({ exitCode: 0, stderr: "" });
    return stdout.toString().split("\n").filter((line) => line !== "");
  }

  test("offers commands, names, options and files", () => {
    expect(complete("test")).toEqual(["test-connectivity"]);
    expect(complete("describe", "")).toEqual(["company-a"]);
    expect(complete("delete-vpc", "company-a", "--fo")).toEqual(["--force"]);
    expect(complete("batch", "net")).toEqual(["network.txt"]);
  });
});

test("every shell has a script; other shells are refused", async () => {
  const machine = createFakeMachine();
  for (const shell of ["bash", "zsh", "fish"]) expect((await machine.must(`completion ${shell}`)).stdout).toContain("__complete -- ");
  expect((await machine.run("completion tcsh")).status).toBe(2);
});
