import { isReserved } from "../addresses.ts";
import { containsAddress, tryParseIpv4 } from "../cidr.ts";
import type { InstanceState, RestartPolicy } from "../instance.ts";
import { limits } from "../limits.ts";
import { checkName } from "../names.ts";
import { findSubnet, type Vpc } from "../world.ts";
import { checkShaping } from "./shaping.ts";
import { checkRecord, checkUnique, isRecord, type Fields, type Problems } from "./checks.ts";

/** Checks the instances of a VPC for themselves: shapes, and what must be given once. */
export function checkInstances(value: unknown, path: string, problems: Problems): void {
  const instances = checkRecord(value, path, "instance", problems, checkInstance);
  checkUnique(instances, "slot", 0, limits.attachmentsPerVpc.value - 1, path, problems);
}

const states: readonly unknown[] = ["running", "stopped"] satisfies InstanceState[];
const policies: readonly unknown[] = ["always", "on-failure", "never"] satisfies RestartPolicy[];

function checkInstance(instance: Fields, path: string, problems: Problems): void {
  if (typeof instance["subnet"] !== "string") problems.add(`${path}.subnet`, "is not a name");
  checkAddress(instance["address"], `${path}.address`, problems);
  if (instance["publicAddress"] !== undefined) checkAddress(instance["publicAddress"], `${path}.publicAddress`, problems);
  if (!states.includes(instance["state"])) problems.add(`${path}.state`, "is neither running nor stopped");
  if (instance["associatePublicIp"] !== undefined && instance["associatePublicIp"] !== true) problems.add(`${path}.associatePublicIp`, "is not true");
  if (instance["sourceDestCheck"] !== undefined && instance["sourceDestCheck"] !== false) problems.add(`${path}.sourceDestCheck`, "is not false");
  checkGroups(instance["securityGroups"], `${path}.securityGroups`, problems);
  checkWorkload(instance["workload"], `${path}.workload`, problems);
  checkShaping(instance["shaping"], `${path}.shaping`, problems);
  checkAttachedTo(instance["attachedTo"], `${path}.attachedTo`, problems);
}

function checkAddress(value: unknown, path: string, problems: Problems): void {
  const parsed = typeof value === "string" ? tryParseIpv4(value) : undefined;
  if (parsed === undefined || "problem" in parsed) problems.add(path, "is not an IPv4 address");
}

/** Names of security groups; absent is sound. */
export function checkGroups(value: unknown, path: string, problems: Problems): void {
  if (value === undefined) return;
  const isList = Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === "string" && checkName("security group", name) === undefined);
  if (!isList) problems.add(path, "is not a list of names");
}

function checkWorkload(value: unknown, path: string, problems: Problems): void {
  if (value === undefined) return;
  if (!isRecord(value)) {
    problems.add(path, "is not an object");
    return;
  }
  const { command } = value;
  const isCommand = typeof command === "string" || (Array.isArray(command) && command.length > 0 && command.every((word) => typeof word === "string"));
  if (!isCommand) problems.add(`${path}.command`, "is neither a string nor a list of words");
  if (!policies.includes(value["restart"])) problems.add(`${path}.restart`, "is not a restart policy");
}

function checkAttachedTo(value: unknown, path: string, problems: Problems): void {
  if (value === undefined) return;
  const isNumber = (number: unknown): boolean => Number.isInteger(number) && Number(number) > 0;
  const isPlace = isRecord(value) && isNumber(value["pid"]) && isNumber(value["inode"]) && ["string", "undefined"].includes(typeof value["container"]);
  if (!isPlace) problems.add(path, "names no process");
}

/** What needs the VPC as a whole, which is sound as far as shapes go. */
export function checkInstancePlaces(vpc: Vpc, path: string, problems: Problems): void {
  const subnetSlots = new Map(Object.values(vpc.subnets).map(({ slot, name }) => [slot, name]));
  const owners = new Map<string, string>();
  for (const { name, subnet: subnetName, address, slot } of Object.values(vpc.instances ?? {})) {
    const subnet = findSubnet(vpc, subnetName);
    if (subnet === undefined) problems.add(`${path}.${name}.subnet`, `names ${subnetName}, which does not exist`);
    else if (!containsAddress(subnet.cidr, address) || isReserved(subnet.cidr, address)) {
      problems.add(`${path}.${name}.address`, `is ${address}, which no host of ${subnetName} may have`);
    }
    const owner = owners.get(address);
    if (owner !== undefined) problems.add(`${path}.${name}.address`, `is ${address}, which ${owner} has`);
    owners.set(address, name);
    const other = subnetSlots.get(slot);
    if (other !== undefined) problems.add(`${path}.${name}.slot`, `is ${slot}, which subnet ${other} has`);
  }
}
