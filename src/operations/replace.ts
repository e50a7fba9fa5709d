// How a verb makes a new World: copy the records on the way to the change, share all else. The keys keep their order.
import type { ElasticIp, NatGateway } from "../model/gateways.ts";
import type { NetworkAcl } from "../model/network-acl.ts";
import type { Instance } from "../model/instance.ts";
import type { PrefixList } from "../model/prefix-list.ts";
import type { SecurityGroup } from "../model/security-group.ts";
import { peeringsOf, type Peering } from "../model/peering.ts";
import type { RouteTable, Subnet, Vpc, World } from "../model/world.ts";

/** The World with this VPC in place of the one with its name, or added. */
export function withVpc(world: World, vpc: Vpc): World {
  return { ...world, vpcs: { ...world.vpcs, [vpc.name]: vpc } };
}

/** Its peerings go with it; routes of other VPCs that lead over them stay, as blackholes. */
export function withoutVpc(world: World, name: string): World {
  const gone = peeringsOf(world, name).map(({ peering }) => peering.name);
  return withoutPeerings({ ...world, vpcs: without(world.vpcs, name) }, new Set(gone));
}

export function withPeering(world: World, peering: Peering): World {
  return { ...world, peerings: { ...world.peerings, [peering.name]: peering } };
}

export function withoutPeerings(world: World, names: ReadonlySet<string>): World {
  if (names.size === 0) return world;
  const { peerings = {}, ...rest } = world;
  const left = Object.values(peerings).filter(({ name }) => !names.has(name));
  return left.length === 0 ? rest : { ...rest, peerings: Object.fromEntries(left.map((peering) => [peering.name, peering])) };
}

export function withSubnet(vpc: Vpc, subnet: Subnet): Vpc {
  // In two steps: a copy with one more key in the same literal takes half as long again, and a batch copies a thousand times.
  const subnets: Record<string, Subnet> = { ...vpc.subnets };
  subnets[subnet.name] = subnet;
  return { ...vpc, subnets };
}

export function withoutSubnet(vpc: Vpc, name: string): Vpc {
  return { ...vpc, subnets: without(vpc.subnets, name) };
}

export function withInstance(vpc: Vpc, instance: Instance): Vpc {
  const instances: Record<string, Instance> = { ...vpc.instances };
  instances[instance.name] = instance;
  return { ...vpc, instances };
}

export function withoutInstances(vpc: Vpc, names: ReadonlySet<string>): Vpc {
  const { instances = {}, ...rest } = vpc;
  const left = Object.values(instances).filter(({ name }) => !names.has(name));
  return left.length === 0 ? rest : { ...rest, instances: Object.fromEntries(left.map((instance) => [instance.name, instance])) };
}

export function withRouteTable(vpc: Vpc, table: RouteTable): Vpc {
  return { ...vpc, routeTables: { ...vpc.routeTables, [table.name]: table } };
}

export function withoutRouteTable(vpc: Vpc, name: string): Vpc {
  return { ...vpc, routeTables: without(vpc.routeTables, name) };
}

export function withSecurityGroup(vpc: Vpc, group: SecurityGroup): Vpc {
  return { ...vpc, securityGroups: { ...vpc.securityGroups, [group.name]: group } };
}

export function withoutSecurityGroup({ securityGroups = {}, ...vpc }: Vpc, name: string): Vpc {
  const others = without(securityGroups, name);
  return Object.keys(others).length === 0 ? vpc : { ...vpc, securityGroups: others };
}

export function withPrefixList(world: World, list: PrefixList): World {
  return { ...world, prefixLists: { ...world.prefixLists, [list.name]: list } };
}

export function withoutPrefixList({ prefixLists = {}, ...world }: World, name: string): World {
  const others = without(prefixLists, name);
  return Object.keys(others).length === 0 ? world : { ...world, prefixLists: others };
}

export function withNetworkAcl(vpc: Vpc, acl: NetworkAcl): Vpc {
  return { ...vpc, networkAcls: { ...vpc.networkAcls, [acl.name]: acl } };
}

export function withoutNetworkAcl({ networkAcls = {}, ...vpc }: Vpc, name: string): Vpc {
  const others = without(networkAcls, name);
  return Object.keys(others).length === 0 ? vpc : { ...vpc, networkAcls: others };
}

export function withNatGateway(vpc: Vpc, gateway: NatGateway): Vpc {
  return { ...vpc, natGateways: { ...vpc.natGateways, [gateway.name]: gateway } };
}

export function withoutNatGateway({ natGateways = {}, ...vpc }: Vpc, name: string): Vpc {
  const others = without(natGateways, name);
  return Object.keys(others).length === 0 ? vpc : { ...vpc, natGateways: others };
}

export function withElasticIp(world: World, elasticIp: ElasticIp): World {
  return { ...world, elasticIps: { ...world.elasticIps, [elasticIp.name]: elasticIp } };
}

export function withoutElasticIp({ elasticIps = {}, ...world }: World, name: string): World {
  const others = without(elasticIps, name);
  return Object.keys(others).length === 0 ? world : { ...world, elasticIps: others };
}

/** The smallest number from `first` that is not used. */
export function smallestFree(used: Iterable<number>, first: number): number {
  const taken = new Set(used);
  let number = first;
  while (taken.has(number)) number++;
  return number;
}

function without<T>(record: Readonly<Record<string, T>>, name: string): Readonly<Record<string, T>> {
  const { [name]: _, ...rest } = record;
  return rest;
}
