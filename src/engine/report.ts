import type { ApplyReport, Step } from "../drivers/driver.ts";
import type { World } from "../model/world.ts";
import type { Change } from "../plan/change.ts";

export interface EndedProcess {
  readonly pid: number;
  readonly name: string;
}

/** What one command did. */
export interface Report {
  readonly world: World;
  /** Whether what the user means is another than before. */
  readonly isChanged: boolean;
  /** In what, in words; empty when in nothing. Found out when somebody asks: most answers do without. */
  readonly changes: readonly Change[];
  /** Steps taken on the machine (or that would be taken, in a dry run). */
  readonly steps: readonly Step[];
  /** True when the World was right already and the machine was not: steps put it right. */
  readonly healed: boolean;
  /** True when an earlier command had been killed half-way and was first undone. */
  readonly recovered: boolean;
  readonly dryRun: boolean;
  /** Processes that ran in namespaces which had to go, and were ended. */
  readonly endedProcesses: readonly EndedProcess[];
  readonly applied?: ApplyReport;
  readonly milliseconds: number;
}
