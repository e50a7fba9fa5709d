import { describe, expect, test } from "bun:test";
import { commandGroups, globalOptions, optionsOf } from "../../src/cli/command.ts";
import { commands } from "../../src/cli/commands.ts";
import { parseArguments } from "../../src/cli/parse-arguments.ts";
import { splitWords } from "../../src/cli/split-words.ts";
import { createFakeMachine } from "./run-cli.ts";

const runLine = (line: string | readonly string[]) => createFakeMachine().run(line);
const mustRun = (line: string | readonly string[]) => createFakeMachine().must(line);
const shown = commands.filter((command) => !command.hidden);

describe("every command", () => {
  for (const command of shown) {
    test(`${command.name} explains itself with an example`, async () => {
      const { status, stdout, stderr } = await runLine([command.name, "--help"]);
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      expect(stdout).toContain(`Usage: vpcctl ${command.name}`);
      expect(stdout).toContain(`  ${command.examples[0].line}\n`);
      for (const option of optionsOf(command)) expect(stdout).toContain(`--${option.name}`);
      for (const argument of command.arguments) expect(stdout).toContain(argument.meaning);
    });

    test(`${command.name}'s examples are accepted as they stand`, () => {
      for (const { line } of command.examples) {
        // A shell takes away what follows a redirection, and looks inside eval "$( )".
        const plain = line.replace(/^eval "\$\((.*)\)"$/, "$1").replace(/ (<<<|>) .*$/, "");
        const [program, name, ...words] = splitWords(plain) ?? [];
        expect([program, name]).toEqual(["vpcctl", command.name]);
        expect(parseArguments(command, words).problems).toEqual([]);
      }
    });

    test(`${command.name} has no option twice`, () => {
      const names = optionsOf(command).flatMap((option) => [option.name, option.short ?? []].flat());
      expect(new Set(names).size).toBe(names.length);
    });
  }
});

test("the overview lists every command under its heading", async () => {
  const { stdout } = await mustRun(["--help"]);
  for (const command of shown) expect(stdout).toContain(`  ${command.name} `);
  for (const heading of Object.values(commandGroups)) expect(stdout).toContain(`${heading}\n`);
  for (const option of globalOptions) expect(stdout).toContain(`--${option.name}`);
  expect(stdout).not.toContain("__complete");
});

test("help fits a terminal of 80 columns in its prose", async () => {
  for (const command of shown) {
    const { stdout } = await mustRun([command.name, "--help"]);
    const prose = stdout.split("\n").filter((line) => /^ {0,6}\w/.test(line) && !line.includes("vpcctl") && !line.includes("  "));
    for (const line of prose) expect(line.length).toBeLessThanOrEqual(80);
  }
});

test("no words at all, help, -h and --help show the same page", async () => {
  const pages = await Promise.all([[], ["help"], ["-h"], ["--help"]].map((words) => runLine(words)));
  expect(new Set(pages.map((page) => page.stdout)).size).toBe(1);
});

test("options may stand before the command", async () => {
  expect((await mustRun("--json list")).stdout).toBe((await mustRun("list --json")).stdout);
  expect((await mustRun("--help list")).stdout).toBe((await mustRun("list --help")).stdout);
  const { status, stderr } = await runLine("--frobnicate");
  expect(status).toBe(2);
  expect(stderr).toContain('There is no option "--frobnicate".');
});

test("--version says the version", async () => {
  expect(await mustRun(["--version"])).toMatchObject({ stdout: "vpcctl 0.0.0 (test)\n" });
});
