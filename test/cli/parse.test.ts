import { describe, expect, test } from "bun:test";
import { commands } from "../../src/cli/commands.ts";
import { nearest } from "../../src/cli/nearest.ts";
import { parseArguments } from "../../src/cli/parse-arguments.ts";
import { shellWord } from "../../src/cli/shell-word.ts";
import { splitWords } from "../../src/cli/split-words.ts";

function parse(name: string, ...words: string[]) {
  const command = commands.find((known) => known.name === name);
  if (command === undefined) throw new Error(`no command ${name}`);
  return parseArguments(command, words);
}

const messages = (...words: [string, ...string[]]) => parse(...words).problems.map((problem) => problem.message);

describe("arguments and options", () => {
  test("may come in any order", () => {
    const { arguments: named, options, problems } = parse("test-connectivity", "--timeout", "2", "a", "--internet-target=1.1.1.1", "-q");
    expect({ ...named }).toEqual({ vpc: "a" });
    expect({ ...options }).toEqual({ timeout: "2", "internet-target": "1.1.1.1", quiet: "" });
    expect(problems).toEqual([]);
  });

  test("after -- belong to the program that is run, options included", () => {
    const { arguments: named, trailing, options } = parse("run-workload", "a", "b", "--quiet", "--", "ping", "--json", "-c", "1");
    expect({ ...named }).toEqual({ vpc: "a", subnet: "b" });
    expect(trailing).toEqual(["ping", "--json", "-c", "1"]);
    expect({ ...options }).toEqual({ quiet: "" });
  });

  test("after -- are plain words for a command that runs no program", () => {
    expect({ ...parse("describe", "--", "--odd").arguments }).toEqual({ vpc: "--odd" });
  });

  test("a lone dash is an argument", () => {
    expect({ ...parse("batch", "-").arguments }).toEqual({ file: "-" });
  });

  test("an inherited property is no option", () => {
    expect("constructor" in parse("list").options).toBe(false);
  });

  test("all mistakes are named at once", () => {
    expect(messages("test-connectivity", "--tiemout", "--timeout")).toEqual([
      "test-connectivity has no option --tiemout.",
      "--timeout needs a value: SECONDS.",
      "VPC is missing: name of the VPC.",
    ]);
    expect(messages("list", "x", "--json=1")).toEqual(["--json takes no value.", 'list has no use for "x".']);
    expect(messages("completion", "tcsh")).toEqual(['SHELL must be one of bash, zsh, fish, not "tcsh".']);
  });

  test("an option that has one value cannot have two, one that has many can", () => {
    const rule = ["authorize-ingress", "a", "web", "--protocol", "tcp"] as const;
    expect(messages(...rule, "--port", "80", "--port=443", "--self")).toEqual([`--port is given twice, as "80" and as "443".`]);
    expect(messages(...rule, "--port", "80", "--port", "80", "--self", "--self")).toEqual([]);
    const { lists, problems } = parse(...rule, "--cidr", "10.0.0.0/8", "--cidr", "192.0.2.0/24");
    expect([lists["cidr"], problems]).toEqual([["10.0.0.0/8", "192.0.2.0/24"], []]);
  });

  test("a slip in an option's name is guessed", () => {
    expect(parse("list", "--jsno").problems[0]?.hint).toBe("Did you mean --json?");
  });
});

test("the nearest candidate is at most two slips away", () => {
  const names = ["list", "log", "logs", "describe", "cleanup"];
  expect(nearest("lsit", names)).toBe("list");
  expect(nearest("descirbe", names)).toBe("describe");
  expect(nearest("clean", names)).toBe("cleanup");
  expect(nearest("x", names)).toBeUndefined();
  expect(nearest("destroy", names)).toBeUndefined();
});

describe("a batch line is split as bash would split it", () => {
  const cases: readonly [string, readonly string[] | undefined][] = [
    ["", []],
    ["   # only a comment", []],
    ["a b  c\t d\r", ["a", "b", "c", "d"]],
    ["a 'b c' \"d e\" f\\ g", ["a", "b c", "d e", "f g"]],
    ["a ''", ["a", ""]],
    ["a#b # c", ["a#b"]],
    ["a \"b\\\"c\\d\"", ["a", 'b"c\\d']],
    ["a 'b", undefined],
  ];
  for (const [line, words] of cases) test(JSON.stringify(line), () => expect(splitWords(line)).toEqual(words));

  test("and bash agrees", () => {
    for (const [line, words] of cases) {
      if (words === undefined || line.endsWith("\r")) continue;
      const { stdout } = Bun.spawnSync(["bash", "-c", `set -f; words=(${line}\n); [ \${#words[@]} = 0 ] || printf '%s\\0' "\${words[@]}"`]);
      expect(stdout.toString().split("\0").slice(0, -1)).toEqual([...words]);
    }
  });
});

test("a word written for bash is read back by bash", () => {
  for (const word of ["plain", "with space", "it's", "$(reboot)", "", "a\nb", "*", "~", "-x", "ü"]) {
    const { stdout } = Bun.spawnSync(["bash", "-c", `printf %s ${shellWord(word)}`]);
    expect(stdout.toString()).toBe(word);
  }
});
