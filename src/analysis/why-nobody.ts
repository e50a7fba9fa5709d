// An address that no attachment has: whose it is, or that it is nobody's, in one sentence.
import { routerAddress } from "../model/addresses.ts";
import type { Ip } from "../model/cidr-any.ts";
import type { NatGateway } from "../model/gateways.ts";
import { peeringBetween } from "../model/peering.ts";
import type { Vpc, World } from "../model/world.ts";
import { isInVpc, publicOwner } from "./addresses-of.ts";
import type { Place } from "./place.ts";

export function whyNobody(world: World, from: Place, address: Ip): string {
  const near = from.kind === "attachment" ? vpcsNear(world, from.vpc) : [];
  const within = near.find((vpc) => isInVpc(vpc, address));
  const outside = within === undefined ? publicOwner(world, address) : undefined;
  const vpc = within ?? outside?.vpc;
  const gateway = vpc && Object.values(vpc.natGateways ?? {}).find((one) => one.address === address || one.publicAddress === address);
  if (vpc !== undefined && gateway !== undefined) return sayGateway(vpc, gateway, address);
  const isRouter = Object.values(within?.subnets ?? {}).some(({ cidr }) => routerAddress(cidr) === address);
  if (isRouter) return `${address} is the router's of VPC ${within?.name}, which answers its own VPC only.`;
  return `Nobody has the address ${address}.`;
}

const vpcsNear = (world: World, vpc: Vpc): Vpc[] =>
  [vpc, ...Object.values(world.vpcs).filter(({ name }) => peeringBetween(world, vpc.name, name) !== undefined)];

const sayGateway = (vpc: Vpc, { name }: NatGateway, address: Ip): string => `${address} is that of NAT gateway ${vpc.name}/${name}, which lets nobody in.`;
