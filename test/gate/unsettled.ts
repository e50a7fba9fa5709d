import { describeResult } from "../support/command-result.ts";
import type { Scenario } from "./scenarios.ts";
import type { Workbench } from "./workbench.ts";

/** A command that was carried out finds nothing to do: kernel and World agree. Says so when it does. */
export async function unsettled(bench: Workbench, scenario: Scenario): Promise<string[]> {
  const result = await bench.run(scenario, "--dry-run", "--json");
  if (result.exitCode !== 0) return [describeResult(result)];
  const { stepCount, changes } = JSON.parse(result.stdout) as { stepCount: number; changes: readonly unknown[] };
  return stepCount === 0 && changes.length === 0 ? [] : [`there is still something to do: ${result.stdout}`];
}
