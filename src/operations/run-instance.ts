import { tryParseIpv4, type Ipv4 } from "../model/cidr.ts";
import { refuseProblems, VpcctlError, type Problem } from "../model/errors.ts";
import { instancesOf, type AttachedTo, type Instance, type InstanceWorkload, type RestartPolicy } from "../model/instance.ts";
import { limits } from "../model/limits.ts";
import { requireSubnet, requireVpc } from "../model/lookup.ts";
import { checkName, nameRule } from "../model/names.ts";
import { defaultGroup } from "../model/security-group.ts";
import { freeSlot, recordSlot } from "../model/slot-index.ts";
import { findInstance, type Subnet, type Vpc, type World } from "../model/world.ts";
import { freeHostAddress, hostAddressProblem, noFreeAddress, recordHost } from "./free-host-address.ts";
import { groupProblems, groupsToKeep } from "./group-input.ts";
import { newPublicAddress } from "./instance-public-address.ts";
import { withInstance, withVpc } from "./replace.ts";

export interface RunInstanceInput {
  readonly vpc: string;
  readonly subnet: string;
  readonly name: string;
  /** The lowest free address when absent. */
  readonly ip?: string;
  readonly securityGroups?: readonly string[];
  /** The subnet decides when absent. */
  readonly public?: boolean;
  readonly restart?: RestartPolicy;
  readonly command?: readonly string[];
  /** Its interface goes into a namespace that is there already. */
  readonly attachedTo?: AttachedTo;
}

/** As long as a program fails it is tried again, and one that has done its work is left in peace. */
export const defaultRestart: RestartPolicy = "on-failure";

/**
 * An instance that runs, with an address of the subnet that is its own for as long as it exists. The same again is no change.
 * Throws InvalidVpcID.NotFound, InvalidSubnetID.NotFound, InvalidGroup.NotFound, InvalidParameterValue, MissingParameter,
 * InvalidIPAddress.InUse, InsufficientFreeAddressesInSubnet, AddressLimitExceeded, SecurityGroupsPerInstanceLimitExceeded,
 * InstanceLimitExceeded, InvalidInstance.Duplicate.
 */
export function runInstance(world: World, input: RunInstanceInput): World {
  const wished = input.ip === undefined ? undefined : tryParseIpv4(input.ip);
  refuseProblems([...formProblems(input), ...(wished !== undefined && "problem" in wished ? [wished.problem] : [])]);
  const vpc = requireVpc(world, input.vpc);
  const subnet = requireSubnet(vpc, input.subnet);
  const existing = findInstance(vpc, input.name);
  if (existing !== undefined) {
    refuseOther(vpc, existing, input);
    return world;
  }
  const ip = wished !== undefined && "value" in wished ? wished.value : undefined;
  const slot = freeSlot(vpc);
  const problems = [...groupProblems(vpc, input.securityGroups ?? []), ...placeProblems(vpc, subnet, slot, ip), ...namespaceProblems(world, input)];
  const address = ip ?? freeHostAddress(vpc, subnet);
  refuseProblems(address === undefined ? [...problems, noFreeAddress(vpc, subnet)] : problems);
  if (address === undefined) return world;

  const instance = newInstance(world, subnet, input, address, slot);
  const changed = withInstance(vpc, instance);
  recordSlot(vpc.instances, changed.instances ?? {}, slot);
  recordHost(vpc, changed, subnet, address);
  return withVpc(world, changed);
}

function newInstance(world: World, subnet: Subnet, input: RunInstanceInput, address: Ipv4, slot: number): Instance {
  const securityGroups = groupsToKeep(input.securityGroups ?? []);
  const isPublic = input.public === true || subnet.mapPublicIp === true;
  const workload = workloadOf(input);
  return {
    name: input.name,
    subnet: subnet.name,
    address,
    slot,
    state: "running",
    ...(securityGroups === undefined ? {} : { securityGroups }),
    ...(isPublic ? { associatePublicIp: true, publicAddress: newPublicAddress(world) } : {}),
    ...(workload === undefined ? {} : { workload }),
    ...(input.attachedTo === undefined ? {} : { attachedTo: input.attachedTo }),
  };
}

function workloadOf({ command = [], restart = defaultRestart }: RunInstanceInput): InstanceWorkload | undefined {
  return command.length === 0 ? undefined : { command, restart };
}

/** What can be said without a World. */
function formProblems({ name, restart, command }: RunInstanceInput): Problem[] {
  const problems: Problem[] = [];
  if (name === undefined) {
    problems.push({ code: "MissingParameter", message: "The instance has no name.", hint: "Give it one: --name web1" });
  } else {
    const message = checkName("instance", name);
    if (message !== undefined) problems.push({ code: "InvalidParameterValue", message, hint: nameRule });
  }
  if (restart !== undefined && (command ?? []).length === 0) {
    const hint = "Give the program after --, for example: -- python3 -m http.server 80";
    problems.push({ code: "MissingParameter", message: "--restart is about a program, and there is none.", hint });
  }
  if (command?.[0] === "") {
    problems.push({ code: "InvalidParameterValue", message: "The program's name is empty.", hint: "Give the program after --, for example: -- sleep 1000" });
  }
  return problems;
}

function placeProblems(vpc: Vpc, subnet: Subnet, slot: number, ip: Ipv4 | undefined): Problem[] {
  const problem = ip === undefined ? undefined : hostAddressProblem(vpc, subnet, ip);
  const problems = problem === undefined ? [] : [problem];
  if (slot < limits.attachmentsPerVpc.value) return problems;
  const message = `VPC ${vpc.name} has ${slot} subnets and instances, and no more fit.`;
  return [...problems, { code: "InstanceLimitExceeded", message, hint: limits.attachmentsPerVpc.why }];
}

/** One namespace has one default route, so it is one instance. */
function namespaceProblems(world: World, { attachedTo }: RunInstanceInput): Problem[] {
  if (attachedTo === undefined) return [];
  return Object.values(world.vpcs).flatMap((vpc) =>
    instancesOf(vpc)
      .filter((other) => other.attachedTo?.inode === attachedTo.inode)
      .map(({ name }): Problem => {
        const message = `The network namespace of process ${attachedTo.pid} is that of instance ${vpc.name}/${name}.`;
        return { code: "HostConflict", message, hint: `Take it from there first: vpcctl terminate-instance ${vpc.name} ${name}` };
      }),
  );
}

/** Throws InvalidInstance.Duplicate when the instance is not what is asked for. */
function refuseOther(vpc: Vpc, instance: Instance, input: RunInstanceInput): void {
  const wanted = workloadOf(input);
  const groups = groupsToKeep(input.securityGroups ?? []) ?? [defaultGroup];
  const aspects: readonly (readonly [what: string, is: string, asked: string])[] = [
    ["subnet", instance.subnet, input.subnet],
    ["address", instance.address, input.ip ?? instance.address],
    ["security groups", (instance.securityGroups ?? [defaultGroup]).join(", "), groups.join(", ")],
    ["public address", instance.associatePublicIp === true ? "yes" : "no", input.public === true || instance.associatePublicIp === true ? "yes" : "no"],
    ["program", programText(instance.workload), programText(wanted)],
    ["namespace", placeText(instance.attachedTo), isSamePlace(instance.attachedTo, input.attachedTo) ? placeText(instance.attachedTo) : placeText(input.attachedTo)],
    ["restart", instance.workload?.restart ?? "", wanted?.restart ?? ""],
  ];
  const differences = aspects.filter(([, is, asked]) => is !== asked).map(([what, is, asked]) => `${what} ${is || "none"}, not ${asked || "none"}`);
  if (differences.length === 0) return;
  throw new VpcctlError({
    code: "InvalidInstance.Duplicate",
    message: `Instance ${vpc.name}/${instance.name} exists with ${differences.join("; ")}.`,
    hint: `Choose another name, change it (vpcctl modify-instance --help), or take it away first: vpcctl terminate-instance ${vpc.name} ${instance.name}`,
  });
}

/** Several processes may be in one namespace, by whichever of them it was named. */
const isSamePlace = (a: AttachedTo | undefined, b: AttachedTo | undefined): boolean => a?.inode === b?.inode;

function placeText(place: AttachedTo | undefined): string {
  return place === undefined ? "its own" : `${place.container ?? "of"} process ${place.pid} (net:[${place.inode}])`;
}

function programText(workload: InstanceWorkload | undefined): string {
  if (workload === undefined) return "";
  if (typeof workload.command === "string") return workload.command;
  return workload.command.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word))).join(" ");
}
