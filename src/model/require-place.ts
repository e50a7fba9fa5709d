import { VpcctlError } from "./errors.ts";
import type { FaultPlace } from "./fault.ts";
import { notFound, requireInstance, requireSubnet } from "./lookup.ts";
import { quote } from "./quote.ts";
import { findInstance, findSubnet, type Vpc } from "./world.ts";

/**
 * The place that a user means by `SUBNET`, `INSTANCE` or `SUBNET/INSTANCE`. Where a subnet and an instance have one name, it is the subnet.
 * Throws InvalidSubnetID.NotFound, InvalidInstanceID.NotFound.
 */
export function requirePlace(vpc: Vpc, text: string): FaultPlace {
  const slash = text.indexOf("/");
  if (slash < 0) {
    if (findSubnet(vpc, text) !== undefined) return { subnet: text };
    if (findInstance(vpc, text) !== undefined) return { instance: text };
    const message = `VPC ${vpc.name} has no subnet or instance ${quote(text)}.`;
    return notFound("InvalidSubnetID.NotFound", message, { ...vpc.subnets, ...vpc.instances }, `vpcctl describe ${vpc.name}`);
  }
  const subnet = requireSubnet(vpc, text.slice(0, slash));
  const instance = requireInstance(vpc, text.slice(slash + 1));
  if (instance.subnet === subnet.name) return { instance: instance.name };
  throw new VpcctlError({
    code: "InvalidInstanceID.NotFound",
    message: `Instance ${vpc.name}/${instance.name} is not in subnet ${subnet.name} but in ${instance.subnet}.`,
    hint: `Write ${instance.subnet}/${instance.name}.`,
  });
}
