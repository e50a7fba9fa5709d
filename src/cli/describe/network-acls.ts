// The network ACLs of a VPC: entries in the order in which they are asked, with the last one that nobody wrote.
import { networkAclsOf, defaultAcl, sayAclEntry, type NetworkAcl } from "../../model/network-acl.ts";
import type { Vpc } from "../../model/world.ts";

/** Rows for `describe`; none while there is only the default ACL as EC2 makes it, which denies nothing. */
export function networkAclRows(vpc: Vpc): string[][] {
  if (vpc.networkAcls === undefined) return [];
  const acls = Object.values(networkAclsOf(vpc));
  return [["├─ network ACLs"], ...acls.flatMap((acl, at) => aclRows(acl, subnetsOf(vpc, acl.name), at === acls.length - 1))];
}

function aclRows(acl: NetworkAcl, subnets: readonly string[], isLast: boolean): string[][] {
  const entries = (["ingress", "egress"] as const).flatMap((direction) => [
    ...acl[direction].map((entry) => [`${direction} ${entry.number}`, sayAclEntry(entry)]),
    [`${direction} *`, "deny all"],
  ]);
  return [
    [`│  ${isLast ? "└─" : "├─"} ${acl.name}`, subnets.length === 0 ? "no subnet" : `of ${subnets.join(", ")}`],
    ...entries.map(([where = "", what = ""], at) => [`│  ${isLast ? " " : "│"}  ${at === entries.length - 1 ? "└─" : "├─"} ${where}`, what]),
  ];
}

const subnetsOf = (vpc: Vpc, acl: string): string[] =>
  Object.values(vpc.subnets).flatMap(({ name, networkAcl = defaultAcl }) => (networkAcl === acl ? [name] : []));

export const networkAclsJson = (vpc: Vpc): object[] => Object.values(networkAclsOf(vpc)).map((acl) => ({ ...acl, subnets: subnetsOf(vpc, acl.name) }));
