// `npm run bench`: how near this tool is to what the kernel can do, and how far from the usual way. See README.md for how to read it.
//
// The same file is started again inside each sandbox with the name of an inside job as its first word.
import { mkdirSync } from "node:fs";
import { measureControlPlane } from "./control-plane.ts";
import { runConnectivity, runContender } from "./control-plane-inside.ts";
import { measureDataPlane } from "./data-plane.ts";
import { runDataPlane } from "./data-plane-inside.ts";
import { parseOptions } from "./options.ts";
import type { PlanName } from "./plans.ts";
import { measurePolicy } from "./policy.ts";
import { runPolicy } from "./policy-inside.ts";
import { makePrograms } from "./programs.ts";
import { printReport, writeResults } from "./report.ts";
import { dumpAfter, requireSameObjects } from "./same-objects.ts";

const insideJobs: Readonly<Record<string, (words: readonly string[]) => unknown>> = {
  __contender: ([name = "", plan, size]) => runContender(name, plan as PlanName, Number(size)),
  __connectivity: ([size]) => runConnectivity(Number(size)),
  __dump: ([name = "", plan]) => dumpAfter(name, plan as PlanName),
  __policy: ([rounds]) => runPolicy(Number(rounds)),
  "__data-plane": ([rounds]) => runDataPlane(Number(rounds)),
};

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

function bench(words: readonly string[]): void {
  const options = parseOptions(words);
  makePrograms();
  say("checking that everybody builds the same ...");
  requireSameObjects();
  const samples = [...measureControlPlane(options, say), ...measureDataPlane(options, say), ...measurePolicy(options, say)];
  printReport(samples, options.sizes);
  writeResults(samples, options, say);
}

const [first = "", ...rest] = process.argv.slice(2);
const job = insideJobs[first];
if (job !== undefined) {
  mkdirSync("/run/state", { recursive: true });
  process.stdout.write(JSON.stringify(await job(rest)));
} else {
  try {
    bench(process.argv.slice(2));
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
