import { describe, expect, test } from "bun:test";
import { fileRules } from "./architecture/file-rules.ts";
import { brokenImports, layers } from "./architecture/layers.ts";
import { importsOf, repositoryFiles } from "./architecture/source-file.ts";

const files = repositoryFiles();

test("imports go one way", () => {
  expect(files.flatMap(brokenImports)).toEqual([]);
});

for (const { name, broken } of fileRules) {
  test(name, () => {
    expect(files.flatMap(broken)).toEqual([]);
  });
}

test("the scanner sees every way to import, and no import in a comment", () => {
  const text = [
    'import { a } from "./a.ts";',
    'import type { B } from "../model/b.ts";',
    'import "./c.ts";',
    'export * from "./d.ts";',
    'const e = await import("./e.ts");',
    'const f = require("./f.ts");',
    'let g: typeof import("./g.ts");',
    "import {\n  h,\n} from \"node:fs\";",
    '// import "./not.ts";',
    '/* import "./nor.ts";\n import "./this.ts"; */',
    ' * import("./neither.ts")',
  ].join("\n");
  const seen = importsOf({ path: "src/cli/x.ts", text: text.replace(' * import("./neither.ts")', '/**\n * import("./neither.ts")\n */') });
  expect(seen).toEqual(["src/cli/a.ts", "src/model/b.ts", "src/cli/c.ts", "src/cli/d.ts", "src/cli/e.ts", "src/cli/f.ts", "src/cli/g.ts", "node:fs"]);
});

test("the scan finds the sources it is about", () => {
  const paths = new Set(files.map(({ path }) => path));
  for (const path of ["src/model/world.ts", "scripts/build.mjs", ".ci/run", "vpcctl.sh", "test/architecture.test.ts", "CONTRIBUTING.md"]) {
    expect(paths).toContain(path);
  }
});

describe("each import rule can fail", () => {
  const examples: readonly { readonly from: string; readonly to: string; readonly says: string }[] = [
    { from: "model/x.ts", to: "../kernel/y.ts", says: "src/model/x.ts imports src/kernel/y.ts: the model is pure and imports nothing" },
    { from: "model/x.ts", to: "node:fs", says: "src/model/x.ts imports node:fs: the model is pure" },
    { from: "model/x.ts", to: "bun", says: "src/model/x.ts imports bun: the model is pure" },
    { from: "operations/x.ts", to: "../plan/y.ts", says: "operations are pure functions" },
    { from: "analysis/x.ts", to: "../operations/y.ts", says: "analysis answers questions" },
    { from: "plan/x.ts", to: "../engine/y.ts", says: "a plan compares two Worlds" },
    { from: "kernel/netlink/x.ts", to: "../../model/errors.ts", says: "kernel knows the operating system and nothing of ours" },
    { from: "drivers/driver.ts", to: "./linux/spec.ts", says: "a contract of the drivers names" },
    { from: "drivers/linux/observe/x.ts", to: "../../memory/y.ts", says: "never another driver" },
    { from: "drivers/linux/apply.ts", to: "../../cli/y.ts", says: "never another driver" },
    { from: "drivers/linux/compile/x.ts", to: "../../../kernel/y.ts", says: "compile, diff and steps of a driver are pure" },
    { from: "drivers/linux/diff.ts", to: "node:fs", says: "compile, diff and steps of a driver are pure" },
    { from: "drivers/memory/memory-driver.ts", to: "../../kernel/y.ts", says: "the memory driver imports" },
    { from: "store/x.ts", to: "../engine/y.ts", says: "the store imports only model and kernel" },
    { from: "workloads/x.ts", to: "../store/y.ts", says: "workloads import only model and kernel" },
    { from: "dns/x.ts", to: "../engine/y.ts", says: "name servers are programs made from a World: they import model, kernel and workloads" },
    { from: "standby/x.ts", to: "../cli/y.ts", says: "a standby process carries out what it is handed" },
    { from: "sandbox/x.ts", to: "../cli/y.ts", says: "the sandbox imports only model and kernel" },
    { from: "engine/x.ts", to: "../drivers/linux/linux-driver.ts", says: "the engine knows drivers only through their contract" },
    { from: "engine/x.ts", to: "../cli/y.ts", says: "nothing above itself" },
    { from: "cli/x.ts", to: "../drivers/linux/linux-driver.ts", says: "only main names a driver" },
    { from: "cli/x.ts", to: "../kernel/y.ts", says: "only drivers, store and workloads reach the kernel" },
    { from: "cli/x.ts", to: "../../test/support/y.ts", says: "src/cli/x.ts imports test/support/y.ts" },
    { from: "somewhere/x.ts", to: "../model/y.ts", says: "src/somewhere/x.ts belongs to no layer" },
  ];
  for (const { from, to, says } of examples) {
    test(`src/${from} may not import ${to}`, () => {
      const broken = brokenImports({ path: `src/${from}`, text: `import { y } from "${to}";\n` });
      expect(broken).toHaveLength(1);
      expect(broken[0]).toContain(says);
    });
  }

  test("every restricted layer has an example", () => {
    const restricted = layers.filter(({ imports }) => imports !== "everything");
    const shown = examples.flatMap(({ from, to }) => brokenImports({ path: `src/${from}`, text: `import "${to}";\n` }));
    expect(restricted.filter(({ rule }) => !shown.some((sentence) => sentence.endsWith(rule))).map(({ rule }) => rule)).toEqual([]);
  });

  test("what the rules allow passes", () => {
    const allowed = [
      ["main.ts", "./drivers/linux/linux-driver.ts"],
      ["engine/x.ts", "../drivers/driver.ts"],
      ["drivers/linux/apply/x.ts", "../../../kernel/y.ts"],
      ["drivers/linux/compile/x.ts", "../../driver.ts"],
      ["drivers/linux/names.ts", "node:crypto"],
      ["cli/x.ts", "../kernel/files.ts"],
      ["model/x.test.ts", "fast-check"],
    ];
    for (const [from, to] of allowed) expect(brokenImports({ path: `src/${from}`, text: `import "${to}";\n` })).toEqual([]);
  });
});

describe("each file rule can fail", () => {
  const word = (...parts: readonly string[]) => parts.join("");
  const examples: Readonly<Record<string, { readonly path: string; readonly text: string }>> = {
    "only two files call into C": { path: "src/kernel/x.ts", text: 'import { dlopen } from "bun:ffi";\n' },
    "nothing slow to load is imported": { path: "src/store/x.ts", text: 'import { readFileSync } from "node:fs";\n' },
    "only main ends the process": { path: "src/cli/x.ts", text: "process.exit(1);\n" },
    "names say what a file does": { path: "src/cli/utils.ts", text: "" },
    "names are kebab-case": { path: "src/cli/someThing.ts", text: "" },
    "files stay short": { path: "src/cli/x.ts", text: "\n".repeat(201) },
    "no test rests": { path: "src/cli/x.test.ts", text: word("test", '.skip("x", () => {});\n') },
    "nothing names a place of one machine": { path: "README.md", text: word("cd /ho", "me/someone/vpcctl\n") },
    "lines are plain": { path: "src/cli/x.ts", text: "const x = 1; \n" },
  };
  for (const { name, broken } of fileRules) {
    test(name, () => {
      const example = examples[name];
      expect(example && broken(example)).toHaveLength(1);
    });
  }
});
