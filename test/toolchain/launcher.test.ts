import { beforeAll, expect, test } from "bun:test";
import { chmodSync, readdirSync, rmSync, statSync, symlinkSync, unlinkSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { runProgram, temporaryCheckout, temporaryDirectory, writeFiles } from "./temporary-checkout.ts";

const variables = ["BUN_OPTIONS", "BUN_BE_BUN", "BUN_INSPECT", "NODE_OPTIONS", "NODE_PATH"];
const main = `
  const [word] = process.argv.slice(2);
  if (word === "environment") console.log(JSON.stringify(${JSON.stringify(variables)}.filter((name) => name in process.env)));
  else if (word === "status") process.exit(42);
  else console.log("arguments " + JSON.stringify(process.argv.slice(2)));
`;

let checkout: string;
let launcher: string;
beforeAll(() => {
  checkout = temporaryCheckout({ "src/main.ts": main, "src/model/a/b/deep.ts": "export const deep = 1;\n", "src/model/gone.ts": "" });
  launcher = join(checkout, "vpcctl.sh");
});

const built = () => statSync(join(checkout, "dist/vpcctl")).ino;

test("the first use builds, says so on stderr, and runs", () => {
  rmSync(join(checkout, "dist"), { recursive: true, force: true });
  // Of a build that was killed: no process has such a number.
  writeFiles(checkout, { "dist/.build-99999999/vpcctl": "" });
  const { status, stdout, stderr } = runProgram([launcher, "a", "b c", ""], "/");
  expect({ status, stdout }).toEqual({ status: 0, stdout: 'arguments ["a","b c",""]\n' });
  expect(stderr).toContain("Building");
  expect(readdirSync(join(checkout, "dist"))).toEqual(["vpcctl"]);
});

test("the next use builds nothing and is silent", () => {
  const before = built();
  expect(runProgram([launcher, "x"], "/")).toEqual({ status: 0, stdout: 'arguments ["x"]\n', stderr: "" });
  expect(built()).toBe(before);
});

const changes: Readonly<Record<string, () => void>> = {
  "a newer source, however deep,": () => utimesSync(join(checkout, "src/model/a/b/deep.ts"), new Date(), new Date()),
  "a new source": () => writeFiles(checkout, { "src/model/new.ts": "" }),
  "a deleted source": () => unlinkSync(join(checkout, "src/model/gone.ts")),
  "a changed lockfile": () => utimesSync(join(checkout, "package-lock.json"), new Date(), new Date()),
};

for (const [what, change] of Object.entries(changes)) {
  test(`${what} causes a build`, () => {
    runProgram([launcher], "/");
    makeOlder(60_000, checkout);
    makeOlder(30_000, join(checkout, "dist"));
    const before = built();
    runProgram([launcher], "/");
    expect(built()).toBe(before);
    change();
    runProgram([launcher], "/");
    expect(built()).not.toBe(before);
  });
}

/** Sets the times of a directory and of everything in it to that many milliseconds ago. */
function makeOlder(milliseconds: number, directory: string): void {
  const then = new Date(Date.now() - milliseconds);
  const paths = readdirSync(directory, { recursive: true, encoding: "utf8" }).filter((path) => !path.startsWith("node_modules"));
  for (const path of [...paths, "."]) utimesSync(join(directory, path), then, then);
}

test("it works through a symbolic link and as an argument of sh", () => {
  const link = join(temporaryDirectory(), "vpcctl");
  symlinkSync(launcher, link);
  expect(runProgram([link, "x"], "/").stdout).toBe('arguments ["x"]\n');
  expect(runProgram(["sh", "vpcctl.sh", "x"], checkout).stdout).toBe('arguments ["x"]\n');
});

test("a directory that begins with a dash, or has spaces, is no option and no list of words", () => {
  const directory = temporaryDirectory();
  for (const name of ["-e", "two  words"]) {
    symlinkSync(checkout, join(directory, name));
    expect(runProgram(["sh", "-c", '"$0"/vpcctl.sh x', name], directory)).toEqual({ status: 0, stdout: 'arguments ["x"]\n', stderr: "" });
  }
});

test("where nothing can be written it says so, and what still works", () => {
  const theirs = temporaryCheckout({ "src/main.ts": "", "dist/vpcctl": "" });
  utimesSync(join(theirs, "dist/vpcctl"), 1, 1);
  chmodSync(join(theirs, "dist"), 0o555);
  // Root may write anywhere; in a user namespace without root it may not.
  const start = () => runProgram(["unshare", "--user", "--map-user=65534", "--map-group=65534", join(theirs, "vpcctl.sh")], "/");
  const { status, stdout, stderr } = start();
  expect({ status, stdout }).toEqual({ status: 5, stdout: "" });
  expect(stderr).toContain("older than a source");
  expect(stderr).toContain(`${join(theirs, "dist")} cannot be written (EACCES)`);
  chmodSync(join(theirs, "dist"), 0o755);
  rmSync(join(theirs, "dist"), { recursive: true });
  chmodSync(theirs, 0o555);
  expect(start()).toMatchObject({ status: 5, stderr: expect.stringContaining("not built yet") });
  chmodSync(theirs, 0o755);
});

test("it passes the exit status on", () => {
  expect(runProgram([launcher, "status"], "/").status).toBe(42);
});

test("variables that would change the runtime do not reach it", () => {
  const hostile = Object.fromEntries(variables.map((name) => [name, name === "BUN_BE_BUN" ? "1" : "--preload=./evil.js"]));
  expect(runProgram([launcher, "environment"], "/", hostile).stdout).toBe("[]\n");
});

test("without Node it says what it needs, why, and how to get it", () => {
  rmSync(join(checkout, "dist"), { recursive: true, force: true });
  const { status, stdout, stderr } = runProgram([launcher], "/", { PATH: temporaryDirectory() });
  expect({ status, stdout }).toEqual({ status: 5, stdout: "" });
  expect(stderr).toContain("needs Node 20 or newer with npm");
  expect(stderr).toContain("apt-get install nodejs npm");
});

test("a failed build keeps the executable that works, and tells the error", () => {
  runProgram([launcher], "/");
  const before = built();
  writeFiles(checkout, { "src/main.ts": "import { nothing } from './nowhere.ts'; nothing();\n" });
  utimesSync(join(checkout, "src/main.ts"), new Date(), new Date(Date.now() + 600_000));
  const { status, stderr } = runProgram([launcher], "/");
  expect(status).toBe(1);
  expect(stderr).toContain("nowhere.ts");
  expect(built()).toBe(before);
  expect(readdirSync(join(checkout, "dist"))).toEqual(["vpcctl"]);
});

test("it is executable and plain sh", () => {
  expect(statSync(launcher).mode & 0o111).toBe(0o111);
  expect(runProgram(["sh", "-n", launcher], "/").status).toBe(0);
});
