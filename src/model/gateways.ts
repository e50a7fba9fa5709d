import { isCidr4, type Ipv4 } from "./cidr.ts";
import { routesInForce } from "./routes-in-force.ts";
import { findSubnet, routeTableOf, type Vpc, type World } from "./world.ts";

/** A public address that is kept until it is released, whoever has it. */
export interface ElasticIp {
  readonly name: string;
  readonly address: Ipv4;
  /** Allocated for a NAT gateway that was made without one, and released with it. */
  readonly automatic?: true;
  /** Who has it; the address stands there as well, as its `publicAddress`. */
  readonly association?: AddressOwner;
}

export type AddressOwner = { readonly vpc: string } & (
  | { readonly instance: string }
  | { readonly natGateway: string }
  /** The subnet's own namespace. */
  | { readonly subnet: string }
);

/** Lets private subnets out under its Elastic IP; nobody gets in by it. */
export interface NatGateway {
  readonly name: string;
  /** A public subnet, which it stands in. */
  readonly subnet: string;
  /** Its address in that subnet. The next hop of the routes that lead to it. */
  readonly address: Ipv4;
  /** Name of its Elastic IP. */
  readonly elasticIp: string;
  readonly publicAddress: Ipv4;
}

/** Can the VPC have a way to the world by IPv6: has it IPv6, and a gateway of either kind? */
export const leadsOutside6 = ({ ipv6Cidr, internetGateway, egressOnlyInternetGateway }: Vpc): boolean =>
  ipv6Cidr !== undefined && (internetGateway || egressOnlyInternetGateway === true);

/** Does a public address of this subnet work, that of a NAT gateway too: does a route of IPv4 lead from it to an internet gateway? */
export function hasWayOut(world: World, vpc: Vpc, subnetName: string): boolean {
  const subnet = findSubnet(vpc, subnetName);
  const table = subnet && routeTableOf(vpc, subnet);
  if (table === undefined || !vpc.internetGateway) return false;
  return routesInForce(world, vpc, table).some(({ destination, target }) => isCidr4(destination) && target.kind === "internet-gateway");
}

/** Has the VPC a wire to the host? */
export const leadsOutside = (vpc: Vpc): boolean => vpc.internetGateway || leadsOutside6(vpc);
