import type { Workload } from "../workloads/workload.ts";
import type { Output } from "./output.ts";

/** Becomes the program; returns the exit status only when it could not be started. Whatever is to be recorded must be recorded before. */
export async function runInForeground(workload: Workload, output: Output): Promise<number> {
  const { runWorkload } = await import("../workloads/run-workload.ts");
  const { code, reason } = runWorkload(workload, (note) => output.warn(note));
  // 126 and 127, as a shell says it.
  output.warn(`${output.styleError("red", "Error:")} ${reason}`);
  return code;
}
