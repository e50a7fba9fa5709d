import { anywhere6, isIpv6, type Cidr6 } from "./cidr6.ts";
import type { Cidr4 } from "./cidr.ts";
import { sayTraffic } from "./say-traffic.ts";
import type { Traffic } from "./security-group.ts";
import { anywhere, findNamed, type Named, type Subnet, type Vpc } from "./world.ts";

/** Stateless: each packet that crosses the subnet's edge is judged by itself, by the first entry (lowest number) that fits; else denied. */
export interface NetworkAcl {
  readonly name: string;
  /** In ascending order of their numbers. */
  readonly ingress: readonly AclEntry[];
  readonly egress: readonly AclEntry[];
}

export interface AclEntry extends Traffic {
  /** 1..32766, unique in its direction. */
  readonly number: number;
  readonly action: "allow" | "deny";
  /** Source (ingress) or destination (egress). */
  readonly cidr: Cidr4 | Cidr6;
}

/** `allow tcp 80 10.0.0.0/8`. */
export const sayAclEntry = (entry: AclEntry): string => `${entry.action} ${sayTraffic(entry)} ${entry.cidr}`;

/** How many entries of a direction are for one of the address families; the last, `*`, counts as one of each. */
export const countOfFamily = (entries: readonly AclEntry[], ipv6: boolean): number => entries.filter((entry) => isIpv6(entry.cidr) === ipv6).length + 1;

/** The ACL of every subnet that was given no other. */
export const defaultAcl = "default";

const allowAll: readonly AclEntry[] = [
  { number: 100, action: "allow", protocol: "all", cidr: anywhere },
  { number: 101, action: "allow", protocol: "all", cidr: anywhere6 },
];
/** As EC2 makes it: it allows everything. */
export const untouchedDefaultAcl: NetworkAcl = { name: defaultAcl, ingress: allowAll, egress: allowAll };

/** All ACLs of the VPC, `default` first. */
export function networkAclsOf(vpc: Vpc): Named<NetworkAcl> {
  return { [defaultAcl]: untouchedDefaultAcl, ...vpc.networkAcls };
}

export function findNetworkAcl(vpc: Vpc, name: string): NetworkAcl | undefined {
  return findNamed(vpc.networkAcls, name) ?? (name === defaultAcl ? untouchedDefaultAcl : undefined);
}

/** The ACL that a subnet is associated with. */
export function aclOf(vpc: Vpc, subnet: Subnet): NetworkAcl {
  return findNetworkAcl(vpc, subnet.networkAcl ?? defaultAcl) ?? untouchedDefaultAcl;
}

/** Is everything allowed in both directions, so that nobody could tell that there is an ACL? */
export function allowsEverything({ ingress, egress }: NetworkAcl, hasIpv6: boolean): boolean {
  return [ingress, egress].every((entries) => isOpen(entries, false) && (!hasIpv6 || isOpen(entries, true)));
}

/** Does no packet of the address family meet a denial before an entry that allows all? */
function isOpen(entries: readonly AclEntry[], ipv6: boolean): boolean {
  const telling = entries.filter((entry) => isIpv6(entry.cidr) === ipv6).find((entry) => entry.action === "deny" || isEverything(entry));
  return telling?.action === "allow";
}

const isEverything = ({ protocol, cidr }: AclEntry): boolean => protocol === "all" && (cidr === anywhere || cidr === anywhere6);
