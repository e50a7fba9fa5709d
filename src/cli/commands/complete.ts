import { exitStatus } from "../../model/errors.ts";
import type { Run } from "../command.ts";
import { commands } from "../commands.ts";
import { completionCandidates } from "../completion/candidates.ts";

export const run: Run = async ({ output, trailing = [], wiring }) => {
  const candidates = await completionCandidates(trailing, commands, {
    world: () => wiring.world(),
    workloads: async () => (await import("../../workloads/records.ts")).allRecords().map((workload) => workload.name),
  });
  output.print(candidates.map((candidate) => `${candidate}\n`).join(""));
  return exitStatus.done;
};
