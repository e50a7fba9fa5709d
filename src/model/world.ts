// The World: what the user means, as plain JSON data. Verbs make a new World from an old one and share every part they did not
// change, so "is this part the same?" is a pointer comparison; the compiler lives off that.
//
// What few VPCs have is absent where there is none, and an absent part means EC2's default; accessors beside the nouns say which.
import type { Cidr4, Ipv4 } from "./cidr.ts";
import type { Cidr6 } from "./cidr6.ts";
import type { DhcpOptions } from "./dhcp-options.ts";
import type { DnsSettings } from "./dns.ts";
import type { Fault } from "./fault.ts";
import type { ElasticIp, NatGateway } from "./gateways.ts";
import type { Instance } from "./instance.ts";
import type { NetworkAcl } from "./network-acl.ts";
import type { Peering } from "./peering.ts";
import type { PrefixList } from "./prefix-list.ts";
import type { RouteTable } from "./route-table.ts";
import type { SecurityGroup, SubnetPolicy } from "./security-group.ts";
import type { SubnetShaping } from "./shaping.ts";

export type { Route, RouteTable, RouteTarget } from "./route-table.ts";

/** Named things, by name. */
export type Named<T> = Readonly<Record<string, T>>;

export interface World {
  /** Version of this layout; the store migrates older ones. */
  readonly schema: 3;
  readonly vpcs: Named<Vpc>;
  readonly peerings?: Named<Peering>;
  readonly elasticIps?: Named<ElasticIp>;
  readonly prefixLists?: Named<PrefixList>;
  /** Where public addresses come from; `defaultPublicPool` when absent. */
  readonly publicPool?: Cidr4;
}

export interface Vpc {
  readonly name: string;
  /** Smallest number free among the VPCs when this one was made, from 1. Gives the transit addresses of its internet gateway. */
  readonly number: number;
  readonly cidr: Cidr4;
  readonly secondaryCidrs?: readonly Cidr4[];
  /** A /56; each subnet has a /64 of it. */
  readonly ipv6Cidr?: Cidr6;
  readonly subnets: Named<Subnet>;
  /** Always holds the main one, as in EC2. */
  readonly routeTables: Named<RouteTable>;
  /** Name of the main route table; `main` when absent. */
  readonly mainRouteTable?: string;
  readonly internetGateway: boolean;
  /** For IPv6: out, and only answers back in. */
  readonly egressOnlyInternetGateway?: true;
  readonly natGateways?: Named<NatGateway>;
  /** Besides `default`, which is there when absent; see `securityGroupsOf`. */
  readonly securityGroups?: Named<SecurityGroup>;
  /** Besides `default`, which is there when absent; see `networkAclsOf`. */
  readonly networkAcls?: Named<NetworkAcl>;
  readonly instances?: Named<Instance>;
  readonly dns?: DnsSettings;
  readonly dhcpOptions?: DhcpOptions;
  readonly faults?: readonly Fault[];
}

export interface Subnet {
  readonly name: string;
  readonly cidr: Cidr4;
  /** A /64, when the VPC has IPv6. */
  readonly ipv6Cidr?: Cidr6;
  /** Place among the VPC's attachments, from 0; the smallest free one when the subnet was made. Decides the bridge it hangs on. */
  readonly slot: number;
  /** Name of the route table that it was associated with. Absent: it follows the VPC's main one, whichever that is; see `tableNameOf`. */
  readonly routeTable?: string;
  /** Name of the associated network ACL; `default` when absent. */
  readonly networkAcl?: string;
  /** Instances started here get a public address by themselves (EC2's MapPublicIpOnLaunch). */
  readonly mapPublicIp?: true;
  /** Public address of the subnet's own namespace. */
  readonly publicAddress?: Ipv4;
  /** Security groups of the subnet's own namespace; `default` alone when absent. */
  readonly securityGroups?: readonly string[];
  /** From a policy file; stands in the place of the security groups of everything in the subnet. */
  readonly policy?: SubnetPolicy;
  readonly shaping?: SubnetShaping;
}

export const emptyWorld: World = { schema: 3, vpcs: {} };

/** The route table that a VPC is made with: its main one until another is, and then one like others. */
export const defaultMainTable = "main";

/** The route table that enable-internet makes and disable-internet takes away. */
export const publicTable = "public";

/** The destination of a default route. */
export const anywhere = "0.0.0.0/0" as Cidr4;

export function findVpc(world: World, name: string): Vpc | undefined {
  return findNamed(world.vpcs, name);
}

export function findSubnet(vpc: Vpc, name: string): Subnet | undefined {
  return findNamed(vpc.subnets, name);
}

export function findRouteTable(vpc: Vpc, name: string): RouteTable | undefined {
  return findNamed(vpc.routeTables, name);
}

/** Name of the main route table: every subnet uses it that is associated with none. */
export const mainTableOf = (vpc: Vpc): string => vpc.mainRouteTable ?? defaultMainTable;

/** Name of the route table that what the subnet sends is looked up in. */
export const tableNameOf = (vpc: Vpc, subnet: Subnet): string => subnet.routeTable ?? mainTableOf(vpc);

export const routeTableOf = (vpc: Vpc, subnet: Subnet): RouteTable | undefined => findRouteTable(vpc, tableNameOf(vpc, subnet));

export function findInstance(vpc: Vpc, name: string): Instance | undefined {
  return findNamed(vpc.instances, name);
}

/** `constructor` is a valid name, and every plain object inherits one: only what was put in counts. */
export function findNamed<T>(record: Named<T> | undefined, name: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}
