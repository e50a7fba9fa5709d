import { VpcctlError } from "../model/errors.ts";
import type { NatGateway } from "../model/gateways.ts";
import { instancesOf, type Instance } from "../model/instance.ts";
import { requireVpc } from "../model/lookup.ts";
import { findSubnet, publicTable, type Vpc, type World } from "../model/world.ts";
import { withoutIdleInternet } from "./disable-internet.ts";
import { withoutFaultsAt } from "./fault.ts";
import { withoutNatGateways } from "./nat-gateway.ts";
import { withoutPublicAddressAt } from "./public-address.ts";
import { withoutSubnet, withVpc } from "./replace.ts";
import { terminated } from "./terminate-instance.ts";

export interface DeleteSubnetInput {
  readonly vpc: string;
  readonly name: string;
  /** Takes the instances and NAT gateways in it away first. */
  readonly force?: boolean;
}

/**
 * Takes a subnet away, public or not; unless forced, only one without instances and NAT gateways. One that does not exist is no change, so a delete can be
 * run again. Throws InvalidVpcID.NotFound, and DependencyViolation with the whole list.
 */
export function deleteSubnet(world: World, { vpc: vpcName, name, force = false }: DeleteSubnetInput): World {
  const vpc = requireVpc(world, vpcName);
  const subnet = findSubnet(vpc, name);
  if (subnet === undefined) return world;
  const instances = instancesIn(vpc, name);
  const gateways = Object.values(vpc.natGateways ?? {}).filter((gateway) => gateway.subnet === name);
  if (instances.length + gateways.length > 0 && !force) refuse(vpcName, name, instances, gateways);
  const unmanned = instances.length === 0 ? world : terminated(world, vpc, new Set(instances.map((instance) => instance.name)));
  const emptied = withoutNatGateways(unmanned, requireVpc(unmanned, vpcName), (gateway) => gateway.subnet === name);
  // So that its Elastic IP is nobody's.
  const cleared = withoutPublicAddressAt(emptied, { vpc: vpcName, subnet: name });
  const changed = withoutFaultsAt(withoutSubnet(requireVpc(cleared, vpcName), name), (place) => "subnet" in place && place.subnet === name);
  return withVpc(cleared, subnet.routeTable === publicTable ? withoutIdleInternet(changed) : changed);
}

export function instancesIn(vpc: Vpc, subnet: string): readonly Instance[] {
  return instancesOf(vpc).filter((instance) => instance.subnet === subnet);
}

function refuse(vpc: string, subnet: string, instances: readonly Instance[], gateways: readonly NatGateway[]): never {
  const parts = [
    ...(instances.length === 0 ? [] : [instances.length === 1 ? "an instance" : `${instances.length} instances`]),
    ...(gateways.length === 0 ? [] : [gateways.length === 1 ? "a NAT gateway" : `${gateways.length} NAT gateways`]),
  ];
  const isOne = instances.length + gateways.length === 1;
  throw new VpcctlError({
    code: "DependencyViolation",
    message: `Subnet ${vpc}/${subnet} is not empty: ${parts.join(" and ")} ${isOne ? "is" : "are"} in it.`,
    hint: `To take it away with them: vpcctl delete-subnet ${vpc} ${subnet} --force`,
    details: [
      ...instances.map(({ name, address }) => `instance ${vpc}/${name} (${address})`),
      ...gateways.map(({ name, publicAddress }) => `NAT gateway ${vpc}/${name} (${publicAddress})`),
    ],
  });
}
