import type { Fault } from "../fault.ts";
import { findInstance, findSubnet, type Vpc } from "../world.ts";
import { isRecord, type Problems } from "./checks.ts";

const kinds: readonly unknown[] = ["partition", "link-down"] satisfies Fault["kind"][];

/** Checks the faults of a VPC, whose subnets and instances are sound: each is of a known kind, at places that exist. */
export function checkFaults(vpc: Vpc, path: string, problems: Problems): void {
  const faults: unknown = vpc.faults;
  if (faults === undefined) return;
  if (!Array.isArray(faults)) {
    problems.add(path, "is not a list");
    return;
  }
  for (const [at, fault] of (faults as readonly unknown[]).entries()) {
    if (!isRecord(fault) || !kinds.includes(fault["kind"])) {
      problems.add(`${path}[${at}]`, "is not a known fault");
      continue;
    }
    if (!isPlace(vpc, fault["a"])) problems.add(`${path}[${at}].a`, "is not a place of the VPC");
    const mayHaveOther = fault["kind"] === "partition";
    if (fault["b"] !== undefined && !(mayHaveOther && isPlace(vpc, fault["b"]))) problems.add(`${path}[${at}].b`, "is not a place of the VPC");
  }
}

function isPlace(vpc: Vpc, value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { subnet, instance } = value;
  if (typeof subnet === "string") return findSubnet(vpc, subnet) !== undefined;
  return typeof instance === "string" && findInstance(vpc, instance) !== undefined;
}
