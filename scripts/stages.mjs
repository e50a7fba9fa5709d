// What `npm test` consists of: static checks, the build, then the tests, one stage per directory that holds any, so none is forgotten.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { bun } from "./bootstrap.mjs";
import { root } from "./checkout.mjs";

/**
 * @typedef {object} Stage
 * @property {string} name
 * @property {string} program
 * @property {readonly string[]} args
 * @property {number} budget seconds; a stage that takes longer is ended and counts as failed. All but the gate together stay under 30 minutes.
 * @property {boolean} countsTests whether the result is a number of tests, or one pass or failure
 * @property {boolean} onlyWhenNamed
 */

/** @type {readonly Pick<Stage, "name" | "program" | "args" | "budget">[]} */
const checks = [
  { name: "typecheck", program: bin("tsc"), args: ["--noEmit"], budget: 30 },
  { name: "lint", program: bin("oxlint"), args: [], budget: 30 },
  { name: "knip", program: bin("knip"), args: ["--no-progress"], budget: 30 },
  // The tests of the command line run the executable that users run.
  { name: "build", program: process.execPath, args: [join(root, "scripts/build.mjs")], budget: 30 },
];

/** Seconds for test directories that need more or less than `otherBudget`. @type {Readonly<Record<string, number>>} */
const budgets = { unit: 100, repository: 10, analysis: 10, bench: 10, cli: 20, golden: 10, netns: 1280 };
const otherBudget = 60;

/** Stages that run only when named. The gate takes as long as it takes, within a working day. @type {Readonly<Record<string, number>>} */
const longStages = { gate: 6 * 3600 };

/** @returns {Stage[]} */
export function allStages() {
  const entries = readdirSync(join(root, "test"), { withFileTypes: true });
  const directories = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name).toSorted();
  return [
    ...checks.map((check) => ({ ...check, countsTests: false, onlyWhenNamed: false })),
    ...testStage("unit", [...testsBelow("src"), ...testsBelow("scripts")]),
    ...testStage("repository", testsIn("test")),
    ...directories.flatMap((name) => testStage(name, testsBelow(`test/${name}`))),
  ];
}

/** @param {string} name @param {readonly string[]} files @returns {Stage[]} */
function testStage(name, files) {
  if (files.length === 0) return [];
  // Building namespaces on a busy machine takes its time; a test that hangs is still ended.
  const args = ["test", "--timeout=120000", "--only-failures", ...files];
  const budget = longStages[name] ?? budgets[name] ?? otherBudget;
  return [{ name, program: bun, args, budget, countsTests: true, onlyWhenNamed: name in longStages }];
}

/** @param {string} directory */
function testsIn(directory) {
  return readdirSync(join(root, directory)).filter((name) => name.endsWith(".test.ts")).map((name) => `./${directory}/${name}`);
}

/** @param {string} directory */
function testsBelow(directory) {
  if (!existsSync(join(root, directory))) return [];
  const names = readdirSync(join(root, directory), { recursive: true, encoding: "utf8" });
  return names.filter((name) => name.endsWith(".test.ts")).toSorted().map((name) => `./${directory}/${name}`);
}

/** @param {string} name */
function bin(name) {
  return join(root, "node_modules/.bin", name);
}
