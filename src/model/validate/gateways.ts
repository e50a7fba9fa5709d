import { isReserved } from "../addresses.ts";
import { cidrRange, containsAddress, tryParseCidr4, tryParseIpv4, type Ipv4 } from "../cidr.ts";
import type { AddressOwner } from "../gateways.ts";
import { instancesOf } from "../instance.ts";
import { isGivable, longestPoolPrefix, publicPoolOf } from "../public-pool.ts";
import { findInstance, findNamed, findSubnet, findVpc, type Vpc, type World } from "../world.ts";
import { checkRecord, isRecord, type Fields, type Problems } from "./checks.ts";

/** Checks the gateways of a VPC for themselves, and what its subnets say of public addresses. */
export function checkGateways(vpc: Fields, subnets: readonly Fields[], path: string, problems: Problems): void {
  const egressOnly = vpc["egressOnlyInternetGateway"];
  if (egressOnly !== undefined && egressOnly !== true) problems.add(`${path}.egressOnlyInternetGateway`, "is not true");
  for (const subnet of subnets) {
    const { mapPublicIp, publicAddress } = subnet;
    const subnetPath = `${path}.subnets.${String(subnet["name"])}`;
    if (mapPublicIp !== undefined && mapPublicIp !== true) problems.add(`${subnetPath}.mapPublicIp`, "is not true");
    if (publicAddress !== undefined) checkIpv4(publicAddress, `${subnetPath}.publicAddress`, problems);
  }
  if (vpc["natGateways"] !== undefined) checkRecord(vpc["natGateways"], `${path}.natGateways`, "NAT gateway", problems, checkNatGateway);
}

function checkNatGateway(gateway: Fields, path: string, problems: Problems): void {
  for (const field of ["subnet", "elasticIp"]) if (typeof gateway[field] !== "string") problems.add(`${path}.${field}`, "is not a name");
  for (const field of ["address", "publicAddress"]) checkIpv4(gateway[field], `${path}.${field}`, problems);
}

/** Checks the World's own part for itself. */
export function checkPublicSide(world: Fields, problems: Problems): void {
  const { publicPool: pool, elasticIps } = world;
  const parsed = typeof pool === "string" ? tryParseCidr4(pool) : undefined;
  const isPool = parsed !== undefined && "value" in parsed && cidrRange(parsed.value).prefix <= longestPoolPrefix;
  if (pool !== undefined && !isPool) problems.add("publicPool", `is not a CIDR block of a /${longestPoolPrefix} or more`);
  if (elasticIps === undefined) return;
  checkRecord(elasticIps, "elasticIps", "Elastic IP", problems, (elasticIp, path) => {
    checkIpv4(elasticIp["address"], `${path}.address`, problems);
    if (elasticIp["automatic"] !== undefined && elasticIp["automatic"] !== true) problems.add(`${path}.automatic`, "is not true");
    if (elasticIp["association"] !== undefined && !isRecord(elasticIp["association"])) problems.add(`${path}.association`, "is not an object");
  });
}

function checkIpv4(value: unknown, path: string, problems: Problems): void {
  const parsed = typeof value === "string" ? tryParseIpv4(value) : undefined;
  if (parsed === undefined || "problem" in parsed) problems.add(path, "is not an IPv4 address");
}

/** What needs the VPC as a whole, which is sound as far as shapes go. */
export function checkNatGatewayPlaces(vpc: Vpc, path: string, problems: Problems): void {
  const owners = new Map<string, string>(instancesOf(vpc).map(({ address, name }) => [address, name]));
  for (const { name, subnet: subnetName, address } of Object.values(vpc.natGateways ?? {})) {
    const subnet = findSubnet(vpc, subnetName);
    if (subnet === undefined) problems.add(`${path}.${name}.subnet`, `names ${subnetName}, which does not exist`);
    else if (!containsAddress(subnet.cidr, address) || isReserved(subnet.cidr, address)) {
      problems.add(`${path}.${name}.address`, `is ${address}, which nobody in ${subnetName} may have`);
    }
    const owner = owners.get(address);
    if (owner !== undefined) problems.add(`${path}.${name}.address`, `is ${address}, which ${owner} has`);
    owners.set(address, name);
  }
}

/** What needs the whole World: public addresses are of the pool, each has one owner, and an Elastic IP and its owner know each other. */
export function checkPublicAddresses(world: World, problems: Problems): void {
  const pool = publicPoolOf(world);
  const owners = new Map<string, string>();
  const claim = (address: Ipv4, owner: string, path: string): void => {
    const other = owners.get(address);
    if (other !== undefined) problems.add(path, `is ${address}, which ${other} has`);
    if (!containsAddress(pool, address) || !isGivable(pool, address)) problems.add(path, `is ${address}, which the pool ${pool} has not to give`);
    owners.set(address, owner);
  };
  const elastic = new Set<string>();
  for (const { name, address, association } of Object.values(world.elasticIps ?? {})) {
    claim(address, `Elastic IP ${name}`, `elasticIps.${name}.address`);
    if (association === undefined) continue;
    if (publicAddressOf(world, association) === address) elastic.add(pathOf(association));
    else problems.add(`elasticIps.${name}.association`, `names one that does not have ${address}`);
  }
  for (const [path, address] of ownersIn(world)) {
    if (elastic.has(path)) continue;
    if (path.includes(".natGateways.")) problems.add(path, "has no Elastic IP");
    else claim(address, path, `${path}.publicAddress`);
  }
}

function* ownersIn(world: World): Generator<readonly [path: string, address: Ipv4]> {
  for (const vpc of Object.values(world.vpcs)) {
    const parts = { subnets: vpc.subnets, instances: vpc.instances, natGateways: vpc.natGateways };
    for (const [kind, record] of Object.entries(parts)) {
      for (const { name, publicAddress } of Object.values(record ?? {})) {
        if (publicAddress !== undefined) yield [`vpcs.${vpc.name}.${kind}.${name}`, publicAddress];
      }
    }
  }
}

function pathOf(owner: AddressOwner): string {
  const place = "instance" in owner ? `instances.${owner.instance}` : "subnet" in owner ? `subnets.${owner.subnet}` : `natGateways.${owner.natGateway}`;
  return `vpcs.${owner.vpc}.${place}`;
}

function publicAddressOf(world: World, owner: AddressOwner): Ipv4 | undefined {
  const vpc = findVpc(world, owner.vpc);
  if (vpc === undefined) return undefined;
  if ("instance" in owner) return findInstance(vpc, owner.instance)?.publicAddress;
  return ("subnet" in owner ? findSubnet(vpc, owner.subnet) : findNamed(vpc.natGateways, owner.natGateway))?.publicAddress;
}
