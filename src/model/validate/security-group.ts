import { checkName } from "../names.ts";
import { sayPeer } from "../say-rule.ts";
import { findSecurityGroup, type RulePeer } from "../security-group.ts";
import { findNamed, type Vpc, type World } from "../world.ts";
import { checkRecord, isRecord, type Problems } from "./checks.ts";
import { checkBlock } from "./network-acl.ts";
import { checkTraffic } from "./traffic.ts";

/** Checks the groups of a VPC for themselves. */
export function checkSecurityGroups(value: unknown, path: string, problems: Problems): void {
  checkRecord(value, path, "security group", problems, (group, at) => {
    if (group["description"] !== undefined && typeof group["description"] !== "string") problems.add(`${at}.description`, "is not a string");
    for (const direction of ["ingress", "egress"]) checkList(group[direction], `${at}.${direction}`, problems, checkRule);
  });
}

/** Checks the prefix lists of the World. */
export function checkPrefixLists(value: unknown, path: string, problems: Problems): void {
  checkRecord(value, path, "prefix list", problems, (list, at) => checkList(list["cidrs"], `${at}.cidrs`, problems, checkBlock));
}

/** Checks the policy of a subnet; absent is sound. */
export function checkPolicy(value: unknown, path: string, problems: Problems): void {
  if (value === undefined) return;
  if (!isRecord(value)) {
    problems.add(path, "is not an object");
    return;
  }
  checkList(value["ingress"], `${path}.ingress`, problems, checkPolicyRule);
  if (value["egress"] !== undefined) checkList(value["egress"], `${path}.egress`, problems, checkPolicyRule);
}

type Check = (value: unknown, path: string, problems: Problems) => void;

function checkList(value: unknown, path: string, problems: Problems, check: Check): void {
  if (Array.isArray(value)) value.forEach((part: unknown, at) => check(part, `${path}[${at}]`, problems));
  else problems.add(path, "is not a list");
}

function checkRule(rule: unknown, path: string, problems: Problems): void {
  if (!isRecord(rule)) {
    problems.add(path, "is not an object");
    return;
  }
  checkTraffic(rule, path, problems);
  const { peer } = rule;
  if (!isRecord(peer)) problems.add(`${path}.peer`, "is not an object");
  else if (peer["kind"] === "cidr") checkBlock(peer["cidr"], `${path}.peer.cidr`, problems);
  else if (peer["kind"] === "prefix-list") checkNameOf("prefix list", peer["name"], `${path}.peer.name`, problems);
  else if (peer["kind"] === "group") {
    checkNameOf("security group", peer["group"], `${path}.peer.group`, problems);
    if (peer["vpc"] !== undefined) checkNameOf("VPC", peer["vpc"], `${path}.peer.vpc`, problems);
  } else problems.add(`${path}.peer.kind`, "is not a known kind");
}

function checkPolicyRule(rule: unknown, path: string, problems: Problems): void {
  if (!isRecord(rule)) {
    problems.add(path, "is not an object");
    return;
  }
  checkTraffic(rule, path, problems);
  if (rule["action"] !== "allow" && rule["action"] !== "deny") problems.add(`${path}.action`, "is neither allow nor deny");
  if (rule["cidr"] !== undefined) checkBlock(rule["cidr"], `${path}.cidr`, problems);
}

function checkNameOf(kind: "prefix list" | "security group" | "VPC", value: unknown, path: string, problems: Problems): void {
  if (typeof value !== "string" || checkName(kind, value) !== undefined) problems.add(path, "is not a name");
}

/**
 * What needs the World as a whole, which is sound as far as shapes go: names that lead somewhere. A group of another VPC may be gone; then
 * its rules let nobody in.
 */
export function checkGroupReferences(world: World, problems: Problems): void {
  for (const vpc of Object.values(world.vpcs)) {
    const path = `vpcs.${vpc.name}`;
    for (const { name, securityGroups } of Object.values(vpc.subnets)) checkMembership(vpc, securityGroups, `${path}.subnets.${name}`, problems);
    for (const { name, securityGroups } of Object.values(vpc.instances ?? {})) checkMembership(vpc, securityGroups, `${path}.instances.${name}`, problems);
    for (const { name, ingress, egress } of Object.values(vpc.securityGroups ?? {})) {
      for (const { peer } of [...ingress, ...egress]) {
        if (isLost(world, vpc, peer)) problems.add(`${path}.securityGroups.${name}`, `names ${sayPeer(peer)}, which does not exist`);
      }
    }
  }
}

function checkMembership(vpc: Vpc, groups: readonly string[] = [], path: string, problems: Problems): void {
  for (const name of groups) if (findSecurityGroup(vpc, name) === undefined) problems.add(`${path}.securityGroups`, `names ${name}, which does not exist`);
}

function isLost(world: World, vpc: Vpc, peer: RulePeer): boolean {
  if (peer.kind === "prefix-list") return findNamed(world.prefixLists, peer.name) === undefined;
  return peer.kind === "group" && peer.vpc === undefined && findSecurityGroup(vpc, peer.group) === undefined;
}
