import { exitStatus } from "../../model/errors.ts";
import { instancesOf, type Instance } from "../../model/instance.ts";
import { requireVpc } from "../../model/lookup.ts";
import { defaultGroup } from "../../model/security-group.ts";
import type { Vpc } from "../../model/world.ts";
import { programName, readRecord, stateOf } from "../../workloads/records.ts";
import type { WorkloadState } from "../../workloads/workload.ts";
import type { Run } from "../command.ts";
import { formatTable } from "../table.ts";
import { stateText } from "../workload-state.ts";

export const run: Run = async (invocation) => {
  const { output, wiring } = invocation;
  const world = await wiring.world();
  const only = invocation.optionalArgument("vpc");
  const vpcs = only === undefined ? Object.values(world.vpcs) : [requireVpc(world, only)];
  const instances = vpcs.flatMap((vpc) => instancesOf(vpc).map((instance) => describe(vpc, instance)));
  if (output.json) {
    output.printJson({ instances });
  } else if (instances.length === 0) {
    output.print(only === undefined ? "There are no instances.\n" : `VPC ${only} has no instances.\n`);
    output.hint("Start one: vpcctl run-instance VPC SUBNET --name NAME");
  } else {
    const heading = ["INSTANCE", "SUBNET", "ADDRESS", "PUBLIC ADDRESS", "SECURITY GROUPS", "STATE", "PROGRAM"].map((cell) => output.style("bold", cell));
    output.print(formatTable([heading, ...instances.map(row)]));
  }
  return exitStatus.done;
};

interface Described extends Omit<Instance, "slot" | "workload"> {
  readonly vpc: string;
  readonly securityGroups: readonly string[];
  readonly program?: { readonly command: string | readonly string[]; readonly restart: string; readonly state: WorkloadState | { readonly kind: "absent" } };
}

function describe(vpc: Vpc, whole: Instance): Described {
  const { slot: _, workload, ...instance } = whole;
  const record = workload === undefined ? undefined : readRecord(programName(vpc.name, instance.name));
  const state = record === undefined ? ({ kind: "absent" } as const) : stateOf(record);
  const program = workload === undefined ? {} : { program: { ...workload, state } };
  return { ...instance, vpc: vpc.name, securityGroups: instance.securityGroups ?? [defaultGroup], ...program };
}

function row({ vpc, name, subnet, address, publicAddress, securityGroups, state, program, attachedTo }: Described): string[] {
  const how = program === undefined ? "none" : program.state.kind === "absent" ? "not started" : stateText(program.state);
  const where = attachedTo === undefined ? "" : `, in ${attachedTo.container === undefined ? `process ${attachedTo.pid}` : `container ${attachedTo.container}`}`;
  return [`${vpc}/${name}`, subnet, address, publicAddress ?? "none", securityGroups.join(", "), `${state}${where}`, how];
}
