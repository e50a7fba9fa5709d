// The executable is started by root in directories that anybody may have prepared. These tests prepare one.
import { beforeAll, describe, expect, test } from "bun:test";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runProgram, temporaryCheckout, temporaryDirectory, writeFiles } from "./temporary-checkout.ts";

// Says what reached it, and loads a module by a name the hostile directory claims, and one of its own lazily.
const probe = `
  declare const VPCCTL_VERSION: string, VPCCTL_COMMIT: string;
  const { own } = await import("./own.ts");
  const foreign = await import(["left", "pad"].join("-")).then(() => true, () => false);
  const { DOTENV: dotenv, PRELOADED: preloaded } = process.env;
  console.log(JSON.stringify({ own, foreign, dotenv, preloaded, version: VPCCTL_VERSION, commit: VPCCTL_COMMIT, arguments: process.argv.slice(2) }));
`;

const evil = 'process.env.PRELOADED = "yes"; require("node:fs").writeFileSync("evil-ran", "");';

const traps = {
  ".env": "DOTENV=yes\nBUN_OPTIONS=--preload=./evil.js\n",
  ".env.local": "DOTENV=yes\n",
  ".env.production": "DOTENV=yes\n",
  "evil.js": evil,
  "bunfig.toml": 'preload = ["./evil.js"]\n[run]\npreload = ["./evil.js"]\n',
  "package.json": '{ "name": "evil", "main": "./evil.js", "imports": { "#*": "./evil.js" }, "scripts": { "list": "./evil.js" } }',
  "tsconfig.json": '{ "extends": "./missing.json", "compilerOptions": { "paths": { "*": ["./evil.js"] } } }',
  "list": evil,
  "own.ts": "export {};",
};

describe("an executable made by the build", () => {
  let program: string;
  let directory: string;
  beforeAll(() => {
    const checkout = temporaryCheckout({ "src/main.ts": probe, "src/own.ts": 'export const own = "ours";' });
    expect(runProgram(["node", "scripts/build.mjs"], checkout)).toMatchObject({ status: 0, stdout: "" });
    program = join(checkout, "dist/vpcctl");
    directory = temporaryDirectory();
    writeFiles(directory, traps);
  });

  test("takes nothing from the directory it is started in", () => {
    const { status, stdout, stderr } = runProgram([program, "list"], directory);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const seen = JSON.parse(stdout);
    expect(seen).toEqual({ own: "ours", foreign: false, version: "0.1.0", commit: expect.any(String), arguments: ["list"] });
    expect(existsSync(join(directory, "evil-ran"))).toBe(false);
  });

  test("passes options of the runtime on to the program", () => {
    const words = ["--preload=./evil.js", "--env-file=.env", "-e", "1", "--cwd=/", "--version"];
    expect(JSON.parse(runProgram([program, ...words], directory).stdout).arguments).toEqual(words);
    expect(existsSync(join(directory, "evil-ran"))).toBe(false);
  });

  test("opens no file in that directory", () => {
    const { stderr } = runProgram(["strace", "-f", "-e", "trace=%file", program, "list"], directory);
    const [start, ...calls] = stderr.split("\n");
    expect(start).toContain("execve(");
    expect(calls.filter((call) => Object.keys(traps).some((name) => call.includes(`/${name}"`) || call.includes(`"${name}"`)))).toEqual([]);
  });

  test("the same traps do spring on the runtime itself, so the tests above can fail", () => {
    const bun = join(import.meta.dir, "../../node_modules/.bin/bun");
    runProgram([bun, "own.ts"], directory);
    expect(existsSync(join(directory, "evil-ran"))).toBe(true);
    rmSync(join(directory, "evil-ran"));
  });

  test("obeys BUN_OPTIONS when started without the launcher, as CONTRIBUTING.md says", () => {
    runProgram([program, "list"], directory, { BUN_OPTIONS: "--preload=./evil.js" });
    expect(existsSync(join(directory, "evil-ran"))).toBe(true);
    rmSync(join(directory, "evil-ran"));
  });
});

test("vpcctl itself starts in such a directory as anywhere else", () => {
  const directory = temporaryDirectory();
  writeFiles(directory, traps);
  const program = join(import.meta.dir, "../../dist/vpcctl");
  const [there, elsewhere] = [runProgram([program, "--version"], directory), runProgram([program, "--version"], "/")];
  expect(there).toEqual(elsewhere);
  expect(there.status).toBe(0);
  expect(existsSync(join(directory, "evil-ran"))).toBe(false);
});
