// One contender's whole life in its own sandbox. Runs inside the sandbox; prints action -> milliseconds.
import { writeFileSync } from "node:fs";
import { batchPath, contenders } from "./contenders.ts";
import { engineTimes } from "./engine-alone.ts";
import { programs } from "./programs.ts";
import { median } from "./statistics.ts";
import { timeProgram } from "./stopwatch.ts";
import { batchFile } from "./vpc.ts";

export type Times = Readonly<Record<string, number>>;

export function runContender(name: string, size: number): Times {
  const contender = contenders.find((known) => known.name === name);
  if (contender === undefined) throw new Error(`no contender is called ${name}`);
  writeFileSync(batchPath, batchFile(size));
  const times: Record<string, number> = contender.commands === undefined ? engineTimes(size) : {};
  for (const [action, commands] of Object.entries(contender.commands?.(size) ?? {})) {
    times[action] = median(commands.map(timeProgram));
    if (name === "tool" && action === "create") Object.assign(times, startTimes());
  }
  // A deleted namespace lives on in the background for a while. Both ends are measured: the command's and the kernel's.
  times["cleanup-settled"] = (times["cleanup"] ?? NaN) + timeProgram([programs.limit, "wait"]);
  return times;
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
  writeFileSync(batchPath, batchFile(size));
  timeProgram([programs.tool, "batch", batchPath]);
  return { connectivity: timeProgram([programs.tool, "test-connectivity", "bench"]) };
}
