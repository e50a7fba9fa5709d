import type { ApplyReport, Step } from "../drivers/driver.ts";
import type { World } from "../model/world.ts";
import type { Change } from "../plan/change.ts";

/** What one command did. */
export interface Report {
  readonly world: World;
  /** Changes to what the user means; empty when the command had nothing to do. */
  readonly changes: readonly Change[];
  /** Steps taken on the machine (or that would be taken, in a dry run). */
  readonly steps: readonly Step[];
  /** True when the World was right already and the machine was not: steps put it right. */
  readonly healed: boolean;
  /** True when an earlier command had been killed half-way and was first undone. */
  readonly recovered: boolean;
  readonly dryRun: boolean;
  readonly applied?: ApplyReport;
  readonly milliseconds: number;
}
