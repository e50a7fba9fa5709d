import { exitStatus } from "../../model/errors.ts";
import { instancesOf, type Instance } from "../../model/instance.ts";
import { requireVpc } from "../../model/lookup.ts";
import { defaultGroup } from "../../model/security-group.ts";
import type { Vpc } from "../../model/world.ts";
import { programName, readRecord, stateOf } from "../../workloads/records.ts";
import type { WorkloadState } from "../../workloads/workload.ts";
import type { Run } from "../command.ts";
import { conditionOf, conditionText, type InstanceCondition, type LostPartOf } from "../instance-condition.ts";
import { formatTable } from "../table.ts";
import type { Wiring } from "../wiring.ts";
import { stateText } from "../workload-state.ts";

export const run: Run = async (invocation) => {
  const { output, wiring } = invocation;
  const world = await wiring.world();
  const only = invocation.optionalArgument("vpc");
  const vpcs = only === undefined ? Object.values(world.vpcs) : [requireVpc(world, only)];
  const lostPart = await whoKnowsLostParts(wiring, vpcs);
  const instances = vpcs.flatMap((vpc) => instancesOf(vpc).map((instance) => describe(vpc, instance, lostPart)));
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

/** Loads the driver only for those who have attached something. */
async function whoKnowsLostParts(wiring: Wiring, vpcs: readonly Vpc[]): Promise<LostPartOf> {
  const isAsked = vpcs.some((vpc) => instancesOf(vpc).some(({ attachedTo }) => attachedTo !== undefined));
  if (!isAsked) return () => undefined;
  const engine = await wiring.engine();
  return (vpc, instance) => engine.lostPart(vpc, instance);
}

type Described = Omit<Instance, "slot" | "workload" | "state"> &
  InstanceCondition & {
    readonly vpc: string;
    readonly securityGroups: readonly string[];
    readonly program?: { readonly command: string | readonly string[]; readonly restart: string; readonly state: WorkloadState | { readonly kind: "absent" } };
  };

function describe(vpc: Vpc, whole: Instance, lostPart: LostPartOf): Described {
  const { slot: _, workload, ...instance } = whole;
  const record = workload === undefined ? undefined : readRecord(programName(vpc.name, instance.name));
  const state = record === undefined ? ({ kind: "absent" } as const) : stateOf(record);
  const program = workload === undefined ? {} : { program: { ...workload, state } };
  return { ...instance, ...conditionOf(vpc, whole, lostPart), vpc: vpc.name, securityGroups: instance.securityGroups ?? [defaultGroup], ...program };
}

function row(instance: Described): string[] {
  const { vpc, name, subnet, address, publicAddress, securityGroups, program } = instance;
  const how = program === undefined ? "none" : program.state.kind === "absent" ? "not started" : stateText(program.state);
  return [`${vpc}/${name}`, subnet, address, publicAddress ?? "none", securityGroups.join(", "), `${conditionText(instance)}${whereText(instance)}`, how];
}

function whereText({ state, attachedTo }: Described): string {
  if (attachedTo === undefined) return "";
  const { container, pid } = attachedTo;
  return `, ${state === "lost" ? "was in" : "in"} ${container === undefined ? `process ${pid}` : `container ${container}`}`;
}
