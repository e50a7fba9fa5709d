import { tryParseIpv4, type Ipv4 } from "../model/cidr.ts";
import { refuseProblems, VpcctlError, type Problem } from "../model/errors.ts";
import type { ElasticIp, NatGateway } from "../model/gateways.ts";
import { requireElasticIp, requireSubnet, requireVpc } from "../model/lookup.ts";
import { findNamed, type Subnet, type Vpc, type World } from "../model/world.ts";
import { nameProblems } from "./check-input.ts";
import { freeHostAddress, hostAddressProblem, noFreeAddress } from "./free-host-address.ts";
import { newPublicAddress } from "./instance-public-address.ts";
import { sayOwner } from "./public-address.ts";
import { withElasticIp, withNatGateway, withoutElasticIp, withoutNatGateway, withVpc } from "./replace.ts";

export interface CreateNatGatewayInput {
  readonly vpc: string;
  readonly subnet: string;
  readonly name: string;
  /** Allocated when absent, and then released with the gateway. */
  readonly elasticIp?: string;
  /** The lowest free address of the subnet when absent. */
  readonly ip?: string;
}

/**
 * A NAT gateway in a subnet, which works as soon as that subnet's route table leads to an internet gateway. The same again is no change.
 * Throws InvalidParameterValue, InvalidNatGateway.Duplicate, Resource.AlreadyAssociated, InvalidIPAddress.InUse,
 * InsufficientFreeAddressesInSubnet, AddressLimitExceeded, and NotFound codes of VPC, subnet and Elastic IP.
 */
export function createNatGateway(world: World, input: CreateNatGatewayInput): World {
  const wished = input.ip === undefined ? undefined : tryParseIpv4(input.ip);
  refuseProblems([...nameProblems("NAT gateway", input.name), ...(wished !== undefined && "problem" in wished ? [wished.problem] : [])]);
  const vpc = requireVpc(world, input.vpc);
  const subnet = requireSubnet(vpc, input.subnet);
  const existing = findNamed(vpc.natGateways, input.name);
  if (existing !== undefined) {
    refuseOther(vpc, existing, input);
    return world;
  }
  const asked = input.elasticIp === undefined ? undefined : requireElasticIp(world, input.elasticIp);
  const { address, problems } = placeIn(vpc, subnet, wished !== undefined && "value" in wished ? wished.value : undefined);
  refuseProblems([...problems, ...takenProblems(asked)]);
  if (address === undefined) return world;

  const elasticIp: ElasticIp = asked ?? { name: freeName(world, input), address: newPublicAddress(world), automatic: true };
  const gateway: NatGateway = { name: input.name, subnet: subnet.name, address, elasticIp: elasticIp.name, publicAddress: elasticIp.address };
  const owned = withElasticIp(world, { ...elasticIp, association: { vpc: vpc.name, natGateway: input.name } });
  return withVpc(owned, withNatGateway(vpc, gateway));
}

function placeIn(vpc: Vpc, subnet: Subnet, wish: Ipv4 | undefined): { address: Ipv4 | undefined; problems: Problem[] } {
  if (wish === undefined) {
    const address = freeHostAddress(vpc, subnet);
    return { address, problems: address === undefined ? [noFreeAddress(vpc, subnet)] : [] };
  }
  const problem = hostAddressProblem(vpc, subnet, wish);
  return { address: wish, problems: problem === undefined ? [] : [problem] };
}

function takenProblems(elasticIp: ElasticIp | undefined): Problem[] {
  if (elasticIp?.association === undefined) return [];
  const message = `Elastic IP ${elasticIp.name} (${elasticIp.address}) belongs to ${sayOwner(elasticIp.association)}.`;
  return [{ code: "Resource.AlreadyAssociated", message, hint: "Choose another, or none: then one is allocated." }];
}

/** For the Elastic IP that nobody named: after its gateway, cut to what a name may have, with a number when it is taken. */
function freeName(world: World, { vpc, name }: CreateNatGatewayInput): string {
  const whole = `${vpc}-${name}`;
  for (let n = 1; ; n++) {
    const suffix = n === 1 ? "" : `-${n}`;
    const candidate = `${whole.slice(0, 63 - suffix.length).replace(/-+$/, "")}${suffix}`;
    if (findNamed(world.elasticIps, candidate) === undefined) return candidate;
  }
}

function refuseOther(vpc: Vpc, gateway: NatGateway, input: CreateNatGatewayInput): void {
  const aspects: readonly (readonly [what: string, is: string, asked: string])[] = [
    ["subnet", gateway.subnet, input.subnet],
    ["Elastic IP", gateway.elasticIp, input.elasticIp ?? gateway.elasticIp],
    ["address", gateway.address, input.ip ?? gateway.address],
  ];
  const differences = aspects.filter(([, is, asked]) => is !== asked).map(([what, is, asked]) => `${what} ${is}, not ${asked}`);
  if (differences.length === 0) return;
  throw new VpcctlError({
    code: "InvalidNatGateway.Duplicate",
    message: `NAT gateway ${vpc.name}/${gateway.name} exists with ${differences.join("; ")}.`,
    hint: `Choose another name, or take it away first: vpcctl delete-nat-gateway ${vpc.name} ${gateway.name}`,
  });
}

export interface NatGatewayInput {
  readonly vpc: string;
  readonly name: string;
}

/** Takes a NAT gateway away; routes to it stay and lead nowhere. One that does not exist is no change. Throws InvalidVpcID.NotFound. */
export function deleteNatGateway(world: World, { vpc: vpcName, name }: NatGatewayInput): World {
  const vpc = requireVpc(world, vpcName);
  return findNamed(vpc.natGateways, name) === undefined ? world : withoutNatGateways(world, vpc, (gateway) => gateway.name === name);
}

/** The World without these NAT gateways of the VPC; Elastic IPs that were allocated for them are released. */
export function withoutNatGateways(world: World, vpc: Vpc, goes: (gateway: NatGateway) => boolean): World {
  let changed = world;
  let left = vpc;
  for (const gateway of Object.values(vpc.natGateways ?? {})) {
    if (!goes(gateway)) continue;
    left = withoutNatGateway(left, gateway.name);
    const { association: _, ...elasticIp } = requireElasticIp(changed, gateway.elasticIp);
    changed = elasticIp.automatic === true ? withoutElasticIp(changed, elasticIp.name) : withElasticIp(changed, elasticIp);
  }
  return left === vpc ? world : withVpc(changed, left);
}
