import { tryParseCidr } from "../cidr-any.ts";
import { isIpv6 } from "../cidr6.ts";
import { limits } from "../limits.ts";
import { findNetworkAcl } from "../network-acl.ts";
import type { Vpc } from "../world.ts";
import { checkRecord, isRecord, type Fields, type Problems } from "./checks.ts";
import { checkTraffic } from "./traffic.ts";

/** Checks the network ACLs of a VPC for themselves. */
export function checkNetworkAcls(value: unknown, path: string, problems: Problems): void {
  checkRecord(value, path, "network ACL", problems, checkAcl);
}

/** What needs the VPC as a whole, which is sound as far as shapes go. */
export function checkAclPlaces(vpc: Vpc, path: string, problems: Problems): void {
  for (const { name, networkAcl } of Object.values(vpc.subnets)) {
    if (networkAcl === undefined) continue;
    const exists = typeof networkAcl === "string" && findNetworkAcl(vpc, networkAcl) !== undefined;
    if (!exists) problems.add(`${path}.subnets.${name}.networkAcl`, `names ${String(networkAcl)}, which does not exist`);
  }
}

function checkAcl(acl: Fields, path: string, problems: Problems): void {
  for (const direction of ["ingress", "egress"]) {
    const entries: unknown = acl[direction];
    if (Array.isArray(entries)) checkEntries(entries, `${path}.${direction}`, problems);
    else problems.add(`${path}.${direction}`, "is not a list");
  }
}

function checkEntries(entries: readonly unknown[], path: string, problems: Problems): void {
  const most = limits.networkAclEntries.value;
  for (const ipv6 of [false, true]) {
    const ofFamily = entries.filter((entry) => isRecord(entry) && isIpv6(String(entry["cidr"])) === ipv6);
    // The last one, `*`, counts too and is not written down.
    if (ofFamily.length >= most) problems.add(path, `has more than ${most} entries for ${ipv6 ? "IPv6" : "IPv4"}`);
  }
  let previous = 0;
  for (const [at, entry] of entries.entries()) {
    if (!isRecord(entry)) {
      problems.add(`${path}[${at}]`, "is not an object");
      continue;
    }
    const { number } = entry;
    if (!Number.isInteger(number) || Number(number) < 1 || Number(number) > limits.networkAclEntryNumber.value) {
      problems.add(`${path}[${at}].number`, `is not a whole number from 1 to ${limits.networkAclEntryNumber.value}`);
    } else if (Number(number) <= previous) problems.add(`${path}[${at}].number`, `is ${Number(number)}, which does not come after ${previous}`);
    else previous = Number(number);
    if (entry["action"] !== "allow" && entry["action"] !== "deny") problems.add(`${path}[${at}].action`, "is neither allow nor deny");
    checkTraffic(entry, `${path}[${at}]`, problems);
    checkBlock(entry["cidr"], `${path}[${at}].cidr`, problems);
  }
}

/** A block of either kind in its one canonical form. */
export function checkBlock(value: unknown, path: string, problems: Problems): void {
  const parsed = typeof value === "string" ? tryParseCidr(value) : undefined;
  if (parsed === undefined) problems.add(path, "is not a CIDR block");
  else if ("problem" in parsed) problems.add(path, `is wrong: ${parsed.problem.message}`);
  else if (parsed.value !== value) problems.add(path, `is not written as ${parsed.value}`);
}
