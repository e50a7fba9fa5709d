// Runs the stages one after the other, all of them even when one fails, and ends with one line: `N passed, N failed`.
//
//   node scripts/test.mjs            everything but the gate
//   node scripts/test.mjs lint unit  these stages
//
// A check counts as one; a test stage counts its tests. A skipped test counts as failed, and so does a stage in which nothing ran.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bootstrap } from "./bootstrap.mjs";
import { asOwner, root } from "./checkout.mjs";
import { giveUp, say } from "./say.mjs";
import { allStages } from "./stages.mjs";

// Tests start nft, sysctl and bridge; the directory of these is not in everybody's PATH.
process.env["PATH"] = `${process.env["PATH"]}:/usr/sbin:/sbin`;

const scratch = mkdtempSync(join(tmpdir(), "vpcctl-test-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));

const began = performance.now();
bootstrap("test");
const bootstrapSeconds = secondsSince(began);
const stages = chosenStages(process.argv.slice(2));
/** @typedef {{ stage: import("./stages.mjs").Stage, passed: number, failed: number, seconds: number }} Row */
/** @type {Row[]} */
const rows = [];
for (const stage of stages) {
  say(`\n--- ${stage.name}`);
  rows.push(await run(stage));
}
report();

/** @param {readonly string[]} names */
function chosenStages(names) {
  const all = allStages();
  const unknown = names.filter((name) => !all.some((stage) => stage.name === name));
  if (unknown.length > 0) giveUp(`No stage is called ${unknown.join(", ")}. There are: ${all.map(({ name }) => name).join(", ")}.`, 2);
  return all.filter((stage) => (names.length === 0 ? !stage.onlyWhenNamed : names.includes(stage.name)));
}

/** @param {import("./stages.mjs").Stage} stage @returns {Promise<Row>} */
async function run(stage) {
  const start = performance.now();
  const counts = join(scratch, `${stage.name}.xml`);
  const reporter = stage.countsTests ? ["--reporter=junit", `--reporter-outfile=${counts}`] : [];
  const { status, late } = await finish(stage, reporter);
  if (late) say(`${stage.name} was ended after ${stage.budget} seconds, its budget.`);
  const ok = status === 0;
  const { passed, failed } = stage.countsTests ? count(counts) : { passed: Number(ok), failed: Number(!ok) };
  // The runner itself can fail without a failed test: a file that does not load, an error between tests, the budget.
  return { stage, passed, failed: ok ? failed : Math.max(failed, 1), seconds: secondsSince(start) };
}

/**
 * Runs a command in a process group of its own, so that nothing it started outlives its budget or our interruption.
 * @param {import("./stages.mjs").Stage} stage @param {readonly string[]} moreArgs
 * @returns {Promise<{ status: number | null, late: boolean }>}
 */
function finish(stage, moreArgs) {
  return new Promise((resolve) => {
    // Checks read the checkout only; tests need the rights of whoever runs them.
    const user = stage.countsTests ? {} : asOwner();
    const child = spawn(stage.program, [...stage.args, ...moreArgs], { cwd: root, stdio: ["ignore", "inherit", "inherit"], detached: true, ...user });
    const end = () => endGroup(child.pid);
    const interrupted = () => (end(), process.exit(130));
    let late = false;
    const timer = setTimeout(() => ((late = true), end()), stage.budget * 1000);
    process.on("SIGINT", interrupted).on("SIGTERM", interrupted);
    /** @param {number | null} status */
    const settle = (status) => {
      clearTimeout(timer);
      end();
      process.off("SIGINT", interrupted).off("SIGTERM", interrupted);
      resolve({ status, late });
    };
    child.on("exit", settle);
    child.on("error", (error) => (say(error.message), settle(null)));
  });
}

/** @param {number | undefined} leader undefined when the program did not start */
function endGroup(leader) {
  try {
    if (leader !== undefined) process.kill(-leader, "SIGKILL");
  } catch {
    // Nobody is left in it: the usual case.
  }
}

/** Reads the totals of a JUnit report. @param {string} file */
function count(file) {
  let head;
  try {
    head = readFileSync(file, "utf8").match(/<testsuites [^>]*>/)?.[0] ?? "";
  } catch {
    return { passed: 0, failed: 1 };
  }
  /** @param {string} attribute */
  const total = (attribute) => Number(head.match(new RegExp(` ${attribute}="(\\d+)"`))?.[1] ?? 0);
  const failed = total("failures") + total("errors") + total("skipped");
  if (total("tests") === 0) return { passed: 0, failed: 1 };
  return { passed: total("tests") - failed, failed };
}

function report() {
  console.log("");
  reportLine("bootstrap", "", bootstrapSeconds);
  for (const { stage, passed, failed, seconds } of rows) reportLine(stage.name, `${passed} passed, ${failed} failed`, seconds, ` of ${stage.budget}`);
  reportLine("all", "", secondsSince(began));
  const passed = rows.reduce((sum, row) => sum + row.passed, 0);
  const failed = rows.reduce((sum, row) => sum + row.failed, 0);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}

/** @param {string} name @param {string} result @param {number} seconds */
function reportLine(name, result, seconds, budget = "") {
  console.log(`${name.padEnd(12)} ${result.padEnd(24)} ${seconds.toFixed(1).padStart(7)} s${budget}`);
}

/** @param {number} start */
function secondsSince(start) {
  return (performance.now() - start) / 1000;
}
