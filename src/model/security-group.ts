import { anywhere, findNamed, type Named, type Vpc } from "./world.ts";
import { anywhere6, type Cidr6 } from "./cidr6.ts";
import type { Cidr4 } from "./cidr.ts";

/** Stateful and allow-only: what a rule allows may start, and its answers come back whatever the rules say. */
export interface SecurityGroup {
  readonly name: string;
  readonly description?: string;
  readonly ingress: readonly SecurityRule[];
  readonly egress: readonly SecurityRule[];
}

export interface SecurityRule extends Traffic {
  /** Where it comes from (ingress) or goes to (egress). */
  readonly peer: RulePeer;
}

/** Which packets a rule speaks of. */
export interface Traffic {
  readonly protocol: RuleProtocol;
  /** tcp and udp only; all ports when absent. */
  readonly ports?: PortRange;
  /** icmp and icmpv6 only; all types when absent. */
  readonly icmp?: IcmpType;
}

export type RuleProtocol = "tcp" | "udp" | "icmp" | "icmpv6" | "all";

export interface PortRange {
  /** 0..65535, both ends included. */
  readonly from: number;
  readonly to: number;
}

export interface IcmpType {
  /** 0..255. */
  readonly type: number;
  /** 0..255; all codes when absent. */
  readonly code?: number;
}

export type RulePeer =
  | { readonly kind: "cidr"; readonly cidr: Cidr4 | Cidr6 }
  /** Members of a group of this VPC, or, with `vpc`, of one that is peered with it. */
  | { readonly kind: "group"; readonly group: string; readonly vpc?: string }
  | { readonly kind: "prefix-list"; readonly name: string };

/** Stateful, in order, first match; what no ingress rule mentions is denied, and all egress is allowed when `egress` is absent. */
export interface SubnetPolicy {
  readonly ingress: readonly PolicyRule[];
  readonly egress?: readonly PolicyRule[];
}

export interface PolicyRule extends Traffic {
  readonly action: "allow" | "deny";
  /** Source (ingress) or destination (egress); anybody when absent. */
  readonly cidr?: Cidr4 | Cidr6;
}

/** The group everything is in that was put into no other. */
export const defaultGroup = "default";

/** What a new group lets out, as in EC2: everything. */
export const defaultEgress: readonly SecurityRule[] = [
  { protocol: "all", peer: { kind: "cidr", cidr: anywhere } },
  { protocol: "all", peer: { kind: "cidr", cidr: anywhere6 } },
];

/** As EC2 makes it: members reach each other, and everything outside. */
const untouchedDefault: SecurityGroup = {
  name: defaultGroup,
  description: "default VPC security group",
  ingress: [{ protocol: "all", peer: { kind: "group", group: defaultGroup } }],
  egress: defaultEgress,
};

/** All groups of the VPC, `default` first. */
export function securityGroupsOf(vpc: Vpc): Named<SecurityGroup> {
  return vpc.securityGroups === undefined ? onlyDefault : { ...onlyDefault, ...vpc.securityGroups };
}

const onlyDefault: Named<SecurityGroup> = { [defaultGroup]: untouchedDefault };

export function findSecurityGroup(vpc: Vpc, name: string): SecurityGroup | undefined {
  return findNamed(vpc.securityGroups, name) ?? (name === defaultGroup ? untouchedDefault : undefined);
}
