// How a verb makes a new World: copy the records on the way to the change, share all else. The keys keep their order.
import type { NetworkAcl } from "../model/network-acl.ts";
import type { Instance } from "../model/instance.ts";
import type { RouteTable, Subnet, Vpc, World } from "../model/world.ts";

/** The World with this VPC in place of the one with its name, or added. */
export function withVpc(world: World, vpc: Vpc): World {
  return { ...world, vpcs: { ...world.vpcs, [vpc.name]: vpc } };
}

export function withoutVpc(world: World, name: string): World {
  return { ...world, vpcs: without(world.vpcs, name) };
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

export function withNetworkAcl(vpc: Vpc, acl: NetworkAcl): Vpc {
  return { ...vpc, networkAcls: { ...vpc.networkAcls, [acl.name]: acl } };
}

export function withoutNetworkAcl({ networkAcls = {}, ...vpc }: Vpc, name: string): Vpc {
  const others = without(networkAcls, name);
  return Object.keys(others).length === 0 ? vpc : { ...vpc, networkAcls: others };
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
