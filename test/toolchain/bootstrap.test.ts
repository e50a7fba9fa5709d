import { describe, expect, test } from "bun:test";
import { chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { missingNeeds, npmPackagesAreCurrent } from "../../scripts/bootstrap.mjs";
import { asOwner } from "../../scripts/checkout.mjs";
import { needs } from "../../scripts/needs.mjs";
import { allStages } from "../../scripts/stages.mjs";
import { runProgram, temporaryCheckout, temporaryDirectory, writeFiles } from "./temporary-checkout.ts";

interface LockEntry {
  readonly version: string;
  readonly resolved?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const read = (path: string) => JSON.parse(readFileSync(join(import.meta.dir, "../..", path), "utf8"));
const packages: Readonly<Record<string, LockEntry>> = read("package-lock.json").packages;

describe("the npm packages", () => {
  test("have exact versions", () => {
    const { dependencies = {}, devDependencies } = read("package.json");
    const versions = Object.values<string>({ ...dependencies, ...devDependencies });
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
    expect(devDependencies.bun).toBe("1.4.5");
  });

  test("come from no particular registry", () => {
    expect(Object.values(packages).filter(({ resolved }) => resolved !== undefined)).toEqual([]);
  });

  test("are all in the lockfile, those for other systems too", () => {
    const wanted = Object.values(packages).flatMap(({ dependencies, optionalDependencies }) => Object.keys({ ...dependencies, ...optionalDependencies }));
    expect(wanted.filter((name) => packages[`node_modules/${name}`] === undefined)).toEqual([]);
  });

  test("hold the runtime for x64 and arm64", () => {
    for (const processor of ["x64", "aarch64"]) expect(packages[`node_modules/@oven/bun-linux-${processor}`]).toMatchObject({ version: "1.4.5", integrity: expect.any(String) });
  });

  test("are current in this checkout, and not after a change of the lockfile or without one of them", () => {
    const checkout = temporaryCheckout({});
    expect(npmPackagesAreCurrent(checkout)).toBe(true);
    const lockfile = join(checkout, "package-lock.json");
    const text = readFileSync(lockfile, "utf8");
    const integrity = /"integrity": "sha512-([^"]+)"/.exec(text.slice(text.indexOf('"node_modules/typescript"')))?.[1] ?? "";
    writeFileSync(lockfile, text.replace(integrity, "changed"));
    expect(npmPackagesAreCurrent(checkout)).toBe(false);
    writeFileSync(lockfile, text);
    rmSync(join(checkout, "node_modules"));
    expect(npmPackagesAreCurrent(checkout)).toBe(false);
  });
});

const moonlight = 'export const needs = [{ name: "moonlight", purpose: "run", proof: "no-such-program", why: "to see at night" }];\n';

describe("the Debian packages", () => {
  test("are each needed for a reason, once", () => {
    expect(new Set(needs.map(({ name }) => name)).size).toBe(needs.length);
    expect(needs.filter(({ why }) => why.length < 10)).toEqual([]);
  });

  test("are here, since the tests run", () => {
    expect(missingNeeds("test")).toEqual([]);
  });

  test("are asked for with the command when we may not install them", () => {
    const checkout = temporaryCheckout({ "scripts/needs.mjs": moonlight });
    // The user nobody owns nothing; a user namespace makes us that, whoever we are.
    const asNobody = ["unshare", "--user", "--map-user=65534", "--map-group=65534", "node", "scripts/bootstrap.mjs"];
    const { status, stdout, stderr } = runProgram([...asNobody, "run"], checkout);
    expect({ status, stdout }).toEqual({ status: 5, stdout: "" });
    expect(stderr).toContain("moonlight      to see at night");
    expect(stderr).toContain("sudo apt-get install --yes --no-install-recommends moonlight");
    expect(stderr).toContain("first: sudo apt-get update");
    expect(runProgram([...asNobody, "build"], checkout)).toEqual({ status: 0, stdout: "", stderr: "" });
  });

  test("are installed when we are root, also where the package lists are missing", () => {
    const checkout = temporaryCheckout({ "scripts/needs.mjs": moonlight });
    // Like apt-get in a fresh container: knows no package until it has been updated.
    const aptGet = '#!/bin/sh\necho "$*" >> calls\ncase $* in *update) touch lists ;; *) test -e lists ;; esac\n';
    writeFiles(checkout, { "bin/apt-get": aptGet });
    chmodSync(join(checkout, "bin/apt-get"), 0o755);
    const asRoot = ["unshare", "--user", "--map-root-user", "node", "../scripts/bootstrap.mjs", "run"];
    const { status, stdout } = runProgram(asRoot, join(checkout, "bin"), { PATH: `${join(checkout, "bin")}:${process.env["PATH"]}` });
    expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
    const install = "--quiet install --yes --no-install-recommends moonlight";
    expect(readFileSync(join(checkout, "bin/calls"), "utf8").trim().split("\n")).toEqual([install, "--quiet update", install]);
  });
});

test("a purpose that does not exist is a wrong usage", () => {
  expect(runProgram(["node", "scripts/bootstrap.mjs", "holidays"], temporaryCheckout({}))).toMatchObject({ status: 2 });
});

test("what root writes into somebody's checkout is written as that somebody", () => {
  expect(asOwner(0, { uid: 1, gid: 2 })).toMatchObject({ uid: 1, gid: 2, env: { HOME: expect.stringMatching(/^\//) } });
  expect(asOwner(0, { uid: 0, gid: 0 })).toEqual({});
  expect(asOwner(1000, { uid: 1, gid: 2 })).toEqual({});
});

describe("npm test", () => {
  // Apart, because this repository allows no resting test.
  const rests = "skip";
  const tests = {
    "test/one.test.ts": 'import { expect, test } from "bun:test"; test("a", () => {}); test("b", () => expect(1).toBe(2));',
    "test/cli/two.test.ts": `import { test } from "bun:test"; test("c", () => {}); test.${rests}("d", () => {});`,
    "test/loads/three.test.ts": 'import "./nowhere.ts";',
    "test/fine/four.test.ts": 'import { test } from "bun:test"; test("e", () => {}); test("f", () => {});',
    "test/empty/five.test.ts": "export {};",
    "test/gate/long.test.ts": 'import { test } from "bun:test"; test("g", () => {});',
    "test/support/no-test.ts": "export {};",
  };
  const lastLine = (text: string) => text.trimEnd().split("\n").at(-1);

  test("ends with the totals, and fails when a test failed", () => {
    const { status, stdout } = runProgram(["node", "scripts/test.mjs", "repository"], temporaryCheckout(tests));
    expect([status, lastLine(stdout)]).toEqual([1, "1 passed, 1 failed"]);
  });

  test("counts a skipped test, a file that does not load and an empty stage as failed", () => {
    const checkout = temporaryCheckout(tests);
    const expected = { cli: "1 passed, 1 failed", loads: "0 passed, 1 failed", empty: "0 passed, 1 failed" };
    for (const [stage, line] of Object.entries(expected)) {
      const { status, stdout } = runProgram(["node", "scripts/test.mjs", stage], checkout);
      expect([stage, status, lastLine(stdout)]).toEqual([stage, 1, line]);
    }
  });

  test("succeeds when everything passed, and adds the stages up", () => {
    const { status, stdout } = runProgram(["node", "scripts/test.mjs", "fine", "gate"], temporaryCheckout(tests));
    expect([status, lastLine(stdout)]).toEqual([0, "3 passed, 0 failed"]);
    expect(stdout).toMatch(/^fine +2 passed, 0 failed +\d+\.\d s of \d+$/m);
  });

  test("finds programs of the system where an ordinary user's PATH does not lead", () => {
    const looks = 'import { expect, test } from "bun:test"; test("h", () => expect(Bun.which("nft")).toBeString());';
    const path = (process.env["PATH"] ?? "").split(":").filter((directory) => !directory.endsWith("sbin")).join(":");
    const { stdout } = runProgram(["node", "scripts/test.mjs", "fine"], temporaryCheckout({ "test/fine/looks.test.ts": looks }), { PATH: path });
    expect(lastLine(stdout)).toBe("1 passed, 0 failed");
  });

  test("names the stages when asked for one that does not exist", () => {
    const { status, stderr } = runProgram(["node", "scripts/test.mjs", "fien"], temporaryCheckout(tests));
    expect(status).toBe(2);
    expect(stderr).toContain("There are: typecheck, lint, knip, build, repository, cli, empty, fine, gate, loads.");
  });

  test("has a stage for every test file of this repository, within half an hour", () => {
    const stages = allStages();
    const staged = new Set(stages.flatMap(({ args }) => args));
    const files = [...new Bun.Glob("{src,test,scripts}/**/*.test.ts").scanSync(join(import.meta.dir, "../.."))];
    expect(files.filter((file) => !staged.has(`./${file}`))).toEqual([]);
    expect(files.length).toBeGreaterThan(3);
    const seconds = stages.filter(({ onlyWhenNamed }) => !onlyWhenNamed).reduce((sum, { budget }) => sum + budget, 0);
    expect(seconds).toBeLessThanOrEqual(28 * 60);
  });
});

test("a temporary directory of the runner does not stay behind", () => {
  const scratch = temporaryDirectory();
  runProgram(["node", "scripts/test.mjs", "fine"], temporaryCheckout({ "test/fine/x.test.ts": 'import { test } from "bun:test"; test("e", () => {});' }), { TMPDIR: scratch });
  expect([...new Bun.Glob("*").scanSync({ cwd: scratch, onlyFiles: false })]).toEqual([]);
});
