import { VpcctlError } from "../model/errors.ts";
import { instancesOf, type Instance } from "../model/instance.ts";
import { requireVpc } from "../model/lookup.ts";
import { findSubnet, type Vpc, type World } from "../model/world.ts";
import { withoutIdleInternet } from "./disable-internet.ts";
import { withoutFaultsAt } from "./fault.ts";
import { withoutPublicAddressAt } from "./public-address.ts";
import { withoutSubnet, withVpc } from "./replace.ts";
import { terminated } from "./terminate-instance.ts";

export interface DeleteSubnetInput {
  readonly vpc: string;
  readonly name: string;
  /** Terminates the instances in it first. */
  readonly force?: boolean;
}

/**
 * Takes a subnet away, public or not; unless forced, only one without instances. One that does not exist is no change, so a delete can be
 * run again. Throws InvalidVpcID.NotFound, and DependencyViolation with the whole list.
 */
export function deleteSubnet(world: World, { vpc: vpcName, name, force = false }: DeleteSubnetInput): World {
  const vpc = requireVpc(world, vpcName);
  if (findSubnet(vpc, name) === undefined) return world;
  const instances = instancesIn(vpc, name);
  if (instances.length > 0 && !force) refuse(vpcName, name, instances);
  const emptied = instances.length === 0 ? world : terminated(world, vpc, new Set(instances.map((instance) => instance.name)));
  // So that its Elastic IP is nobody's.
  const cleared = withoutPublicAddressAt(emptied, { vpc: vpcName, subnet: name });
  const changed = withoutFaultsAt(withoutSubnet(requireVpc(cleared, vpcName), name), (place) => "subnet" in place && place.subnet === name);
  return withVpc(cleared, withoutIdleInternet(changed));
}

export function instancesIn(vpc: Vpc, subnet: string): readonly Instance[] {
  return instancesOf(vpc).filter((instance) => instance.subnet === subnet);
}

function refuse(vpc: string, subnet: string, instances: readonly Instance[]): never {
  throw new VpcctlError({
    code: "DependencyViolation",
    message: `Subnet ${vpc}/${subnet} is not empty: ${instances.length === 1 ? "an instance is" : `${instances.length} instances are`} in it.`,
    hint: `To take it away with them: vpcctl delete-subnet ${vpc} ${subnet} --force`,
    details: instances.map(({ name, address }) => `instance ${vpc}/${name} (${address})`),
  });
}
