// One contender's whole life in its own sandbox. Runs inside the sandbox; prints action -> milliseconds.
import { writeFileSync } from "node:fs";
import { batchPath, type CommandLine, contenderOf, nftPath, oneMore } from "./contenders.ts";
import { engineTimes } from "./engine-alone.ts";
import { type PlanName, plans, writeNftables } from "./plans.ts";
import { programs } from "./programs.ts";
import { median } from "./statistics.ts";
import { timeProgram } from "./stopwatch.ts";

export type Times = Readonly<Record<string, number>>;

export function runContender(name: string, plan: PlanName, size: number): Times {
  const contender = contenderOf(name);
  writeFileSync(batchPath, `${plans[plan].lines(size).join("\n")}\n`);
  if (name === "c" || name === "shell") writeNftables(nftPath, plan, size, oneMore(size));
  const times: Record<string, number> = contender.inside === true ? engineTimes(plan, size) : {};
  for (const [action, commands] of Object.entries(contender.commands?.(plan, size) ?? {})) {
    Object.assign(times, besideStart.includes(action) ? timesBesideStart(action, commands) : { [action]: median(commands.map(timeProgram)) });
    if (name === "tool" && action === "create") Object.assign(times, startTimes());
  }
  // A deleted namespace lives on in the background for a while. Both ends are measured: the command's and the kernel's.
  times["cleanup-settled"] = (times["cleanup"] ?? NaN) + timeProgram([programs.limit, "wait"]);
  return times;
}

/** Of these it matters what they take beyond the start of a program, so one that does nothing is started in between, each time. */
const besideStart = ["add-rule", "add-member"];

function timesBesideStart(action: string, commands: readonly CommandLine[]): Times {
  const pairs = commands.map((words) => [timeProgram([programs.empty]), timeProgram(words)] as const);
  return { [`${action}-empty`]: median(pairs.map(([empty]) => empty)), [action]: median(pairs.map(([, whole]) => whole)) };
}

/** Processes this short are measured often, in turns, and only their medians are kept. */
const startRepetitions = 21;

function startTimes(): Times {
  const list: number[] = [];
  const empty: number[] = [];
  for (let i = 0; i < startRepetitions; i++) {
    list.push(timeProgram([programs.tool, "list"]));
    empty.push(timeProgram([programs.empty]));
  }
  return { list: median(list), "empty-program": median(empty) };
}

/** `test-connectivity`: every pair of subnets and the way to the internet, in milliseconds. */
export function runConnectivity(size: number): Times {
  writeFileSync(batchPath, `${plans.subnets.lines(size).join("\n")}\n`);
  timeProgram([programs.tool, "batch", batchPath]);
  return { connectivity: timeProgram([programs.tool, "test-connectivity", "bench"]) };
}
