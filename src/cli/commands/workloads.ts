import { exitStatus } from "../../model/errors.ts";
import { visible } from "../../model/quote.ts";
import { listWorkloads } from "../../workloads/records.ts";
import { argvOf, type WorkloadStatus } from "../../workloads/workload.ts";
import type { Run } from "../command.ts";
import { shellWord } from "../shell-word.ts";
import { formatTable } from "../table.ts";
import { stateText } from "../workload-state.ts";

export const run: Run = ({ output }) => {
  const workloads = listWorkloads();
  if (output.json) {
    output.printJson({ workloads });
  } else if (workloads.length === 0) {
    output.print("No workload runs in the background.\n");
    output.hint('Start one: vpcctl run-workload VPC SUBNET "CMD" --detach --name NAME');
  } else {
    const heading = ["NAME", "SUBNET", "STATE", "PID", "SINCE", "COMMAND"].map((cell) => output.style("bold", cell));
    output.print(formatTable([heading, ...workloads.map(row)]));
  }
  return exitStatus.done;
};

function row({ name, vpc, subnet, state, pid, startedAt, command }: WorkloadStatus): string[] {
  const words = "shell" in command ? command.shell : argvOf(command).map(shellWord).join(" ");
  return [name, `${vpc}/${subnet}`, stateText(state), String(pid), startedAt.replace("T", " ").replace(/\.\d+Z$/, "Z"), visible(words)];
}
